"""The filters of a list answer whatever is typed into them."""

import pytest

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn


@pytest.mark.parametrize("address", ["/users/choices/role/", "/devices/choices/template/", "/devices/choices/nothing/"])
@pytest.mark.parametrize("find", ["\0", "  %  ", "x" * 500])
def test_a_filter_in_which_nothing_is_found_says_so(cast: Cast, signed_in: SignedIn, address: str, find: str) -> None:
    answer = signed_in(cast.ada).get(address, {"find": find + "zebra"})
    assert answer.status_code == 200
    assert "None of these" in answer.content.decode()
