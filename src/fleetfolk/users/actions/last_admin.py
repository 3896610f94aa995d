"""An organization keeps at least one Admin who can sign in, and the installation a Super Admin."""

from django.db.models import QuerySet

from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User
from fleetfolk.users.reasons import LAST_STAYS


def without_admins(targets: QuerySet[User]) -> QuerySet[User]:
    """Those for whom `keep_an_admin` never refuses: each Admin is looked at alone, for the next may be the last."""
    return targets.exclude(role__builtin__in=LAST_STAYS, is_active=True)


def keep_an_admin(target: User) -> None:
    """Refuses where the target is the organization's last Admin, or Super Admin, who can sign in.

    Locks the organization, so that two of them cannot remove each other at the same moment.
    """
    if target.role.builtin not in LAST_STAYS or not target.is_active:
        return
    Organization.objects.select_for_update(no_key=True, of=("self",)).get(pk=target.organization_id)
    others = User.objects.filter(
        tenant_id=target.tenant_id,
        organization_id=target.organization_id,
        role__builtin=target.role.builtin,
        is_active=True,
    ).exclude(pk=target.pk)
    if not others.exists():
        raise Refused(LAST_STAYS[target.role.builtin], organization=target.organization.name)
