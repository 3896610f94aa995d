"""How the URLs of devices are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.devices.models import Device
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_devices import cellar, event_of, tag_of


def device(cast: Cast) -> list[Any]:
    return [cellar(cast).pk]


def deactivated(cast: Cast) -> list[Any]:
    with staging():
        Device.objects.filter(pk=cellar(cast).pk).update(deactivated_at=clock.now())
    return device(cast)


def tagged(cast: Cast) -> list[Any]:
    return [cellar(cast).pk, tag_of(cast).pk]


def serial(cast: Cast) -> list[Any]:
    return [cellar(cast).pk, "serial"]


def event(cast: Cast) -> list[Any]:
    return [event_of(cellar(cast)).pk]


def resolved(cast: Cast) -> list[Any]:
    return [event_of(cellar(cast), resolved_at=clock.now()).pk]


def archived(cast: Cast) -> list[Any]:
    return [event_of(cellar(cast), archived_at=clock.now()).pk]


ROWS = [
    Row(name="devices:list", dana=200),
    Row(name="devices:map", dana=200),
    Row(name="devices:count", dana=200),
    Row(name="devices:choices", dana=200),
    Row(name="devices:columns", data={"column": ["status"]}, ada=(302,), dana=302),
    *(Row(name=f"devices:{tab}", target=device, dana=200) for tab in ("detail", "metadata", "access", "log")),
    *(Row(name=f"devices:{part}", target=device, dana=200) for part in ("connection", "header", "menu")),
    Row(name="devices:timeline", target=device),
    Row(name="devices:rename", target=device, data={"name": "Attic"}, ada=(302,)),
    Row(name="devices:deactivate", target=device, data={"reason": ""}, ada=(302,)),
    Row(name="devices:activate", target=deactivated, data={}, ada=(302,)),
    Row(name="devices:tag-choices", target=device),
    Row(name="devices:add-tag", target=tagged, data={}, ada=(302,)),
    Row(name="devices:remove-tag", target=tagged, data={}, ada=(302,)),
    Row(name="devices:edit-field", target=serial, data={"value": "SN 1"}, ada=(302,)),
    Row(name="devices:comment-event", target=event, data={"text": "Seen."}, ada=(302,)),
    Row(name="devices:resolve-event", target=event, data={}, ada=(302,)),
    Row(name="devices:reset-event", target=resolved, data={}, ada=(302,)),
    Row(name="devices:archive-event", target=event, data={}, ada=(302,)),
    Row(name="devices:restore-event", target=archived, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
