"""On whose side somebody acts on a device: the organization's, by a role at or above its place, or a holder's alone."""

from collections.abc import Sequence

from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.devices.models import Device, Hold
from fleetfolk.devices.permissions import ORG_DEVICES_DELETE, ORG_DEVICES_EDIT, ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.permissions import Permission


def for_organization(
    actor: Actor, device: Device, permission: Permission, grants: Sequence[Grant] | None = None
) -> bool:
    """Whether the actor has the right where the device is, and not only by owning it or by a share."""
    if actor.user_id is None:
        return True
    held = grants_of(actor) if grants is None else grants
    return any(permission.code in grant.permissions and grant.reaches(device.path) for grant in held)


def is_close(actor: Actor, device: Device, grants: Sequence[Grant]) -> bool:
    """Whether the actor sees the device as its organization's side does, or owns or manages it: a share that lets one
    see or control it shows what it says and with whom it is shared, not what is known of it besides."""
    if for_organization(actor, device, ORG_DEVICES_VIEW, grants):
        return True
    return actor.user_id is not None and device.is_held_by(actor.user_id, Hold.MANAGE)


def may_activate(actor: Actor, device: Device, grants: Sequence[Grant] | None = None) -> bool:
    """Whether what was deactivated is the actor's to undo: what the organization did, its side alone undoes."""
    by_them = device.deactivated_at is not None and device.deactivated_by_organization
    return not by_them or for_organization(actor, device, ORG_DEVICES_EDIT, grants)


def may_restore(actor: Actor, device: Device, grants: Sequence[Grant] | None = None) -> bool:
    """Whether what was deleted is the actor's to undo."""
    by_them = device.deleted_at is not None and device.deleted_by_organization
    return not by_them or for_organization(actor, device, ORG_DEVICES_DELETE, grants)


def require_undoable(may: bool, device: Device) -> None:
    """Denies what only the organization's side undoes."""
    if not may:
        raise Denied("device_organizations", organization=device.organization.name)
