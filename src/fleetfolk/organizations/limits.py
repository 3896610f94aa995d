"""What a tenant's plan allows: the one place that says so, and the one way to ask before something is added.

An Action that adds to what plans limit calls `require` (or `room`, where it adds many and takes what fits) while its
transaction is open. Whoever asks about a limited tenant holds a lock until the transaction ends, so that fifty who ask
at the same moment are answered one after the other, each with what the others have added. A tenant without a plan, or
whose plan says nothing, is asked nothing else: one look at its root is all that it costs.

The packages whose rows are limited say how these are counted (`register`); what nobody counts is shown nowhere.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.models import Organization

FULL: Final = 100
NEARLY_FULL: Final = 80
"""So many percent of a limit and more are shown as a warning."""

MOST_COUNTED: Final = 100_000
"""Where nothing limits them, rows are counted no further: a page waits for the answer."""

LOCK: Final = "organizations.limits"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """One thing of which a plan allows so many.

    ``each`` says that every organization may have so many, where others are for a whole tenant. ``otherwise`` holds
    where no plan says anything; None is without end.
    """

    code: str
    label: StrPromise
    several: StrPromise
    each: bool = False
    otherwise: int | None = None


LIMITS: Final[dict[str, Limit]] = {
    limit.code: limit
    for limit in (
        Limit(code="users", label=_("Users"), several=_("users")),
        Limit(code="invitations", label=_("Invitations a day"), several=_("invitations within a day")),
        Limit(code="developers", label=_("Developers in an organization"), several=_("developers"), each=True),
        Limit(code="devices", label=_("Devices"), several=_("devices")),
        Limit(code="templates", label=_("Templates"), several=_("templates")),
        Limit(code="organizations", label=_("Sub-organizations"), several=_("sub-organizations")),
        Limit(code="levels", label=_("Levels of organizations"), several=_("levels of organizations"), otherwise=4),
        Limit(code="locations", label=_("Locations"), several=_("locations")),
        Limit(code="tags", label=_("Tags in an organization"), several=_("tags"), each=True),
        Limit(code="segments", label=_("Segments"), several=_("segments")),
        Limit(code="fields", label=_("Custom fields"), several=_("custom fields")),
        Limit(code="roles", label=_("Roles"), several=_("roles"), otherwise=9),
        Limit(code="webhooks", label=_("Webhooks"), several=_("webhooks")),
    )
}


class RoleEditing(StrEnum):
    """What a plan lets a tenant do with its roles."""

    LOCKED = "locked"
    EDITABLE = "editable"
    CUSTOM = "custom"


type Counter = Callable[[int, int | None], QuerySet[Any]]
"""The rows that count, of a tenant or, where the limit is for each organization, of one of its organizations."""

_COUNTERS: Final[dict[str, Counter]] = {}


def register(code: str, counter: Counter) -> None:
    """Rows of this kind are limited. What is counted twice, or is no limit, is a `TypeError`."""
    if code in _COUNTERS or code not in LIMITS:
        raise TypeError(f"{code!r} is counted already, or is no limit")
    _COUNTERS[code] = counter


_GIVEN: Final[list[Callable[[int], None]]] = []


def when_given(work: Callable[[int], None]) -> None:
    """The work is done, inside the Action, for each tenant whose plan begins to limit something."""
    _GIVEN.append(work)


def begin(tenant_id: int) -> None:
    """What was there by itself before a plan counted it is kept."""
    for work in _GIVEN:
        work(tenant_id)


def counted() -> list[Limit]:
    """The limits that hold: those of which somebody said how they are counted, and the depth of the tree."""
    return [limit for code, limit in LIMITS.items() if code in _COUNTERS or code == "levels"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """What a tenant's plan says; without a plan nothing."""

    name: str = ""
    contact: str = ""
    limits: Mapping[str, int | None] = field(default_factory=dict)

    def most(self, code: str) -> int | None:
        """How many it allows; None is without end."""
        return self.limits.get(code, LIMITS[code].otherwise)


def _plan(tenant_id: int) -> _Plan:
    with planned_once() as cursor:
        cursor.execute(
            "SELECT plan.name, plan.contact, plan.limits FROM organizations_organization root"
            " JOIN organizations_plan plan ON plan.id = root.plan_id WHERE root.id = %s",
            [tenant_id],
        )
        row = cursor.fetchone()
    return _Plan() if row is None else _Plan(name=row[0], contact=row[1], limits=json.loads(row[2]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What a limited tenant has and may have: ``present`` is counted no further than one beyond ``most``."""

    limit: Limit
    plan: str
    contact: str
    most: int
    present: int

    @property
    def left(self) -> int:
        """How many more fit."""
        return max(0, self.most - self.present)

    def refusal(self, adding: int = 1) -> Refused:
        """Which limit, how many there are and may be, and who can raise it."""
        about = {"plan": self.plan, "what": str(self.limit.several), "most": self.most, "whom": self.whom}
        if not self.most:
            return Refused("limit_none", **about)
        if adding == 1 or not self.left:
            return Refused("limit_reached", **about)
        return Refused("limit_passed", left=self.left, adding=adding, **about)

    @property
    def whom(self) -> str:
        """Whom to ask for more."""
        return self.contact or str(_("whoever runs this installation"))


def room(tenant_id: int, code: str, *, organization_id: int | None = None, locked: bool = True) -> Room | None:
    """How much room there is until the transaction ends; None is without end.

    ``locked`` is for who adds; who only shows need not wait for others.
    """
    return _room(_plan(tenant_id), tenant_id, code, organization_id=organization_id, locked=locked)


def _room(plan: _Plan, tenant_id: int, code: str, *, organization_id: int | None, locked: bool) -> Room | None:
    limit, most = LIMITS[code], plan.most(code)
    if most is None:
        return None
    place = organization_id if limit.each else None
    if locked:
        _lock(tenant_id, code, place)
    present = _COUNTERS[code](tenant_id, place).order_by()[: most + 1].count()
    return Room(limit=limit, plan=plan.name, contact=plan.contact, most=most, present=present)


def require(tenant_id: int, code: str, adding: int = 1, *, organization_id: int | None = None) -> None:
    """Refuses to add so many where the plan does not allow them. Called inside an Action."""
    require_each(tenant_id, (code,), adding, organization_id=organization_id)


def require_each(tenant_id: int, codes: Sequence[str], adding: int = 1, *, organization_id: int | None = None) -> None:
    """Refuses what one of these limits does not allow, the first of them first. The plan is looked at once."""
    plan = _plan(tenant_id)
    for code in codes:
        found = _room(plan, tenant_id, code, organization_id=organization_id, locked=True)
        if found is not None and adding > found.left:
            raise found.refusal(adding)


def is_limited(tenant_id: int, code: str) -> bool:
    """Whether the tenant has room for so many only."""
    return _plan(tenant_id).most(code) is not None


def require_level(tenant_id: int, depth: int) -> None:
    """Refuses an organization so deep in the tree, the root being 1."""
    plan = _plan(tenant_id)
    most = plan.most("levels")
    if most is not None and depth > most:
        if not plan.name:
            raise Refused("organization_too_deep", levels=most)
        raise Room(limit=LIMITS["levels"], plan=plan.name, contact=plan.contact, most=most, present=most).refusal()


def refused_by_plan(tenant_id: int) -> dict[RoleEditing, Refused]:
    """What of it the plan does not let anybody do with roles, and why; empty where it lets them do all of it."""
    plan = Organization.objects.filter(pk=tenant_id).select_related("plan").get().plan
    if plan is None:
        return {}
    order = list(RoleEditing)
    held = order.index(RoleEditing(plan.features.get("roles", RoleEditing.CUSTOM)))
    whom = plan.contact or str(_("whoever runs this installation"))
    reasons = {RoleEditing.EDITABLE: "plan_roles_locked", RoleEditing.CUSTOM: "plan_roles_custom"}
    return {each: Refused(reasons[each], plan=plan.name, whom=whom) for each in order[held + 1 :]}


def require_role_editing(tenant_id: int, needed: RoleEditing) -> None:
    """Refuses to change roles, or to make new ones, where the plan keeps them as they are."""
    refused = refused_by_plan(tenant_id)
    if needed in refused:
        raise refused[needed]


def includes_sign_up(tenant_id: int) -> bool:
    """Whether the plan lets people sign up by themselves. Where no plan says anything, they may."""
    plan = Organization.objects.filter(pk=tenant_id).select_related("plan").get().plan
    return plan is None or bool(plan.features.get("sign_up", True))


def require_sign_up(tenant_id: int) -> None:
    """Refuses that people sign up by themselves where the plan does not include it."""
    if not includes_sign_up(tenant_id):
        plan = _plan(tenant_id)
        raise Refused("plan_sign_up", plan=plan.name, whom=plan.contact or str(_("whoever runs this installation")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """How much of a limit is used: ``present`` is None where it cannot be said in one number."""

    limit: Limit
    most: int | None
    present: int | None

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.present is not None and self.present > self.counted_to

    @property
    def counted_to(self) -> int:
        """How far rows were counted."""
        return max(self.most or 0, MOST_COUNTED)

    @property
    def shown(self) -> str:
        """The number as a person reads it, with a plus behind it where there are more than were counted."""
        said = number_format(min(self.present or 0, self.counted_to), force_grouping=True)
        return f"{said}+" if self.is_capped else said

    @property
    def most_shown(self) -> str:
        """How many there may be, as a person reads it."""
        return "" if self.most is None else number_format(self.most, force_grouping=True)

    @property
    def tone(self) -> str:
        """How urgent it is, as the bar's colour says it."""
        return "bad" if (self.percent or 0) >= FULL else "warn" if (self.percent or 0) >= NEARLY_FULL else ""

    @property
    def percent(self) -> int | None:
        """How full it is; None where there is no end."""
        if self.most is None or self.present is None:
            return None
        return FULL if self.present >= self.most else self.present * 100 // self.most


def usage(organization: Organization) -> Sequence[Used]:
    """What the tenant has, beside what its plan allows; of limits for each organization, what this one has."""
    plan = Organization.objects.filter(pk=organization.tenant_id).select_related("plan").get().plan
    found = []
    for limit in counted():
        most = plan.limits.get(limit.code, limit.otherwise) if plan else limit.otherwise
        present = None
        if limit.code in _COUNTERS:
            rows = _COUNTERS[limit.code](organization.tenant_id, organization.pk if limit.each else None)
            present = rows.order_by()[: max(most or 0, MOST_COUNTED) + 1].count()
        found.append(Used(limit=limit, most=most, present=present))
    return found


def _lock(tenant_id: int, code: str, organization_id: int | None) -> None:
    """Whoever else adds the same waits until this transaction ends."""
    with connection.cursor() as cursor:
        key = f"{LOCK}:{code}:{organization_id or ''}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [key, tenant_id])
