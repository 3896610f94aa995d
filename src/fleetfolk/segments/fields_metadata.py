"""What rules can ask of the facts that devices carry by their template: of a device, and of those a person owns."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.console.sql import Sql
from fleetfolk.devices.models import MetadataField, MetadataKind
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.conditions import Line
from fleetfolk.segments.fields import Family, Field, Scope, Words, register_family
from fleetfolk.segments.models import Population
from fleetfolk.segments.operators import Kind
from fleetfolk.segments.owned import one_owned, told_of_owned

_DEVICES, _USERS = Population.DEVICES.value, Population.USERS.value
_GROUPS: Final = {_DEVICES: _("Metadata"), _USERS: _("Metadata of devices")}
_ROW: Final = {_DEVICES: "d", _USERS: "x"}
_NEEDS: Final[dict[str, tuple[Permission, ...]]] = {_DEVICES: (), _USERS: (ORG_DEVICES_VIEW,)}


def _shape(kind: MetadataKind, text: str, value: str) -> tuple[Kind, str] | None:
    """The kind of a fact's values, and their expression; None for places."""
    match kind:
        case MetadataKind.NUMBER:
            return Kind.NUMBER, f"CASE WHEN jsonb_typeof({value}) = 'number' THEN ({text})::numeric END"
        case MetadataKind.SWITCH:
            return Kind.SWITCH, f"CASE WHEN jsonb_typeof({value}) = 'boolean' THEN ({value})::boolean END"
        case MetadataKind.DATE:
            return Kind.DAY, f"CASE WHEN {text} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' THEN {text} END"
        case MetadataKind.LIST:
            return Kind.CHOICE, text
        case MetadataKind.COORDINATES:
            return None
        case _:
            return Kind.TEXT, f"fold({text})"


def _of_fact(fact: MetadataField, of: str) -> Field | None:
    text, value = (f"{_ROW[of]}.metadata {sign} '{fact.pk:d}'" for sign in ("->>", "->"))
    shape = _shape(MetadataKind(fact.kind), text, value)
    if shape is None:
        return None
    kind, expression = shape
    template = f"{_ROW[of]}.template_id = {fact.template_id:d}"

    def wrap(condition: Sql, line: Line, scope: Scope) -> Sql:
        narrowed = Sql(f"{template} AND {condition.text}", condition.params)
        return narrowed if of == _DEVICES else one_owned(narrowed, line, scope)

    def tell(line: Line, scope: Scope) -> Sql:
        return Sql(f"CASE WHEN {template} THEN {text} END")

    return Field(
        name=f"metadata.{fact.pk}",
        label=f"{fact.template.name}: {fact.name}",
        group=_GROUPS[of],
        kind=kind,
        of=of,
        expression=Sql(expression),
        raw=Sql(f"coalesce({text}, '')") if kind is Kind.TEXT else None,
        wrap=wrap,
        told=tell if of == _DEVICES else told_of_owned(f"string_agg({text}, ', ')", also=f" AND {template}"),
        choices=Words(words=lambda: {word: word for word in fact.choices}) if kind is Kind.CHOICE else None,
        needs=_NEEDS[of],
    )


def _family(of: str) -> Family:
    def found(tenant_id: int, key: str) -> Field | None:
        if not key.isdecimal() or len(key) > 18:
            return None
        facts = MetadataField.objects.select_related("template").filter(tenant_id=tenant_id)
        fact = facts.filter(pk=int(key)).first()
        return None if fact is None else _of_fact(fact, of)

    def listed(actor: Actor, organization: Organization) -> Iterable[Field]:
        facts = MetadataField.objects.select_related("template").filter(tenant_id=organization.tenant_id)
        every = (_of_fact(one, of) for one in facts.order_by("template__name", "template_id", "position", "pk"))
        return [one for one in every if one is not None]

    return Family(prefix="metadata", of=of, found=found, listed=listed, needs=_NEEDS[of])


register_family(_family(_DEVICES))
register_family(_family(_USERS))
