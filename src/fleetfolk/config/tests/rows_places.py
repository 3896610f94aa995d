"""How the URLs of locations are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.samples_places import depot


def at(cast: Cast) -> list[Any]:
    return [depot(cast).pk]


def cleo_at(cast: Cast) -> list[Any]:
    return [depot(cast).pk, cast.cleo.pk]


def device_at(cast: Cast) -> list[Any]:
    return [depot(cast).pk, device_of(cast.north)[0].pk]


_SAID = {"name": "Main depot", "address": "", "place": "53.55, 9.99"}

ROWS: list[Row] = [
    Row(name="places:list", dana=200),
    Row(name="places:create", data=_SAID, ada=(302,)),
    Row(name="places:word", data={"word": "site"}, ada=(302,)),
    Row(name="places:detail", target=at, dana=200),
    Row(name="places:edit", target=at, data=_SAID, ada=(302,)),
    Row(name="places:delete", target=at, data={}, ada=(302,)),
    Row(name="places:assign-people", target=at),
    Row(name="places:assign-devices", target=at),
    Row(name="places:remove-person", target=cleo_at, data={}, ada=(302,)),
    Row(name="places:remove-device", target=device_at, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
