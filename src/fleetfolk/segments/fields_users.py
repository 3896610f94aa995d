"""What rules can ask about a person: profile, account, tags, custom fields, what they did."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.console.sql import Sql
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import Actor, Client
from fleetfolk.organizations.models import CustomField, FieldKind, Location, Organization, Tag
from fleetfolk.organizations.queries import fields_for, upwards
from fleetfolk.segments.conditions import Line
from fleetfolk.segments.counted_rows import PERIOD, in_period, many, number_of
from fleetfolk.segments.fields import About, Family, Field, Rows, Scope, Words, register_family, register_field
from fleetfolk.segments.models import Population
from fleetfolk.segments.operators import Kind, Shape
from fleetfolk.users.models import Status

_OF: Final = Population.USERS.value
_PROFILE, _ACCOUNT, _PLACE, _OWN, _DONE = (
    _("Profile"),
    _("Account"),
    _("Place"),
    _("Custom fields"),
    _("Actions"),
)


def below(organization: Organization) -> Q:
    """Rows of the organization and those below it."""
    return Q(tenant_id=organization.tenant_id, organization__path__startswith=organization.path)


def _roles(actor: Actor, organization: Organization) -> QuerySet[Role]:
    return Role.objects.filter(tenant_id=organization.tenant_id)


def locations(actor: Actor, organization: Organization) -> QuerySet[Location]:
    """The locations that people and devices of the organization can be at."""
    return Location.objects.filter(below(organization))


def organizations(actor: Actor, organization: Organization) -> QuerySet[Organization]:
    """The organization and those below it."""
    return Organization.objects.filter(tenant_id=organization.tenant_id, path__startswith=organization.path)


def tags(actor: Actor, organization: Organization) -> QuerySet[Tag]:
    """The tags that people and devices of the organization can carry."""
    return Tag.objects.filter(
        below(organization) | Q(tenant_id=organization.tenant_id, organization_id__in=upwards(organization))
    )


def tags_called(actor: Actor, organization: Organization, word: str) -> list[int]:
    """The keys of those of them that a search for the word finds people by, by name."""
    typed = Concat(Value(" "), Func(Value(word, output_field=TextField()), function="fold"))
    called = tags(actor, organization).filter(search_text__contains=typed)
    return list(called.order_by("name").values_list("pk", flat=True))


LOCATIONS: Final = Rows(model=lambda: Location, within=locations)
ORGANIZATIONS: Final = Rows(model=lambda: Organization, within=organizations)
TAGS: Final = Rows(model=lambda: Tag, within=tags)


def _tagged(condition: Sql, line: Line, scope: Scope) -> Sql:
    return Sql(f"u.id IN (SELECT t.user_id FROM users_usertag t WHERE {condition.text})", condition.params)


def _tags_told(line: Line, scope: Scope) -> Sql:
    return Sql(
        "(SELECT string_agg(tag.name, ', ' ORDER BY tag.name) FROM users_usertag t"
        " JOIN organizations_tag tag ON tag.id = t.tag_id WHERE t.user_id = u.id)"
    )


def _role_told(line: Line, scope: Scope) -> Sql:
    return Sql("(SELECT role.name FROM access_role role WHERE role.id = u.role_id)")


def _location_told(line: Line, scope: Scope) -> Sql:
    return Sql("(SELECT place.name FROM organizations_location place WHERE place.id = u.location_id)")


def _organization_told(line: Line, scope: Scope) -> Sql:
    return Sql("(SELECT home.name FROM organizations_organization home WHERE home.id = u.organization_id)")


_STATUS: Final = Sql(
    "CASE u.state WHEN 2 THEN 'pending' WHEN 3 THEN 'disabled' WHEN 4 THEN 'deletion' ELSE"
    " CASE WHEN coalesce(u.last_sign_in_at, 'epoch') >= now() - interval '30 days' THEN 'active' ELSE 'inactive' END"
    " END"
)
# Of plain names the folded one is at hand.
_NAME: Final = Sql("CASE WHEN octet_length(u.name) = length(u.name) THEN u.name_key ELSE fold(u.name) END")


def _statuses() -> Mapping[str, str]:
    return {status.value: str(status.label) for status in Status if status != Status.DEACTIVATED}


_ALWAYS: Final = frozenset({"known", "unknown"})

for _field in (
    Field(
        name="name",
        label=_("Name"),
        group=_PROFILE,
        kind=Kind.TEXT,
        of=_OF,
        expression=_NAME,
        raw=Sql("u.name"),
        without=_ALWAYS,
    ),
    Field(
        name="email",
        label=_("E-mail"),
        group=_PROFILE,
        kind=Kind.TEXT,
        of=_OF,
        expression=Sql("u.email"),
        plain=True,
        without=_ALWAYS,
    ),
    Field(
        name="phone", label=_("Phone"), group=_PROFILE, kind=Kind.TEXT, of=_OF, expression=Sql("u.phone"), plain=True
    ),
    Field(
        name="language",
        label=_("Language"),
        group=_PROFILE,
        kind=Kind.CHOICE,
        of=_OF,
        expression=Sql("nullif(u.language, '')"),
        choices=Words(words=lambda: dict(settings.LANGUAGES)),
    ),
    Field(
        name="time_zone",
        label=_("Time zone"),
        group=_PROFILE,
        kind=Kind.TEXT,
        of=_OF,
        expression=Sql("lower(u.time_zone)"),
        raw=Sql("u.time_zone"),
        plain=True,
    ),
    Field(
        name="tags",
        label=_("Tags"),
        group=_PROFILE,
        kind=Kind.LABELS,
        of=_OF,
        expression=Sql("t.tag_id"),
        wrap=_tagged,
        told=_tags_told,
        choices=TAGS,
    ),
    Field(
        name="status",
        label=_("Status"),
        group=_ACCOUNT,
        kind=Kind.CHOICE,
        of=_OF,
        expression=_STATUS,
        choices=Words(words=_statuses),
        without=_ALWAYS,
    ),
    Field(
        name="role",
        label=_("Role"),
        group=_ACCOUNT,
        kind=Kind.CHOICE,
        of=_OF,
        expression=Sql("u.role_id"),
        told=_role_told,
        choices=Rows(model=lambda: Role, within=_roles),
        without=_ALWAYS,
    ),
    Field(
        name="created",
        label=_("Created"),
        group=_ACCOUNT,
        kind=Kind.MOMENT,
        of=_OF,
        expression=Sql("u.created_at"),
        without=_ALWAYS,
    ),
    Field(
        name="last_sign_in",
        label=_("Last sign-in"),
        group=_ACCOUNT,
        kind=Kind.MOMENT,
        of=_OF,
        expression=Sql("u.last_sign_in_at"),
    ),
    Field(
        name="organization",
        label=_("Organization"),
        group=_PLACE,
        kind=Kind.PLACE,
        of=_OF,
        expression=Sql("u.reach"),
        told=_organization_told,
        choices=ORGANIZATIONS,
    ),
    Field(
        name="home",
        label=_("Organization without those below"),
        group=_PLACE,
        kind=Kind.CHOICE,
        of=_OF,
        expression=Sql("u.organization_id"),
        told=_organization_told,
        choices=ORGANIZATIONS,
        without=_ALWAYS,
    ),
    Field(
        name="location",
        label=_("Location"),
        group=_PLACE,
        kind=Kind.CHOICE,
        of=_OF,
        expression=Sql("u.location_id"),
        told=_location_told,
        choices=LOCATIONS,
    ),
):
    register_field(_field)


def _custom(tenant_id: int, key: str) -> Field | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    found = CustomField.objects.filter(tenant_id=tenant_id, pk=int(key)).first()
    return None if found is None else _of_custom(found)


_NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?$"


def _of_custom(custom: CustomField) -> Field:
    kind, expression = _shape(FieldKind(custom.kind), f"'{custom.pk:d}'")
    return Field(
        name=f"custom.{custom.pk}",
        label=custom.name,
        group=_OWN,
        kind=kind,
        of=_OF,
        expression=Sql(expression),
        raw=Sql(f"coalesce(u.custom ->> '{custom.pk:d}', '')") if kind is Kind.TEXT else None,
        choices=Words(words=lambda: {word: word for word in custom.choices}) if kind is Kind.CHOICE else None,
    )


def _shape(kind: FieldKind, key: str) -> tuple[Kind, str]:
    """The kind of a custom field's values, and their expression. ``key`` is SQL."""
    text, value = f"u.custom ->> {key}", f"u.custom -> {key}"
    match kind:
        case FieldKind.NUMBER:
            return Kind.NUMBER, f"CASE WHEN {text} ~ '{_NUMBER}' THEN ({text})::numeric END"
        case FieldKind.DATE:
            return Kind.DAY, text
        case FieldKind.SWITCH:
            return Kind.SWITCH, f"CASE WHEN jsonb_typeof({value}) = 'boolean' THEN ({value})::boolean END"
        case FieldKind.CHOICE:
            return Kind.CHOICE, text
        case _:
            return Kind.TEXT, f"fold({text})"


def _customs(actor: Actor, organization: Organization) -> Iterable[Field]:
    return [_of_custom(custom) for custom in fields_for(organization)]


register_family(Family(prefix="custom", of=_OF, found=_custom, listed=_customs))


def _action_words() -> Mapping[str, str]:
    return {code: str(action.label) for code, action in sorted(CATALOGUE.items())}


def _clients() -> Mapping[str, str]:
    return {client.value: str(client.label) for client in Client}


_CLIENT: Final = About(name="client", label=_("Client"), shape=Shape.TEXT, choices=Words(words=_clients))
_CODE: Final = About(name="code", label=_("Action"), shape=Shape.TEXT, choices=Words(words=_action_words))


def _entries(line: Line, scope: Scope, *, about: str) -> Sql:
    """The entries of the period that the line counts."""
    period = in_period("e.at", line, scope)
    text = f"actionlog_entry e WHERE e.tenant_id = %s AND e.result = 'done' AND {about} AND {period.text}"
    params: list[Any] = [scope.tenant_id, *period.params]
    for name in ("code", "client"):
        if name in line.about:
            text, params = f"{text} AND e.{name} = %s", [*params, line.about[name]]
    return Sql(text, tuple(params))


_BY_PEOPLE: Final = "e.actor_kind = 'user'"
_SIGNED_IN: Final = "e.code = 'user.session.start' AND e.target_type = 'users.User' AND e.target_id IS NOT NULL"


def _acted(condition: Sql, line: Line, scope: Scope) -> Sql:
    return many(condition, line, _entries(line, scope, about=_BY_PEOPLE), row="u.id::text", key="e.actor_id")


def _signed_in(condition: Sql, line: Line, scope: Scope) -> Sql:
    return many(condition, line, _entries(line, scope, about=_SIGNED_IN), row="u.id", key="e.target_id")


def _acted_told(line: Line, scope: Scope) -> Sql:
    return number_of(_entries(line, scope, about=_BY_PEOPLE), key="e.actor_id", of="u.id::text")


def _signed_in_told(line: Line, scope: Scope) -> Sql:
    return number_of(_entries(line, scope, about=_SIGNED_IN), key="e.target_id", of="u.id")


register_field(
    Field(
        name="actions",
        label=_("Actions in a period"),
        group=_DONE,
        kind=Kind.COUNT,
        of=_OF,
        expression=Sql("count(*)"),
        wrap=_acted,
        told=_acted_told,
        about=(PERIOD, _CODE, _CLIENT),
        needs=(VIEW_ACTION_LOG,),
    )
)
register_field(
    Field(
        name="sign_ins",
        label=_("Sign-ins in a period"),
        group=_DONE,
        kind=Kind.COUNT,
        of=_OF,
        expression=Sql("count(*)"),
        wrap=_signed_in,
        told=_signed_in_told,
        about=(PERIOD, _CLIENT),
        needs=(VIEW_ACTION_LOG,),
    )
)
