"""How the URLs of lookup, activity and the log of one person are attacked."""

from fleetfolk.config.tests.rows import Row, cleo

ROWS: list[Row] = [
    Row(name="actionlog:own-days", dana=200, bob=200),
    Row(name="account:export-log", dana=200, bob=200),
    Row(name="lookup:home", query={"q": "cleo"}, dana=200),
    Row(name="lookup:person", target=cleo, dana=200),
    Row(name="users:activity-chart", target=cleo, dana=200),
    Row(name="users:latest", target=cleo, dana=200),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {
    "actionlog:own-entry": "actionlog/tests/test_person_log.py",
}
