"""How the URLs of acts on many are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_bulk import done, drafted


def draft(cast: Cast) -> list[Any]:
    return [drafted(cast).pk]


def ended(cast: Cast) -> list[Any]:
    return [done(cast).pk]


ROWS: list[Row] = [
    Row(name="bulk:job", target=ended, dana=404),
    Row(name="bulk:start", target=draft, data={"reason": ""}, ada=(302,), dana=404),
    Row(name="bulk:undo", target=ended, data={}, ada=(302,)),
    Row(name="bulk:again", target=ended, data={}, ada=(409,), dana=404),
    Row(name="bulk:report", target=ended, dana=404),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {"bulk:choose": "users/tests/test_bulk.py: it is about whoever is chosen"}
