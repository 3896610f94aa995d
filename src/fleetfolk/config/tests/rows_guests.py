"""How the URLs of guests, partners and the place one works in are attacked."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = [
    Row(name="place:start", data={"organization": "0"}, ada=(409,), dana=409, bob=409),
    Row(name="place:home", data={}, ada=(302,), dana=302, bob=302),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
