"""What the page of reasons can ask about: people, organizations and roles; packages above hang in their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.access.permissions import VIEW_ROLES
from fleetfolk.console.marking import folded, words_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import VIEW_ORGANIZATIONS
from fleetfolk.organizations.queries import organizations_named
from fleetfolk.users.listing import reach_of, users_listed
from fleetfolk.users.queries import user_detail

EACH: Final = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Something that could be meant."""

    key: int
    label: str
    sub: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of target, by the name of its model: how the viewer finds it, and the one that was chosen.

    ``get`` raises `TargetNotFound` for what the viewer may not see.
    """

    model: str
    label: StrPromise
    find: Callable[[Actor, str], Sequence[Found]]
    get: Callable[[Actor, int], Any]


def people(actor: Actor, typed: str) -> list[Found]:
    """People whom the viewer sees, by what was typed; who was there last comes first."""
    if not typed:
        return []
    try:
        reach = reach_of(actor, here_only=False)
    except Denied:
        return []
    found = users_listed(replace(reach, typed=typed, sort="last_sign_in", descending=True, size=EACH))
    return [
        Found(key=one.id, label=one.name, sub=f"{one.email} · {one.role} · {one.organization}") for one in found.rows
    ]


def _organizations(actor: Actor, typed: str) -> list[Found]:
    within = GATE.within_reach(Organization.objects.all(), actor=actor, permission=VIEW_ORGANIZATIONS)
    found = organizations_named(within, words_of(typed), limit=EACH)
    return [Found(key=one.pk, label=one.name, sub=str(one.get_kind_display())) for one in found]


def _organization(actor: Actor, key: int) -> Organization:
    within = GATE.within_reach(Organization.objects.all(), actor=actor, permission=VIEW_ORGANIZATIONS)
    return _one(within.filter(pk=key).first())


def _roles(actor: Actor, typed: str) -> list[Found]:
    roles = GATE.within_reach(Role.objects.all(), actor=actor, permission=VIEW_ROLES).order_by("position", "name")
    words = words_of(typed)
    return [Found(key=role.pk, label=role.name) for role in roles if all(word in folded(role.name) for word in words)]


def _role(actor: Actor, key: int) -> Role:
    return _one(GATE.within_reach(Role.objects.all(), actor=actor, permission=VIEW_ROLES).filter(pk=key).first())


def _one[M](found: M | None) -> M:
    if found is None:
        raise TargetNotFound
    return found


KINDS: Final[dict[str, Kind]] = {}


def register_kind(kind: Kind) -> None:
    """Actions on this kind can be asked about. A model named twice is a `TypeError`."""
    if kind.model in KINDS:
        raise TypeError(f"{kind.model} is there already")
    KINDS[kind.model] = kind


register_kind(Kind(model="users.User", label=_("People"), find=people, get=user_detail))
register_kind(
    Kind(model="organizations.Organization", label=_("Organizations"), find=_organizations, get=_organization)
)
register_kind(Kind(model="access.Role", label=_("Roles"), find=_roles, get=_role))
