"""Who builds templates and integrations: developer mode, and the type of a person that pages show."""

from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import HeldAt, HoldsAny, held_at_home
from fleetfolk.kernel.permissions import for_developers
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import OrganizationKind
from fleetfolk.users.models import User

PARTNERS = frozenset(
    {
        OrganizationKind.DISTRIBUTOR.value,
        OrganizationKind.RESELLER.value,
        OrganizationKind.CONTRACTOR.value,
        OrganizationKind.INSTALLER.value,
    }
)


class UserType(StrEnum):
    """What somebody is to the operator, besides what their role lets them do."""

    DEVELOPER = "developer"
    PARTNER = "partner"
    CLIENT = "client"

    @property
    def label(self) -> StrPromise:
        """The word for it."""
        return _TYPES[self]


_TYPES: dict[UserType, StrPromise] = {
    UserType.DEVELOPER: _("Developer"),
    UserType.PARTNER: _("Partner"),
    UserType.CLIENT: _("Client"),
}


def could_develop(person: User) -> bool:
    """Whether the person's role holds anything that takes developer mode."""
    return not for_developers().isdisjoint(held_at_home(person))


def develops(person: User) -> bool:
    """Whether the person is in developer mode: the role says so, unless it was switched or a plan limits how many."""
    if not could_develop(person):
        return False
    return person.developer if person.developer is not None else not limits.is_limited(person.tenant_id, "developers")


def type_of(person: User) -> UserType:
    """The type of a person who was loaded with role and organization."""
    if develops(person):
        return UserType.DEVELOPER
    return UserType.PARTNER if person.organization.kind in PARTNERS else UserType.CLIENT


def developers_of(tenant_id: int) -> Q:
    """Which people of the tenant are in developer mode."""
    switched = Q(developer=True)
    if not limits.is_limited(tenant_id, "developers"):
        switched |= Q(developer=None)
    return _could_develop(tenant_id) & switched


def switched_on(tenant_id: int, organization_id: int | None) -> QuerySet[Any]:
    """Those of an organization who take a developer's place of the plan, whatever their state."""
    return User.objects.filter(tenant_id=tenant_id, organization_id=organization_id or 0, developer=True)


def keep_developers(tenant_id: int) -> None:
    """Whoever has been a developer by role alone goes on being one, now that a plan counts them."""
    people: models.QuerySet[User] = User.objects.filter(tenant_id=tenant_id, developer=None)
    people.filter(_could_develop(tenant_id)).update(developer=True)


def _could_develop(tenant_id: int) -> Q:
    """`could_develop`, for many."""
    rights = sorted(for_developers())
    roles = Role.objects.filter(tenant_id=tenant_id)
    same = list(roles.filter(differs=0, permissions__overlap=rights).values_list("pk", flat=True))
    others = list(roles.filter(differs__gt=0).values_list("pk", flat=True))
    alike = Q(role_id__in=same)
    if not others:
        return alike
    there = HoldsAny(HeldAt(F("role_id"), F("path")), rights)
    return alike | (Q(role_id__in=others) & Q(there))
