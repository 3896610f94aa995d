"""The reference says what the code says."""

from pathlib import Path

import pytest

from fleetfolk.config.reference import pages

FOLDER = Path(__file__).resolve().parents[4] / "docs" / "reference"


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_page_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text() == pages()[name], "run `make reference`"
