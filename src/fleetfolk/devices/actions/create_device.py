"""Add a device by hand."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_owner, require_usable
from fleetfolk.devices.actions.edit_device import require_serial
from fleetfolk.devices.actions.rename_device import require_name
from fleetfolk.devices.models import Device, Reported
from fleetfolk.devices.permissions import ORG_DEVICES_CREATE
from fleetfolk.devices.tokens import Kept
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization
from fleetfolk.users.mail import notify


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateDeviceInput:
    """``token`` is what is kept of the token that the door shows once; ``owner_email`` may be empty."""

    template_id: int
    name: str
    token: Kept
    owner_email: str = ""
    serial: str = ""


class CreateDevice(Action[Organization, CreateDeviceInput]):
    """There is a device of the template in the organization, which signs in with the token."""

    code = "device.create"
    label = _("Add device")
    said = _("added %(target)s")
    permission = ORG_DEVICES_CREATE
    target_model = "organizations.Organization"
    input_type = CreateDeviceInput

    def check(self, *, actor: Actor, target: Organization, data: CreateDeviceInput) -> None:
        """Refuses what is no name or serial number, a template that is not enabled here, and an owner out of reach."""
        require_name(data.name)
        require_serial(data.serial)
        require_usable(data.template_id, target)
        if data.owner_email:
            require_owner(actor, data.owner_email)
        limits.require(target.tenant_id, "devices")

    def apply(self, *, actor: Actor, target: Organization, data: CreateDeviceInput) -> Outcome[Device]:  # type: ignore[override]
        """Makes the device, and tells its owner."""
        owner = require_owner(actor, data.owner_email) if data.owner_email else None
        template = require_usable(data.template_id, target)
        device = Device.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            template=template,
            owner=owner,
            name=data.name,
            serial=data.serial,
            token_hash=data.token.hash,
            token_end=data.token.end,
            created_at=clock.now(),
        )
        Reported.objects.create(device=device, tenant_id=device.tenant_id)
        if owner is not None and owner.pk != actor.user_id:
            notify(owner, "device_come", device=device.name, organization=target.name, by=actor.label)
        return Outcome(
            target=device, facts={"template": template.name, "token": data.token.end, "owner": str(owner or "")}
        )
