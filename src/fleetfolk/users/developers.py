"""Who builds templates and integrations: developer mode, and the type of a person that pages show."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership
from fleetfolk.access.models_switches import HeldAt, HoldsAny, held_at_home
from fleetfolk.console.sql import Sql
from fleetfolk.kernel import clock
from fleetfolk.kernel.permissions import for_developers
from fleetfolk.kernel.statements import planned_once
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
    GUEST = "guest"
    CLIENT = "client"

    @property
    def label(self) -> StrPromise:
        """The word for it."""
        return _TYPES[self]


_TYPES: dict[UserType, StrPromise] = {
    UserType.DEVELOPER: _("Developer"),
    UserType.PARTNER: _("Partner"),
    UserType.GUEST: _("Guest"),
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
    """The type of a person who was loaded with role and organization: the first that fits. `type_sql` says the same."""
    if develops(person):
        return UserType.DEVELOPER
    if person.organization.kind in PARTNERS:
        return UserType.PARTNER
    is_guest = person.guest_roles and Membership.live().filter(user_id=person.pk).exists()
    return UserType.GUEST if is_guest else UserType.CLIENT


# Roles are few: those that hold such rights are looked up once for a whole list, and so are its plan and its partners.
_TYPE: Final = """(CASE
    WHEN coalesce({of}.developer, (
            SELECT plan.limits ->> 'developers' IS NULL
            FROM organizations_organization root LEFT JOIN organizations_plan plan ON plan.id = root.plan_id
            WHERE root.id = %s
        )) AND ({of}.role_id = ANY(ARRAY(
            SELECT role.id FROM access_role role
            WHERE role.tenant_id = %s AND role.differs = 0 AND role.permissions && %s::varchar[]
        )) OR ({of}.role_id = ANY(ARRAY(
            SELECT role.id FROM access_role role WHERE role.tenant_id = %s AND role.differs > 0
        )) AND access_held_at({of}.role_id, {of}.path) && %s::varchar[]))
        THEN 'developer'
    WHEN EXISTS (
            SELECT FROM organizations_organization partner
            WHERE partner.id = {of}.organization_id AND partner.tenant_id = %s AND partner.kind = ANY(%s::varchar[])
        ) THEN 'partner'
    WHEN {of}.guest_roles > 0 AND EXISTS (
            SELECT FROM access_membership guest
            WHERE guest.user_id = {of}.id AND guest.accepted_at IS NOT NULL
                AND (guest.ends_at IS NULL OR guest.ends_at > %s::timestamptz)
        ) THEN 'guest'
    ELSE 'client' END)"""


def type_sql(tenant_id: int, *, of: str = "users_user") -> Sql:
    """The type of a person of the tenant, whose row is called ``of``: `type_of`, for many."""
    rights = sorted(for_developers())
    parameters = (tenant_id, tenant_id, rights, tenant_id, rights, tenant_id, sorted(PARTNERS), clock.now())
    return Sql(_TYPE.format(of=of), parameters)


def types_of(tenant_id: int, keys: Sequence[int]) -> dict[int, UserType]:
    """The types of the people with these keys."""
    kind = type_sql(tenant_id)
    with planned_once() as cursor:
        cursor.execute(
            f"SELECT id, {kind.text} FROM users_user WHERE id = ANY(%s::bigint[])",  # noqa: S608 - ours
            [*kind.params, list(keys)],
        )
        return {key: UserType(said) for key, said in cursor.fetchall()}


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
