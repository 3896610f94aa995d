"""Begin to set a device up over its own Wi-Fi."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_usable
from fleetfolk.devices.actions.rename_device import require_name
from fleetfolk.devices.models import Device, Provisioning, Reported
from fleetfolk.devices.permissions import OWN_DEVICES_PROVISION
from fleetfolk.devices.tokens import Kept
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

PROVISIONING_LASTS = dt.timedelta(hours=1)
MOST_OPEN = 10
"""So many devices one person sets up at the same time: each is a row until its hour is over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateProvisioningInput:
    """What is kept of the token that the app passes to the device."""

    template_id: int
    name: str
    token: Kept


class CreateProvisioning(Action[Organization, CreateProvisioningInput]):
    """The actor has a device that signs in with the token within the hour; one that does not is gone afterwards."""

    code = "device.provisioning.create"
    label = _("Set up device")
    said = _("began to set up %(target)s")
    permission = OWN_DEVICES_PROVISION
    target_model = "organizations.Organization"
    input_type = CreateProvisioningInput

    def check(self, *, actor: Actor, target: Organization, data: CreateProvisioningInput) -> None:
        """Refuses another place than one's own, what is no name, a template that is not enabled there, and too many."""
        if actor.user_id is None or not User.objects.filter(pk=actor.user_id, organization=target).exists():
            raise Refused("claim_home")
        require_name(data.name)
        require_usable(data.template_id, target)
        begun = Provisioning.objects.filter(user_id=actor.user_id, done_at=None, expires_at__gt=clock.now())
        if begun.count() >= MOST_OPEN:
            raise Refused("provisioning_many", most=MOST_OPEN)
        limits.require(target.tenant_id, "devices")

    def apply(self, *, actor: Actor, target: Organization, data: CreateProvisioningInput) -> Outcome[Device]:  # type: ignore[override]
        """Makes the device and its hour."""
        now, template = clock.now(), require_usable(data.template_id, target)
        owner = User.objects.get(pk=actor.user_id or 0)
        device = Device.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            template=template,
            owner=owner,
            name=data.name,
            token_hash=data.token.hash,
            token_end=data.token.end,
            created_at=now,
        )
        Reported.objects.create(device=device, tenant_id=device.tenant_id)
        Provisioning.objects.create(
            tenant_id=device.tenant_id, device=device, user=owner, expires_at=now + PROVISIONING_LASTS
        )
        return Outcome(target=device, facts={"template": template.name, "token": data.token.end})
