"""How the URLs of guests, partners and the place one works in are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_guests import guest, let_in


def sue(cast: Cast) -> list[Any]:
    return [guest(cast, cast.sue, cast.north).pk]


def partner(cast: Cast) -> list[Any]:
    return [let_in(cast).pk]


ROWS: list[Row] = [
    Row(name="place:start", data={"organization": "0"}, ada=(409,), dana=409, bob=409),
    Row(name="place:home", data={}, ada=(302,), dana=302, bob=302),
    Row(name="place:choose", dana=200, bob=200),
    Row(name="account:organizations", dana=200, bob=200),
    Row(name="guests:list", dana=200),
    Row(name="guests:invite"),
    Row(name="guests:grant-partner"),
    Row(name="guests:edit", target=sue, data={"role": "0", "until": ""}, ada=(422,)),
    Row(name="guests:revoke", target=sue, data={}, ada=(302,)),
    Row(name="guests:revoke-partner", target=partner, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {
    f"account:{name}-guest": "users/tests/test_guests: an invitation and a membership of somebody else"
    for name in ("accept", "decline", "leave")
}
