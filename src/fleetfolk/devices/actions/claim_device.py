"""Claim a device by its code."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import give
from fleetfolk.devices.models import Claim, Device
from fleetfolk.devices.permissions import OWN_DEVICES_PROVISION
from fleetfolk.devices.template_queries import templates_enabled
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimDeviceInput:
    """The hash of the code that was typed or scanned."""

    code_hash: str


class ClaimDevice(Action[Organization, ClaimDeviceInput]):
    """The device of the code is in the claimer's own organization, and they own it. A code is good for one claim.

    A code that nobody knows, one that was used and one of another tenant are refused with the same words; so is the
    code of a device that somebody was given meanwhile, from whom whoever reads the label would take it. A device comes
    into no organization for which its template is not enabled.
    """

    code = "device.claim"
    label = _("Claim device")
    said = _("claimed %(target)s")
    permission = OWN_DEVICES_PROVISION
    target_model = "organizations.Organization"
    input_type = ClaimDeviceInput

    def check(self, *, actor: Actor, target: Organization, data: ClaimDeviceInput) -> None:
        """Refuses another organization than one's own."""
        if actor.user_id is None or not User.objects.filter(pk=actor.user_id, organization=target).exists():
            raise Refused("claim_home")

    def apply(self, *, actor: Actor, target: Organization, data: ClaimDeviceInput) -> Outcome[Device]:  # type: ignore[override]
        """Moves the device and uses the code up. Of two at the same moment, the second finds it used."""
        # The claim alone is locked first: what is joined with it could be older than the lock.
        claim = (
            Claim.objects.select_for_update(no_key=True, of=("self",))
            .filter(tenant_id=actor.tenant_id, code_hash=data.code_hash, claimed_at__isnull=True)
            .first()
        )
        if claim is None:
            raise Refused("claim_code")
        Device.objects.select_for_update(no_key=True, of=("self",)).get(pk=claim.device_id)
        device = Device.objects.select_related(*Device.comes_with).get(pk=claim.device_id)
        if device.deleted_at is not None or device.deactivated_at is not None or device.owner_id is not None:
            raise Refused("claim_code")
        elsewhere = device.organization_id != target.pk
        if elsewhere and not templates_enabled(target).filter(pk=device.template_id).exists():
            raise Refused("claim_template", organization=target.name)
        owner = User.objects.get(pk=actor.user_id or 0)
        before = device.organization.name
        give(device, owner=owner, organization=target)
        claim.claimed_at, claim.claimed_by = clock.now(), owner
        claim.save(update_fields=["claimed_at", "claimed_by"])
        changes = [
            Change("organization", before, target.name),
            Change("owner", None, str(owner)),
        ]
        changed = [change for change in changes if change.before != change.after]
        return Outcome(target=device, changes=changed, facts={"code": claim.code_end})
