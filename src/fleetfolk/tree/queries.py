"""One organization as its pages and Actions ask of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import held_at
from fleetfolk.devices.models import Device
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import VIEW_ORGANIZATIONS
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.models import User


def organization_seen(actor: Actor, organization_id: int, *, grants: Any = None) -> Organization:
    """The organization, where the actor may see it. Raises `TargetNotFound` or `Denied`."""
    known = Organization.objects.select_related("tenant", "parent")
    found = known.filter(pk=organization_id, tenant_id=actor.tenant_id).first()
    if found is None:
        raise TargetNotFound
    decision = GATE.decide(actor, VIEW_ORGANIZATIONS, found, grants_of(actor) if grants is None else grants)
    if not decision.allowed:
        raise Denied(decision.reason) if decision.visible else TargetNotFound
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """How many people and devices are in an organization, also those that no list shows, and how many are below it."""

    users: int
    devices: int
    organizations: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody and nothing is there."""
        return not (self.users or self.devices or self.organizations)


def contents_of(organization: Organization) -> Contents:
    """What is right in the organization."""
    return Contents(
        users=User.objects.filter(organization=organization).count(),
        devices=Device.objects.filter(organization=organization).count(),
        organizations=Organization.objects.filter(parent=organization).count(),
    )


def stays(organization: Organization, actor: Actor, permission: Permission) -> bool:
    """Whether the actor leaves it where it is: a tenant, their own, one above that, or theirs only from itself down.

    Whoever takes an organization away from the one above it holds the right there, too.
    """
    if organization.parent is None or is_above(organization, actor):
        return True
    return not GATE.decide(actor, permission, organization.parent).allowed


def is_above(organization: Organization, actor: Actor) -> bool:
    """Whether the acting person's own organization is this one or below it."""
    if actor.user_id is None:
        return False
    home = get_user_model()._default_manager.filter(pk=actor.user_id, tenant_id=actor.tenant_id)
    return home.filter(path__startswith=organization.path).exists()


def require_no_stronger(actor: Actor, organization: Organization, permission: Permission) -> None:
    """Denies what touches people in or below the organization who may do more than the actor."""
    people = User.objects.filter(tenant_id=organization.tenant_id, path__startswith=organization.path)
    weaker = GATE.where_giveable(actor, permission)
    if (people if weaker is None else people.exclude(weaker)).exists():
        raise Denied("target_is_stronger")


def roles_switched_by(organization: Organization, parent: Organization) -> list[Role]:
    """The roles whose switches would be others in the organization if it went under the other one."""
    differing = Role.objects.filter(tenant_id=organization.tenant_id, differs__gt=0).order_by("position", "name")
    open_to = differing.exclude(switches__organization=organization)
    return [role for role in open_to if held_at(role, organization.path) != held_at(role, parent.path)]


def require_no_gain(actor: Actor, organization: Organization, parent: Organization, permission: Permission) -> None:
    """Denies a place whose switches would let a role do there what the actor may not give."""
    giveable = GATE.giveable_roles(actor, permission, parent)
    gaining = {
        role.pk
        for role in roles_switched_by(organization, parent)
        if not held_at(role, parent.path) <= held_at(role, organization.path)
    }
    if gaining and giveable.filter(pk__in=gaining).count() < len(gaining):
        raise Denied("role_is_stronger")


def line_of(organization: Organization) -> list[Organization]:
    """The organization and all above it, from the root down."""
    return list(Organization.objects.filter(pk__in=upwards(organization)).order_by("path"))
