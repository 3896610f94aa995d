"""How the URLs of one's own messages are attacked: they are the viewer's own, and nobody else's exist."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = [
    Row(name="inbox:list", dana=200, bob=200),
    Row(name="inbox:count", dana=200, bob=200),
    Row(name="inbox:channels", data={"email": "1"}, ada=(302,), dana=302, bob=302),
]
PUBLIC: dict[str, str] = {"inbox:mail-off": "a signed link in a mail, tested in messages/tests/test_mails.py"}
ELSEWHERE: dict[str, str] = {
    f"inbox:{name}": "messages/tests/test_inbox.py" for name in ("message", "reply", "archive", "restore", "file")
}
