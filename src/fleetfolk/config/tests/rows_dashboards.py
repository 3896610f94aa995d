"""How the URLs of dashboards and live pages are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.devices.models import Datastream
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of, template_of


def device(cast: Cast) -> list[Any]:
    return [device_of(cast.north)[0].pk]


def stream(cast: Cast) -> list[Any]:
    power = Datastream.objects.get(template=template_of(cast.lumen), pin=0)
    return [*device(cast), power.pk]


ROWS: list[Row] = [
    Row(name="mydevices:detail", target=device, dana=200, bob=404),
    Row(name="mydevices:timeline", target=device, bob=404),
    Row(name="mydevices:people", target=device, dana=200, bob=404),
    Row(name="mydevices:about", target=device, dana=200, bob=404),
    Row(name="mydevices:history", target=stream, dana=302, bob=404, ada=(302,)),
    Row(name="mydevices:command", target=stream, data={"value": "1"}, ada=(302,), bob=404),
]
PUBLIC: dict[str, str] = {
    f"portal:{name}": "holds nothing of anybody; portal/tests/test_app.py"
    for name in ("manifest", "service-worker", "offline")
}
ELSEWHERE: dict[str, str] = {}
