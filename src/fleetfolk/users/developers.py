"""Who builds templates and integrations: developer mode, and the type of a person that pages show."""

from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.access.models import Role
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
    return not for_developers().isdisjoint(person.role.permissions)


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
    roles = Role.objects.filter(tenant_id=tenant_id, permissions__overlap=sorted(for_developers()))
    switched = Q(developer=True)
    if not limits.is_limited(tenant_id, "developers"):
        switched |= Q(developer=None)
    return Q(role_id__in=list(roles.values_list("pk", flat=True))) & switched


def switched_on(tenant_id: int, organization_id: int | None) -> QuerySet[Any]:
    """Those of an organization who take a developer's place of the plan, whatever their state."""
    return User.objects.filter(tenant_id=tenant_id, organization_id=organization_id or 0, developer=True)


def keep_developers(tenant_id: int) -> None:
    """Whoever has been a developer by role alone goes on being one, now that a plan counts them."""
    roles = Role.objects.filter(tenant_id=tenant_id, permissions__overlap=sorted(for_developers()))
    people: models.QuerySet[User] = User.objects.filter(tenant_id=tenant_id, developer=None)
    people.filter(role_id__in=list(roles.values_list("pk", flat=True))).update(developer=True)
