"""Templates with their parts."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest

from fleetfolk.api.platform.doors import Given, missing, route
from fleetfolk.api.platform.lists import page_of, place_of, require_any
from fleetfolk.api.platform.numbers import EVENTS, METADATA, STREAMS, milliseconds
from fleetfolk.api.platform.organizations import OfOrganizationPaged
from fleetfolk.api.shell import actor_of
from fleetfolk.api.v1.lists import Key
from fleetfolk.devices.models import Datastream, EventKind, MetadataField, StreamKind, Template
from fleetfolk.devices.permissions import VIEW_TEMPLATES
from fleetfolk.devices.template_queries import templates_enabled, templates_seen
from fleetfolk.kernel.perform import LARGEST_KEY

NO_TEMPLATE: Final = "Template is not found or you don't have access to it."
NOT_FOUND: Final = "Template is not found."


class OneTemplate(Given):
    """Which one."""

    template_id: Key


@route("GET", "templates", OfOrganizationPaged, right="templates.view")
def templates(request: HttpRequest, given: OfOrganizationPaged) -> Any:
    """The templates that are enabled for the organization."""
    actor, place = actor_of(request), place_of(request, given.org_id)
    require_any(actor, VIEW_TEMPLATES)
    rows = templates_seen(actor).filter(pk__in=templates_enabled(place).order_by().values("pk"))
    return page_of(rows.order_by("pk"), given, _all)


@route("GET", "template", OneTemplate, right="templates.view")
def template(request: HttpRequest, given: OneTemplate) -> Any:
    """One template."""
    found = _template(request, given.template_id)
    return {
        **_short(found),
        "boardType": found.hardware,
        "connectionType": found.connection.upper(),
        "description": found.description,
        "logoUrl": None,
        "createdAt": milliseconds(found.created_at),
    }


@route("GET", "template/metafields", OneTemplate, right="templates.view")
def metafields(request: HttpRequest, given: OneTemplate) -> Any:
    """The facts that each device of the template carries."""
    rows = MetadataField.objects.filter(template=_template(request, given.template_id)).order_by("position", "pk")
    return [
        {"id": one.pk, "name": one.name, "type": METADATA[one.kind], "description": "", "hint": "", "icon": ""}
        for one in rows
    ]


@route(
    "GET",
    "template/datastreams",
    OneTemplate,
    right="templates.view",
    differs="A number with a comma is `DOUBLE`, one of a list `ENUM`, a switch `INT` from 0 to 1.",
)
def datastreams(request: HttpRequest, given: OneTemplate) -> Any:
    """What devices of the template report and obey."""
    rows = Datastream.objects.filter(template=_template(request, given.template_id)).order_by("pin")
    return [_stream(one) for one in rows]


@route("GET", "template/events", OneTemplate, right="templates.view")
def events(request: HttpRequest, given: OneTemplate) -> Any:
    """What devices of the template can log."""
    rows = EventKind.objects.filter(template=_template(request, given.template_id)).order_by("position", "pk")
    return [{"id": one.pk, "type": EVENTS[one.level], "name": one.name, "eventCode": one.code} for one in rows]


def template_named(request: HttpRequest, name: str | int) -> Template:
    """The template with this number, or with this id that firmware carries."""
    found = templates_seen(actor_of(request))
    text = str(name)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    where = {"pk": number} if 0 < number <= LARGEST_KEY else {"public_id": text[:16]}
    template = found.filter(**where).first() if "\0" not in text else None
    if template is None:
        raise missing(NOT_FOUND)
    return template


def _template(request: HttpRequest, template_id: int) -> Template:
    found = templates_seen(actor_of(request)).filter(pk=template_id).first()
    if found is None:
        raise missing(NO_TEMPLATE)
    return found


def _short(template: Template) -> dict[str, Any]:
    return {
        "id": template.pk,
        "templateIds": [template.public_id],
        "parentId": None,
        "orgId": template.tenant_id,
        "name": template.name,
    }


def _all(rows: Sequence[Template]) -> list[dict[str, Any]]:
    return [_short(one) for one in rows]


def _stream(stream: Datastream) -> dict[str, Any]:
    numeric = stream.kind not in (StreamKind.STRING, StreamKind.LOCATION)
    switch = stream.kind == StreamKind.BOOLEAN
    return {
        "id": stream.pk,
        "label": stream.name,
        "alias": stream.alias,
        "units": stream.units,
        "type": STREAMS[stream.kind],
        "min": 0 if switch else stream.minimum,
        "max": 1 if switch else stream.maximum,
        "defaultValue": stream.default_value,
        "pin": stream.pin,
        "pinType": "VIRTUAL",
        "pinMode": "IN_OUT" if stream.writable else "IN",
        "isAnalogPin": False,
        "isRaw": stream.keep_raw,
        "isHistory": numeric or stream.keep_raw,
        "isForService": False,
        "isForReports": numeric,
        "isForActions": stream.writable,
        "isForConditions": True,
        "isSync": stream.sync,
    }
