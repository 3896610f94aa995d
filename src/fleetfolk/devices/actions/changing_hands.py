"""What a device leaves behind when its owner or its place changes, and who is told."""

from collections.abc import Iterable

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import BuiltinRole
from fleetfolk.devices.models import Device, DeviceTag, Gift, Share, Template
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.devices.template_queries import templates_for
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.archived import require_open
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

ADMINS_TOLD = 10
"""So many Admins of an organization are written to at most."""


def require_there(device: Device) -> None:
    """Refuses a deleted device: all that can be done to it is restoring."""
    if device.deleted_at is not None:
        raise Refused("device_deleted", name=device.name)


def require_usable(template_id: int, organization: Organization) -> Template:
    """The template, where devices of it may come into the organization; else it is refused."""
    require_open(organization)
    template = templates_for(organization).filter(pk=template_id).first()
    if template is None:
        raise Refused("template_not_here", organization=organization.name)
    return template


def require_owner(actor: Actor, email: str) -> User:
    """The active person with this address whom the actor may see; else it is refused, whatever the cause."""
    people = User.objects.select_related("organization", "role").filter(email=email, is_active=True)
    person = GATE.within_reach(people, actor=actor, permission=VIEW_USERS).first()
    if person is None:
        raise Refused("owner_unknown")
    return person


def reaches(actor: Actor, organization: Organization) -> bool:
    """Whether the actor sees the devices of the organization."""
    return any(
        ORG_DEVICES_VIEW.code in grant.permissions and grant.reaches(organization.path) for grant in grants_of(actor)
    )


def give(device: Device, *, owner: User | None, organization: Organization | None = None) -> int:
    """The device is the owner's, and of the organization where one is given. Returns how many shares ended.

    What another owner agreed with others is over: their shares end, and nobody is offered it any more. So does what
    belongs to the old place, the location and tags that the new one does not know. Devices that follow their owner keep
    their shares.
    """
    stays = owner is not None and owner.pk == device.owner_id
    fields = ["owner"]
    device.owner = owner
    if organization is not None and organization.pk != device.organization_id:
        device.organization, device.location = organization, None
        fields += ["organization", "location"]
        known = upwards(organization)
        DeviceTag.objects.filter(device=device).exclude(tag__organization_id__in=known).delete()
    device.save(update_fields=fields)
    ended = 0 if stays else Share.objects.filter(device=device).delete()[0]
    Gift.objects.filter(device=device).delete()
    device.refresh_from_db(fields=["path", "reach", "owner_key", "organization_key", "location_key"])
    return ended


def tell_both(
    device: Device, *, before: tuple[User | None, Organization], after: tuple[User | None, Organization], actor: Actor
) -> None:
    """Whoever had the device and whoever has it now have a mail, the actor excepted: an owner, else the Admins."""
    about = {"device": device.name, "by": actor.label}
    gone, come = _whom(*before), _whom(*after)
    come_keys = {person.pk for person in come}
    for person in gone:
        if person.pk not in come_keys | {actor.user_id}:
            notify(person, "device_gone", organization=before[1].name, **about)
    gone_keys = {person.pk for person in gone}
    for person in come:
        if person.pk not in gone_keys | {actor.user_id}:
            notify(person, "device_come", organization=after[1].name, **about)


def tell_staff(device: Device, notice: str, *, by: Actor) -> None:
    """The Admins of the device's organization have a mail, the actor excepted."""
    for person in _whom(None, device.organization):
        if person.pk != by.user_id:
            notify(person, notice, device=device.name, organization=device.organization.name, by=by.label)


def _whom(owner: User | None, organization: Organization) -> Iterable[User]:
    if owner is not None:
        return [owner]
    admins = User.objects.filter(
        tenant_id=organization.tenant_id, organization=organization, role__builtin=BuiltinRole.ADMIN, is_active=True
    )
    return list(admins.order_by("pk")[:ADMINS_TOLD])
