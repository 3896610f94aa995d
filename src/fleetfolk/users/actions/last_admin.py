"""An organization keeps at least one Admin who can sign in."""

from fleetfolk.access.models import BuiltinRole
from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User


def keep_an_admin(target: User) -> None:
    """Refuses where the target is the organization's last Admin who can sign in.

    Locks the organization, so that two Admins cannot remove each other at the same moment.
    """
    if target.role.builtin != BuiltinRole.ADMIN or not target.is_active:
        return
    Organization.objects.select_for_update(no_key=True, of=("self",)).get(pk=target.organization_id)
    others = User.objects.filter(
        tenant_id=target.tenant_id,
        organization_id=target.organization_id,
        role__builtin=BuiltinRole.ADMIN,
        is_active=True,
    ).exclude(pk=target.pk)
    if not others.exists():
        raise Refused("last_admin", organization=target.organization.name)
