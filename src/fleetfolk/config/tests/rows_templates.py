"""How the URLs of templates are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.devices.models import Template
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import template_of
from fleetfolk.testing.samples_templates import archived, enabled_in_north, metadata_field


def pump(cast: Cast) -> list[Any]:
    return [template_of(cast.lumen).pk]


def old(cast: Cast) -> list[Any]:
    return [archived(cast).pk]


def unused(cast: Cast) -> list[Any]:
    return [template_of(cast.lumen, "Never made").pk]


def pump_in_north(cast: Cast) -> list[Any]:
    template = enabled_in_north(cast)
    return [template.pk, cast.north.pk]


def pump_for_north(cast: Cast) -> list[Any]:
    return [template_of(cast.lumen, "Not yet").pk, cast.north.pk]


def note(cast: Cast) -> list[Any]:
    return [_pump(cast).datastreams.get(pin=4).pk]


def leak(cast: Cast) -> list[Any]:
    return [_pump(cast).event_kinds.get(code="leak").pk]


def installer(cast: Cast) -> list[Any]:
    return [metadata_field(cast).pk]


def _pump(cast: Cast) -> Template:
    return template_of(cast.lumen)


_FACTS = {"name": "Warm pump", "icon": "flame", "offline_after": "60"}
_STREAM = {"name": "Humidity", "pin": "9", "kind": "double"}
_FIELD = {"name": "Floor", "kind": "text"}
_EVENT = {"code": "door_open", "name": "Door open", "level": "info"}
_WORD = {"word": "DELETE"}

ROWS: list[Row] = [
    Row(name="templates:list", dana=200),
    Row(name="templates:create", data=_FACTS, ada=(302,)),
    Row(name="templates:import"),
    *(
        Row(name=f"templates:{page}", target=pump, dana=200)
        for page in ("detail", "datastreams", "metadata", "events", "organizations", "export")
    ),
    Row(name="templates:edit", target=pump, data=_FACTS, ada=(302,)),
    Row(name="templates:archive", target=pump, data={}, ada=(302,)),
    Row(name="templates:restore", target=old, data={}, ada=(302,)),
    Row(name="templates:delete", target=unused, data=_WORD, ada=(302,)),
    Row(name="templates:enable", target=pump, data={"organization": "North"}, ada=(302,)),
    Row(name="templates:enable-again", target=pump_for_north, data={}, ada=(302,)),
    Row(name="templates:create-datastreams", target=pump, data=_STREAM, ada=(302,)),
    Row(name="templates:edit-datastreams", target=note, data=_STREAM, ada=(302,)),
    Row(name="templates:delete-datastreams", target=note, data=_WORD, ada=(302,)),
    Row(name="templates:create-metadata", target=pump, data=_FIELD, ada=(302,)),
    Row(name="templates:edit-metadata", target=installer, data=_FIELD, ada=(302,)),
    Row(name="templates:delete-metadata", target=installer, data=_WORD, ada=(302,)),
    Row(name="templates:create-events", target=pump, data=_EVENT, ada=(302,)),
    Row(name="templates:edit-events", target=leak, data=_EVENT, ada=(302,)),
    Row(name="templates:delete-events", target=leak, data=_WORD, ada=(302,)),
    # North's people may see it there, and the people of Familie Berg below; nobody beside or without the right.
    Row(name="templates:disable", target=pump_in_north, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
