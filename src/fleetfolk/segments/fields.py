"""The register of what rules can ask about: each field with its words, its kind, its SQL and who may ask.

Whoever builds rules reads it, so that a field that is declared here, or by a package above, is there to be chosen.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.db.models import Model, QuerySet
from django_stubs_ext import StrPromise

from fleetfolk.console.sql import Sql
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.conditions import Line
from fleetfolk.segments.operators import OPERATORS, Kind, Moments, Operator, Shape

MOST_OFFERED: Final = 200

type Value = int | str


class Scope(Protocol):
    """What a field's SQL may need to know (`fleetfolk.segments.sql.Scope`)."""

    @property
    def tenant_id(self) -> int:
        """Whose rows there are at all."""

    @property
    def path(self) -> str:
        """The path of the organization whose rules they are: what is not below it is not asked about."""

    @property
    def moments(self) -> Moments:
        """Now, and where days begin."""


type Wrap = Callable[[Sql, Line, Scope], Sql]
"""Makes of a condition on a field's expression one on the person (``u``) or the device (``d``)."""


class Choices(Protocol):
    """Where the values of a field that takes some of a list come from."""

    def offered(self, actor: Actor, organization: Organization, typed: str = "") -> list[tuple[Value, str]]:
        """Values that the actor may choose, with their words: those that hold what was typed, a page of them."""

    def known(self, actor: Actor, organization: Organization, values: Sequence[Value]) -> dict[Value, str]:
        """The words of those of the values that the actor may choose."""

    def named(self, tenant_id: int, values: Sequence[Value]) -> dict[Value, str]:
        """The words of these values; one that does not exist is not in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A list that never changes."""

    words: Callable[[], Mapping[str, StrPromise | str]]

    def offered(self, actor: Actor, organization: Organization, typed: str = "") -> list[tuple[Value, str]]:
        """Those that hold what was typed."""
        sought = typed.strip().lower()
        return [(key, str(word)) for key, word in self.words().items() if sought in str(word).lower()]

    def known(self, actor: Actor, organization: Organization, values: Sequence[Value]) -> dict[Value, str]:
        """The words."""
        return self.named(organization.tenant_id, values)

    def named(self, tenant_id: int, values: Sequence[Value]) -> dict[Value, str]:
        """The words."""
        words = self.words()
        return {value: str(words[value]) for value in values if isinstance(value, str) and value in words}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Rows of a table with ``tenant`` and ``name``. ``within`` says which of them the actor may choose."""

    model: Callable[[], type[Model]]
    within: Callable[[Actor, Organization], QuerySet[Any]]

    def offered(self, actor: Actor, organization: Organization, typed: str = "") -> list[tuple[Value, str]]:
        """The first by name."""
        rows = self.within(actor, organization)
        for word in typed.split()[:8]:
            rows = rows.filter(name__icontains=word)
        return list(rows.order_by("name", "pk").values_list("pk", "name")[:MOST_OFFERED])

    def known(self, actor: Actor, organization: Organization, values: Sequence[Value]) -> dict[Value, str]:
        """The names of those that the actor may choose: of all others they learn nothing."""
        keys = [value for value in values if isinstance(value, int)]
        return dict(self.within(actor, organization).filter(pk__in=keys).values_list("pk", "name"))

    def named(self, tenant_id: int, values: Sequence[Value]) -> dict[Value, str]:
        """The names of those of the tenant."""
        keys = [value for value in values if isinstance(value, int)]
        rows = self.model()._default_manager.filter(tenant_id=tenant_id, pk__in=keys)
        return dict(rows.values_list("pk", "name"))


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What else a line must say, or may, beside operator and value: ``days`` of a period, or one of a list."""

    name: str
    label: StrPromise
    shape: Shape
    required: bool = False
    choices: Choices | None = None


def unwrapped(condition: Sql, line: Line, scope: Scope) -> Sql:
    """A condition on the row itself."""
    return condition


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that can be asked of a person or a device.

    ``expression`` is SQL about the row ``u`` (a person) or ``d`` (a device), or about whatever ``wrap`` puts around it.
    Of text that is not ``plain`` it is folded, and ``raw`` is the text itself.
    ``told`` is SQL for what it is, as text, for one row. ``needs`` are the rights that one must have where the segment
    is, besides seeing the people or the devices.
    """

    name: str
    label: StrPromise | str
    group: StrPromise
    kind: Kind
    of: str
    expression: Sql
    raw: Sql | None = None
    wrap: Wrap = unwrapped
    told: Callable[[Line, Scope], Sql] | None = None
    choices: Choices | None = None
    about: tuple[About, ...] = ()
    needs: tuple[Permission, ...] = ()
    plain: bool = False
    without: frozenset[str] = field(default_factory=frozenset)

    @property
    def operators(self) -> dict[str, Operator]:
        """What can be asked of it."""
        return {code: one for code, one in OPERATORS[self.kind].items() if code not in self.without}


@dataclass(frozen=True, kw_only=True)
class Family:
    """Fields of which an organization has as many as it likes; each is named ``prefix.…``.

    ``found`` is one of them by what follows the dot, or None; ``listed`` are those that rules of the organization can
    ask about. ``needs`` are the rights that each of them takes, as of a `Field`.
    """

    prefix: str
    of: str
    found: Callable[[int, str], Field | None]
    listed: Callable[[Actor, Organization], Iterable[Field]]
    needs: tuple[Permission, ...] = ()


FIELDS: dict[tuple[str, str], Field] = {}
FAMILIES: dict[tuple[str, str], Family] = {}


def register_field(one: Field) -> None:
    """Rules can ask about it. A name used twice is a `TypeError`."""
    if (one.of, one.name) in FIELDS:
        raise TypeError(f"the field {one.name!r} of {one.of} is there already")
    FIELDS[(one.of, one.name)] = one


def register_family(one: Family) -> None:
    """Rules can ask about its fields. A prefix used twice is a `TypeError`."""
    if (one.of, one.prefix) in FAMILIES:
        raise TypeError(f"the fields {one.prefix!r} of {one.of} are there already")
    FAMILIES[(one.of, one.prefix)] = one


def field_named(of: str, name: str, tenant_id: int) -> Field | None:
    """The field, where there is one in the tenant."""
    found = FIELDS.get((of, name))
    prefix, dot, rest = name.partition(".")
    family = FAMILIES.get((of, prefix))
    if found is None and dot and family is not None:
        return family.found(tenant_id, rest)
    return found


def needs_of(of: str, name: str) -> tuple[Permission, ...]:
    """The rights that asking about the field takes; none where there is no such field."""
    if (of, name) in FIELDS:
        return FIELDS[of, name].needs
    family = FAMILIES.get((of, name.partition(".")[0]))
    return family.needs if family else ()


def every_need() -> frozenset[str]:
    """The codes of the rights that any field takes."""
    alone = {right.code for one in FIELDS.values() for right in one.needs}
    return frozenset(alone | {right.code for family in FAMILIES.values() for right in family.needs})


def fields_for(actor: Actor, of: str, organization: Organization) -> list[Field]:
    """Every field that the actor may ask about in the organization, grouped, in the order of declaration."""
    from_families = [
        one for family in FAMILIES.values() if family.of == of for one in family.listed(actor, organization)
    ]
    return [one for one in FIELDS.values() if one.of == of] + from_families
