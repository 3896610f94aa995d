"""How the pages of directories are attacked. What directories ask with tokens has tests of its own: `scim/tests`."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_scim import directory_of, group_of


def client(cast: Cast) -> list[Any]:
    return [directory_of(cast, cast.north)[0].pk]


def group(cast: Cast) -> list[Any]:
    made, _token = directory_of(cast, cast.north)
    return [made.pk, group_of(made).pk]


def north(cast: Cast) -> list[Any]:
    return [cast.north.pk]


_FORM = {"name": "Okta", "roles": [], "role": "", "creating": "invite", "removal": "deactivate"}

ROWS: list[Row] = [
    Row(name="scim:list", dana=200),
    Row(name="scim:create"),
    Row(name="scim:list-of", target=north, dana=200),
    Row(name="scim:create-of", target=north, data=_FORM, ada=(422,)),
    Row(name="scim:show", target=client, dana=200),
    Row(name="scim:edit", target=client, data=_FORM, ada=(422,)),
    Row(name="scim:rotate", target=client, data={}),
    Row(name="scim:delete", target=client, data={}, ada=(302,)),
    Row(name="scim:assign", target=group, data={"role": ""}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = dict.fromkeys(("scim-root", "scim-door", "scim-slash"), "scim/tests/test_attacks.py")
