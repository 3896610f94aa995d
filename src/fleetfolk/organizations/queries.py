"""Organizations found by name."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Func, QuerySet, TextField

from fleetfolk.console.marking import ANYWHERE_FROM
from fleetfolk.kernel.joined import Joined
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.models import AssistanceRule, CustomField, LocationWord, Organization

LOOKED_THROUGH: Final = 100
"""So many hits are put in order. Somebody who typed one letter gets the best of these and types on."""


_WITH_PARENT = Joined(found=Organization, parent=Organization)


class FoldedName(Func):
    """The name as searches compare it, each word with a space before it: the expression of `organizations_by_words`."""

    template = "(' ' || fold(%(expressions)s))"
    output_field = TextField()


def organizations_named(within: QuerySet[Organization], words: Sequence[str], *, limit: int) -> list[Organization]:
    """The organizations, of those within reach, whose name holds every folded word; names that begin with it first.

    A word of one or two letters is looked for at the beginning of a word only, as people are.
    """
    if not words:
        return []
    hits = within.alias(folded=FoldedName(F("name")))
    for word in words:
        hits = hits.filter(folded__contains=word if len(word) >= ANYWHERE_FROM else f" {word}")
    keys = list(hits.values_list("pk", flat=True)[:LOOKED_THROUGH])
    return _in_order(keys, words[0], limit) if keys else []


def _in_order(keys: Sequence[int], word: str, limit: int) -> list[Organization]:
    """The organizations with these keys, each with its parent."""
    with planned_once() as cursor:
        cursor.execute(_in_order_statement(), [list(keys), f" {word}", limit])
        rows = cursor.fetchall()
    made = []
    for row in rows:
        found, parent = _WITH_PARENT.made(row)
        found.parent = parent
        made.append(found)
    return made


@functools.cache
def _in_order_statement() -> str:
    return (
        f"SELECT {_WITH_PARENT.columns} FROM unnest(%s::bigint[]) AS wanted (id)"  # noqa: S608
        " JOIN organizations_organization found ON found.id = wanted.id"
        " LEFT JOIN organizations_organization parent ON parent.id = found.parent_id"
        " ORDER BY NOT starts_with(' ' || fold(found.name), %s::text), length(found.path), found.name, found.id"
        " LIMIT %s::int"
    )


MESSAGE_CAP: Final = 3
"""So many mails and pushes of messages a person gets a day where nobody says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What holds in an organization. Where nobody on the way up says anything, everything is off.

    ``email_domains`` are those whose addresses people may have; none named is any. Whoever does nothing for
    ``session_idle`` minutes, or signed in ``session_hours`` ago, signs in again; 0 is as the installation has it. A
    ``password_length`` of 0 is the installation's, too.
    """

    assistance: AssistanceRule = AssistanceRule.OFF
    second_factor: bool = False
    second_factor_staff: bool = False
    gravatar: bool = False
    message_cap: int = MESSAGE_CAP
    email_domains: tuple[str, ...] = ()
    session_idle: int = 0
    session_hours: int = 0
    password_length: int = 0
    password_mixed: bool = False


def location_word_of(organization: Organization) -> LocationWord:
    """What the organization calls its locations: the nearest one upwards that says something decides."""
    for (said,) in _along(organization, upwards(organization), ("location_word",)):
        if said is not None:
            return LocationWord(said)
    return LocationWord.LOCATION


def rules_of(organization: Organization) -> Rules:
    """The rules of the organization: each from the nearest one upwards that says something. One query."""
    return _rules_said_by(organization, upwards(organization))


def rules_above(organization: Organization) -> Rules:
    """The rules that hold in the organization where it says nothing itself."""
    return _rules_said_by(organization, upwards(organization)[:-1])


def _rules_said_by(organization: Organization, keys: list[int]) -> Rules:
    said: dict[str, Any] = {}
    for row in _along(organization, keys, _COLUMNS):
        for column, value in zip(_COLUMNS, row, strict=True):
            if value is not None:
                said.setdefault(column, value)
    return Rules(
        assistance=AssistanceRule(said.get("assistance_rule", AssistanceRule.OFF)),
        second_factor=bool(said.get("second_factor_rule", False)),
        second_factor_staff=bool(said.get("second_factor_staff_rule", False)),
        gravatar=bool(said.get("gravatar_rule", False)),
        message_cap=int(said.get("message_cap_rule", MESSAGE_CAP)),
        email_domains=tuple(said.get("email_domains_rule", ())),
        session_idle=int(said.get("session_idle_rule", 0)),
        session_hours=int(said.get("session_hours_rule", 0)),
        password_length=int(said.get("password_length_rule", 0)),
        password_mixed=bool(said.get("password_mixed_rule", False)),
    )


_COLUMNS: Final = (
    *("assistance_rule", "second_factor_rule", "second_factor_staff_rule", "gravatar_rule", "message_cap_rule"),
    *("email_domains_rule", "session_idle_rule", "session_hours_rule", "password_length_rule", "password_mixed_rule"),
)


def _along(organization: Organization, keys: list[int], columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """These columns of the organizations with the keys, the lowest in the tree first."""
    with planned_once() as cursor:
        cursor.execute(_along_statement(columns), [keys, organization.tenant_id])
        return list(cursor.fetchall())


@functools.cache
def _along_statement(columns: tuple[str, ...]) -> str:
    return (
        f"SELECT {', '.join(columns)} FROM organizations_organization"  # noqa: S608 - names are from the code
        " WHERE id = ANY(%s::bigint[]) AND tenant_id = %s ORDER BY path DESC"
    )


def is_allowed_address(email: str, domains: Sequence[str]) -> bool:
    """Whether an address is of one of the domains; any is where none is named."""
    return not domains or email.rpartition("@")[2].lower() in domains


def highest(paths: Iterable[str]) -> list[str]:
    """Those of the places that are below no other one, in their order: what is below them is below any of all."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found


_KEYS_BELOW = """
SELECT below.id FROM unnest(%s::text[], %s::text[]) AS place (at, until)
JOIN organizations_organization below ON below.tenant_id = %s AND below.path >= place.at AND below.path < place.until
"""


def keys_below(tenant_id: int, paths: Iterable[str]) -> tuple[int, ...]:
    """The organizations at the places and below, of somebody who is in a great many of them. One query."""
    tops = highest(paths)
    # In the order of bytes a slash comes next to the dot with which every path ends.
    ends = [f"{path[:-1]}/" for path in tops]
    with planned_once() as cursor:
        cursor.execute(_KEYS_BELOW, [tops, ends, tenant_id])
        return tuple(key for (key,) in cursor.fetchall())


def upwards(organization: Organization) -> list[int]:
    """The keys of the organization and of all above it."""
    return [int(key) for key in organization.path.split(".") if key]


def fields_for(organization: Organization) -> list[CustomField]:
    """The fields that people of the organization have: those of the organizations above first, each in its order."""
    return list(
        CustomField.objects.select_related("organization")
        .filter(tenant_id=organization.tenant_id, organization__in=upwards(organization), retired_at=None)
        .order_by("organization__path", "position", "pk")
    )
