"""How the URLs of signing up are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_signup import confirmed, offered


def north(cast: Cast) -> list[Any]:
    offered(cast, cast.north)
    return [cast.north.pk]


def waiting(cast: Cast) -> list[Any]:
    offered(cast, cast.north)
    return [confirmed(cast, cast.north).pk]


SAID = {"mode": "open", "into": "here", "kind": "personal", "pattern": "", "role": "", "domains": ""}

ROWS: list[Row] = [
    Row(name="settings:sign-up"),
    Row(name="settings:sign-up-rotate", data={}, ada=(409,), dana=403),
    Row(name="settings:sign-up-picture", ada=(409,), dana=403),
    Row(name="settings:sign-up-of", target=north, data=SAID, ada=(302,)),
    Row(name="settings:sign-up-picture-of", target=north),
    Row(name="settings:sign-up-rotate-of", target=north, data={}, ada=(302,)),
    Row(name="settings:sign-up-grant", target=waiting, data={}, ada=(302,)),
    Row(name="settings:sign-up-revoke", target=waiting, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {
    f"users:{name}": "for strangers, tested in users/tests/test_sign_up"
    for name in ("sign-up", "sign-up-sent", "sign-up-link", "sign-up-confirm", "sign-up-leave")
}
ELSEWHERE: dict[str, str] = {}
