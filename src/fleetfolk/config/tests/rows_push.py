"""How the URLs of pushes are attacked: they are about the viewer's own browsers, and nobody else's exist."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = [
    Row(name="push:on", data={}, ada=(409,), dana=409, bob=409),
    Row(name="push:again", data={"endpoint": "https://fcm.googleapis.com/x"}, dana=200, bob=200),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {"push:off": "messages/tests/test_push_pages.py"}
