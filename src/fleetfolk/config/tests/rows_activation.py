"""How the URLs of activation, ownership and sharing are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_activation import device_in_north, share_with_cleo


def device(cast: Cast) -> list[Any]:
    return [device_in_north(cast).pk]


def share(cast: Cast) -> list[Any]:
    row = share_with_cleo(cast)
    return [row.device_id, row.pk]


_SHARED = {"email": "nina@new.example", "level": "view"}

ROWS: list[Row] = [
    Row(name="sharing:panel", target=device, dana=200),
    Row(name="sharing:share", target=device, data=_SHARED, ada=(302,)),
    Row(name="sharing:edit", target=share, data={"level": "control"}, ada=(302,)),
    Row(name="sharing:revoke", target=share, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {"sharing:leave": "one's own share alone; devices/tests/test_sharing.py"}
