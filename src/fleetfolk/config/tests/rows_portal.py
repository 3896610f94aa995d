"""How the URLs of the own account are attacked."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = [
    Row(name="account:profile", dana=200, bob=200),
    Row(name="account:theme", data={"theme": "dark"}, ada=(302,), dana=302, bob=302),
    Row(name="account:action-log", dana=200, bob=200),
    Row(name="account:security", dana=200, bob=200),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
