"""Move a device to another person or organization."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import (
    give,
    reaches,
    require_owner,
    require_there,
    require_usable,
    tell_both,
)
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import TRANSFER_DEVICES
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferDeviceInput:
    """To whom: the address of a person, whose organization the device goes to; or an organization, without an owner."""

    email: str = ""
    organization_id: int | None = None


class TransferDevice(Action[Device, TransferDeviceInput]):
    """The device is in another organization, with the person as its owner or without one. Both sides are told.

    Its token and what it reported go with it; shares, the location and tags of the old place do not.
    """

    code = "device.transfer"
    label = _("Transfer device")
    said = _("transferred %(target)s")
    permission = TRANSFER_DEVICES
    target_model = "devices.Device"
    input_type = TransferDeviceInput
    risk = Risk.SENSITIVE
    moves_target = True

    def check(self, *, actor: Actor, target: Device, data: TransferDeviceInput) -> None:
        """Refuses what is out of reach, where the device is already, and where its template is not enabled."""
        require_there(target)
        owner, organization = destination(actor, data)
        if organization.pk == target.organization_id and (None if owner is None else owner.pk) == target.owner_id:
            raise Refused("transfer_nowhere")
        if not reaches(actor, organization):
            raise Refused("owner_elsewhere", person=str(owner)) if owner else Refused("transfer_organization")
        if organization.pk != target.organization_id:
            require_usable(target.template_id, organization)

    def apply(self, *, actor: Actor, target: Device, data: TransferDeviceInput) -> Outcome[Device]:
        """Moves the device."""
        before = (target.owner, target.organization)
        owner, organization = destination(actor, data)
        ended = give(target, owner=owner, organization=organization)
        tell_both(target, before=before, after=(owner, organization), actor=actor)
        changes = [
            Change("organization", before[1].name, organization.name),
            Change("owner", str(before[0]) if before[0] else None, str(owner) if owner else None),
        ]
        changed = [change for change in changes if change.before != change.after]
        return Outcome(target=target, changes=changed, facts={"shares_ended": ended})


def destination(actor: Actor, data: TransferDeviceInput) -> tuple[User | None, Organization]:
    """The new owner, if any, and the new organization. Raises `Refused` for what the actor does not see."""
    if data.email:
        owner = require_owner(actor, data.email)
        return owner, owner.organization
    organization = Organization.objects.filter(tenant_id=actor.tenant_id, pk=data.organization_id or 0).first()
    if organization is None:
        raise Refused("transfer_organization")
    return None, organization
