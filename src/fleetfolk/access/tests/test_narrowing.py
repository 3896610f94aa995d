"""What remains of one's rights while one works in an organization: nothing from above it, beside it or elsewhere."""

import pytest

from fleetfolk.access.grants import Grant, held_at
from fleetfolk.kernel.actor import Place
from fleetfolk.organizations.permissions import SWITCH_ORGANIZATIONS

THERE = Place(organization_id=7, path="1.7.", name="North", home=False)
SWITCH = SWITCH_ORGANIZATIONS.code


def grant(path: str, *codes: str, own_within: str = "") -> Grant:
    return Grant(
        path=path, permissions=frozenset(codes), role_name="R", organization_name="O", own_within=own_within, away=True
    )


@pytest.mark.parametrize(
    ("held", "left"),
    [
        ([grant("1.7.", "a")], [("1.7.", {"a"})]),
        ([grant("1.", "a", SWITCH)], [("1.7.", {"a", SWITCH})]),
        ([grant("1.", "a")], []),
        ([grant("1.", "a"), grant("1.7.", "b")], [("1.7.", {"b"})]),
        ([grant("1.7.", "b"), grant("1.8.", "c"), grant("1.70.", "c")], [("1.7.", {"b"})]),
        ([grant("1.7.", "b"), grant("1.7.9.", "c")], [("1.7.", {"b"}), ("1.7.9.", {"c"})]),
        ([grant("1.8.", "a", SWITCH)], []),
        ([grant("1.7.9.", "a")], []),
        ([], []),
    ],
)
def test_only_what_counts_there_and_below_remains(held: list[Grant], left: list[tuple[str, set[str]]]) -> None:
    remaining = held_at(THERE, held)
    assert [(one.path, set(one.permissions)) for one in remaining] == left
    assert all(one.own_within.startswith(THERE.path) for one in remaining)
