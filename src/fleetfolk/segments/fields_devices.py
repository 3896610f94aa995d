"""What rules can ask about a device, and about the devices that a person owns."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.console.sql import Sql
from fleetfolk.devices.models import Datastream, StreamKind, Template
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.conditions import Line
from fleetfolk.segments.counted_rows import many, number_of
from fleetfolk.segments.fields import Family, Field, Rows, Scope, Words, register_family, register_field
from fleetfolk.segments.fields_users import LOCATIONS, ORGANIZATIONS, TAGS
from fleetfolk.segments.models import Population
from fleetfolk.segments.operators import Kind
from fleetfolk.segments.owned import any_online, latest_reported, one_owned, one_reported, shared_now, told_of_owned

_DEVICES, _USERS = Population.DEVICES.value, Population.USERS.value
_ABOUT, _PLACE, _SAID, _OWNED = _("Device"), _("Place"), _("Reports"), _("Devices")
_ALWAYS: Final = frozenset({"known", "unknown"})
_SEES_DEVICES: Final = (ORG_DEVICES_VIEW,)


def _templates(actor: Actor, organization: Organization) -> QuerySet[Template]:
    return Template.objects.filter(tenant_id=organization.tenant_id)


TEMPLATES: Final = Rows(model=lambda: Template, within=_templates)


def _states() -> Mapping[str, Any]:
    return {"active": _("Active"), "waiting": _("Not yet connected"), "deactivated": _("Deactivated")}


def _tagged(condition: Sql, line: Line, scope: Scope) -> Sql:
    return Sql(f"d.id IN (SELECT t.device_id FROM devices_devicetag t WHERE {condition.text})", condition.params)


def _tags_told(line: Line, scope: Scope) -> Sql:
    return Sql(
        "(SELECT string_agg(tag.name, ', ' ORDER BY tag.name) FROM devices_devicetag t"
        " JOIN organizations_tag tag ON tag.id = t.tag_id WHERE t.device_id = d.id)"
    )


def _reported(condition: Sql, line: Line, scope: Scope) -> Sql:
    """What a device last said."""
    return Sql(
        f"d.id IN (SELECT r.device_id FROM devices_reported r WHERE r.tenant_id = %s AND {condition.text})",
        (scope.tenant_id, *condition.params),
    )


def _of_reported(told: str) -> Any:
    def tell(line: Line, scope: Scope) -> Sql:
        return Sql(f"(SELECT ({told})::text FROM devices_reported r WHERE r.device_id = d.id)")

    return tell


def _device_count(line: Line, scope: Scope) -> Sql:
    return Sql("u.device_count::text")


def _shared(condition: Sql, line: Line, scope: Scope) -> Sql:
    return many(condition, line, shared_now(scope), row="u.id", key="s.user_id")


def _shared_told(line: Line, scope: Scope) -> Sql:
    return number_of(shared_now(scope), key="s.user_id", of="u.id")


def _named(table: str, column: str) -> Any:
    def tell(line: Line, scope: Scope) -> Sql:
        return Sql(f"(SELECT named.name FROM {table} named WHERE named.id = {column})")

    return tell


for _field in (
    Field(
        name="name",
        label=_("Name"),
        group=_ABOUT,
        kind=Kind.TEXT,
        of=_DEVICES,
        expression=Sql("fold(d.name)"),
        raw=Sql("d.name"),
        without=_ALWAYS,
    ),
    Field(
        name="serial",
        label=_("Serial number"),
        group=_ABOUT,
        kind=Kind.TEXT,
        of=_DEVICES,
        expression=Sql("lower(d.serial)"),
        raw=Sql("d.serial"),
        plain=True,
    ),
    Field(
        name="firmware",
        label=_("Firmware"),
        group=_ABOUT,
        kind=Kind.TEXT,
        of=_DEVICES,
        expression=Sql("lower(d.firmware)"),
        raw=Sql("d.firmware"),
        plain=True,
    ),
    Field(
        name="model",
        label=_("Template"),
        group=_ABOUT,
        kind=Kind.CHOICE,
        of=_DEVICES,
        expression=Sql("d.template_id"),
        told=_named("devices_template", "d.template_id"),
        choices=TEMPLATES,
        without=_ALWAYS,
    ),
    Field(
        name="state",
        label=_("State"),
        group=_ABOUT,
        kind=Kind.CHOICE,
        of=_DEVICES,
        expression=Sql("CASE d.state WHEN 1 THEN 'active' WHEN 2 THEN 'waiting' ELSE 'deactivated' END"),
        choices=Words(words=_states),
        without=_ALWAYS,
    ),
    Field(
        name="tags",
        label=_("Tags"),
        group=_ABOUT,
        kind=Kind.LABELS,
        of=_DEVICES,
        expression=Sql("t.tag_id"),
        wrap=_tagged,
        told=_tags_told,
        choices=TAGS,
    ),
    Field(
        name="owned",
        label=_("Has an owner"),
        group=_ABOUT,
        kind=Kind.SWITCH,
        of=_DEVICES,
        expression=Sql("d.owner_id IS NOT NULL"),
    ),
    Field(
        name="created",
        label=_("Created"),
        group=_ABOUT,
        kind=Kind.MOMENT,
        of=_DEVICES,
        expression=Sql("d.created_at"),
        without=_ALWAYS,
    ),
    Field(
        name="activated",
        label=_("Activated"),
        group=_ABOUT,
        kind=Kind.MOMENT,
        of=_DEVICES,
        expression=Sql("d.activated_at"),
    ),
    Field(
        name="organization",
        label=_("Organization"),
        group=_PLACE,
        kind=Kind.PLACE,
        of=_DEVICES,
        expression=Sql("d.reach"),
        told=_named("organizations_organization", "d.organization_id"),
        choices=ORGANIZATIONS,
    ),
    Field(
        name="home",
        label=_("Organization without those below"),
        group=_PLACE,
        kind=Kind.CHOICE,
        of=_DEVICES,
        expression=Sql("d.organization_id"),
        told=_named("organizations_organization", "d.organization_id"),
        choices=ORGANIZATIONS,
        without=_ALWAYS,
    ),
    Field(
        name="location",
        label=_("Location"),
        group=_PLACE,
        kind=Kind.CHOICE,
        of=_DEVICES,
        expression=Sql("d.location_id"),
        told=_named("organizations_location", "d.location_id"),
        choices=LOCATIONS,
    ),
    Field(
        name="online",
        label=_("Online"),
        group=_SAID,
        kind=Kind.SWITCH,
        of=_DEVICES,
        expression=Sql("r.online"),
        wrap=_reported,
        told=_of_reported("r.online"),
    ),
    Field(
        name="reported",
        label=_("Last reported"),
        group=_SAID,
        kind=Kind.MOMENT,
        of=_DEVICES,
        expression=Sql("r.reported_at"),
        wrap=_reported,
        told=_of_reported("r.reported_at"),
    ),
    Field(
        name="devices",
        label=_("Number of devices"),
        group=_OWNED,
        kind=Kind.COUNT,
        of=_USERS,
        expression=Sql("u.device_count"),
        told=_device_count,
    ),
    Field(
        name="shared_devices",
        label=_("Shared devices"),
        group=_OWNED,
        kind=Kind.COUNT,
        of=_USERS,
        expression=Sql("count(*)"),
        wrap=_shared,
        told=_shared_told,
        needs=_SEES_DEVICES,
    ),
    Field(
        name="device_model",
        label=_("Device template"),
        group=_OWNED,
        kind=Kind.LABELS,
        of=_USERS,
        expression=Sql("x.template_id"),
        wrap=one_owned,
        told=told_of_owned("string_agg(DISTINCT template.name, ', ')"),
        choices=TEMPLATES,
        needs=_SEES_DEVICES,
    ),
    Field(
        name="device_online",
        label=_("Has a device that is online"),
        group=_OWNED,
        kind=Kind.SWITCH,
        of=_USERS,
        expression=Sql("r.online"),
        wrap=any_online,
        told=told_of_owned("coalesce(bool_or(r.online), false)", reports=True),
        needs=_SEES_DEVICES,
    ),
    Field(
        name="device_reported",
        label=_("Last report of a device"),
        group=_OWNED,
        kind=Kind.MOMENT,
        of=_USERS,
        expression=Sql("max(r.reported_at)"),
        wrap=latest_reported,
        told=told_of_owned("max(r.reported_at)", reports=True),
        needs=_SEES_DEVICES,
    ),
):
    register_field(_field)


def _shape(stream: Datastream) -> tuple[Kind, str, str, Words | None] | None:
    """The kind, the expression, the text itself and the choices of a datastream's values; None for places."""
    text, value = f"r.values ->> '{stream.pin:d}'", f"r.values -> '{stream.pin:d}'"
    match StreamKind(stream.kind):
        case StreamKind.INTEGER | StreamKind.DOUBLE:
            number = f"CASE WHEN jsonb_typeof({value}) = 'number' THEN ({text})::numeric END"
            return Kind.NUMBER, number, text, None
        case StreamKind.BOOLEAN:
            truth = f"CASE WHEN jsonb_typeof({value}) = 'boolean' THEN ({value})::boolean END"
            return Kind.SWITCH, truth, text, None
        case StreamKind.STRING:
            return Kind.TEXT, f"fold({text})", f"coalesce({text}, '')", None
        case StreamKind.ENUMERABLE:
            words = {str(choice["value"]): str(choice["label"]) for choice in stream.choices}
            return Kind.CHOICE, text, text, Words(words=lambda: words)
        case _:
            return None


def _stream_field(stream: Datastream, of: str) -> Field | None:
    shape = _shape(stream)
    if shape is None:
        return None
    kind, expression, raw, choices = shape
    template, mine = f"{stream.template_id:d}", of == _DEVICES

    def wrap(condition: Sql, line: Line, scope: Scope) -> Sql:
        about = "x" if not mine else "d"
        narrowed = Sql(f"{about}.template_id = {template} AND {condition.text}", condition.params)
        return (_reported if mine else one_reported)(narrowed, line, scope)

    def tell(line: Line, scope: Scope) -> Sql:
        return Sql(f"(SELECT {raw} FROM devices_reported r WHERE r.device_id = d.id AND d.template_id = {template})")

    theirs = told_of_owned(f"string_agg({raw}, ', ')", reports=True, also=f" AND x.template_id = {template}")

    return Field(
        name=f"stream.{stream.template_id}.{stream.pin}",
        label=f"{stream.template.name}: {stream}",
        group=_SAID if mine else _OWNED,
        kind=kind,
        of=of,
        expression=Sql(expression),
        raw=Sql(raw) if kind is Kind.TEXT else None,
        wrap=wrap,
        told=tell if mine else theirs,
        choices=choices,
        needs=_stream_needs(of),
    )


def _stream_needs(of: str) -> tuple[Permission, ...]:
    return () if of == _DEVICES else _SEES_DEVICES


def _stream(tenant_id: int, rest: str, of: str) -> Field | None:
    template, _dot, pin = rest.partition(".")
    if not (template.isdecimal() and pin.isdecimal() and len(template) <= 18 and len(pin) <= 3):
        return None
    streams = Datastream.objects.select_related("template").filter(tenant_id=tenant_id)
    found = streams.filter(template_id=int(template), pin=int(pin)).first()
    return None if found is None else _stream_field(found, of)


def _streams(organization: Organization, of: str) -> Iterable[Field]:
    streams = Datastream.objects.select_related("template").filter(tenant_id=organization.tenant_id)
    every = (_stream_field(one, of) for one in streams.order_by("template__name", "template_id", "position", "pk"))
    return [one for one in every if one is not None]


def _family(of: str) -> Family:
    def found(tenant_id: int, rest: str) -> Field | None:
        return _stream(tenant_id, rest, of)

    def listed(actor: Actor, organization: Organization) -> Iterable[Field]:
        return _streams(organization, of)

    return Family(prefix="stream", of=of, found=found, listed=listed, needs=_stream_needs(of))


register_family(_family(_DEVICES))
register_family(_family(_USERS))
