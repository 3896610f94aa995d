"""How the URLs of lookup, activity and the log of one person are attacked."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = [
    Row(name="actionlog:own-days", dana=200, bob=200),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {
    "actionlog:own-entry": "actionlog/tests/test_person_log.py",
}
