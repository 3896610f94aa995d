"""How the URLs of remote assistance are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_assistance import REASON, assisted, consented, customer

_START = {"mode": "view", "reason": REASON, "minutes": "30"}


def _carl(cast: Cast) -> list[Any]:
    return [customer(cast).pk]


def _willing(cast: Cast) -> list[Any]:
    return [consented(cast).pk]


def _session(cast: Cast) -> list[Any]:
    return [assisted(cast)[1].public_id]


ROWS: list[Row] = [
    Row(name="assistance:list"),
    Row(name="assistance:own", dana=200, bob=200),
    Row(name="assistance:dialog", target=_carl),
    Row(name="assistance:waiting", target=_carl),
    Row(name="assistance:ask", target=_carl, data=_START, ada=(302,)),
    Row(name="assistance:start", target=_willing, data=_START, ada=(302,)),
    Row(name="assistance:record", target=_session, dana=404),
    Row(name="assistance:cancel", target=_session, data={}, dana=404, ada=(302,)),
    Row(name="assistance:end", target=_session, data={}, dana=404, ada=(302,)),
    Row(name="assistance:ask-to-act", target=_session, data={}, dana=404, ada=(302,)),
]
PUBLIC: dict[str, str] = {
    f"assistance:{name}": "answering by a link, tested in assistance/tests" for name in ("answer-form", "answer-link")
}
ELSEWHERE: dict[str, str] = {
    "assistance:left": "404 outside of an assistance; assistance/tests",
    **{
        f"assistance:{name}": "one's own, by the signed-in person alone; assistance/tests"
        for name in ("grant", "revoke", "stop", "notice", "answer", "own-record")
    },
}
