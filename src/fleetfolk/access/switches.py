"""Switches of a role that differ by place: who may change them, what they were, and what stands above."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import RoleSwitches, held_at
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization

MOST_DIFFERING: Final = 10_000
"""In so many organizations can one role differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A role as it is in an organization: what it holds there and right above, and how many below say otherwise."""

    role: Role
    held: frozenset[str]
    above: frozenset[str]
    own: bool
    below: int

    @property
    def version(self) -> str:
        """All of that in short: whoever changes it says which one they saw."""
        said = f"{' '.join(sorted(self.held))}|{' '.join(sorted(self.above))}|{self.own}|{self.below}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def placed(role: Role, organization: Organization) -> Placed:
    """The role in an organization below the topmost one."""
    return Placed(
        role=role,
        held=held_at(role, organization.path),
        above=held_at(role, path_above(organization)),
        own=RoleSwitches.objects.filter(role=role, organization=organization).exists() if role.differs else False,
        below=switches_below(role, organization).count() if role.differs else 0,
    )


def path_above(organization: Organization) -> str:
    """The place right above the organization."""
    return organization.path.removesuffix(f"{organization.pk}.")


def switches_below(role: Role, organization: Organization) -> QuerySet[RoleSwitches]:
    """Where the role differs again, below the organization."""
    every = RoleSwitches.objects.filter(role=role, organization__path__startswith=organization.path)
    return every.exclude(organization=organization)


def grants_over_switches(actor: Actor, permission: Permission, organization: Organization) -> list[Grant]:
    """The grants by which the actor may change what roles hold in the organization."""
    return [
        grant for grant in grants_of(actor) if grant.reaches(organization.path) and permission.code in grant.permissions
    ]


def require_over_switches(
    actor: Actor, permission: Permission, organization: Organization, codes: Iterable[str]
) -> None:
    """Return where the actor holds all of the codes in the organization; else `Denied`."""
    wanted = frozenset(codes)
    if not any(wanted <= grant.permissions for grant in grants_over_switches(actor, permission, organization)):
        raise Denied("role_beyond_yours")
