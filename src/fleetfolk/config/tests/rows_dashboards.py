"""How the URLs of dashboards and live pages are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.devices.models import Datastream
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.samples_activation import gift_in_north


def device(cast: Cast) -> list[Any]:
    return [device_of(cast.north)[0].pk]


def stream(cast: Cast) -> list[Any]:
    power = Datastream.objects.get(template=template_of(cast.lumen), pin=0)
    return [*device(cast), power.pk]


def owned(cast: Cast) -> list[Any]:
    return [device_of(cast.north, owner=cast.cleo)[0].pk]


def offered(cast: Cast) -> list[Any]:
    return [gift_in_north(cast, cast.ada).pk]


ROWS: list[Row] = [
    Row(name="notices:own", dana=200, bob=200),
    Row(name="settings:branding"),
    Row(name="settings:branding-preview", query={"name": "Lumen", "colour": "#0f766e"}),
    Row(name="settings:branding-style", query={"colour": "#0f766e"}),
    Row(name="mydevices:detail", target=device, dana=200, bob=404),
    Row(name="mydevices:timeline", target=device, bob=404),
    Row(name="mydevices:people", target=device, dana=200, bob=404),
    Row(name="mydevices:about", target=device, dana=200, bob=404),
    Row(name="mydevices:give", target=owned, data={"email": "nina@new.example"}, ada=(302,), bob=404),
    Row(name="mydevices:withdraw", target=offered, data={}, ada=(302,), bob=404),
    Row(name="mydevices:remove", target=owned, data={}, ada=(302,), bob=404),
    Row(name="mydevices:accept", target=offered, data={}, ada=(302,), dana=404, bob=404),
    Row(name="mydevices:decline", target=offered, data={}, ada=(302,), dana=404, bob=404),
    Row(name="mydevices:history", target=stream, dana=302, bob=404, ada=(302,)),
    Row(name="mydevices:command", target=stream, data={"value": "1"}, ada=(302,), bob=404),
]
PUBLIC: dict[str, str] = {
    "notices:mail-off": "the token in a mail says whose; devices/tests/test_event_mails.py",
    "brand:file": "a tenant shows it to everybody; organizations/tests/test_branding.py",
    **{
        f"portal:{name}": "holds nothing of anybody; portal/tests/test_app.py"
        for name in ("manifest", "service-worker", "offline")
    },
}
ELSEWHERE: dict[str, str] = {}
