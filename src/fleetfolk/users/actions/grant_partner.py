"""Let a partner in."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models_guests import PartnerMode, Partnership
from fleetfolk.access.permissions import EDIT_PARTNERS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.users.guests import findable_partners, require_end


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantPartnerInput:
    """Who, how far, and from when until when; without a beginning at once, without an end until it is ended."""

    partner_id: int
    mode: str
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


class GrantPartner(Action[Organization, GrantPartnerInput]):
    """The partner's people reach the client's devices for the period. What was said of it before gives way."""

    code = "partner.grant"
    label = _("Let a partner in")
    said = _("let a partner in to %(target)s")
    permission = EDIT_PARTNERS
    target_model = "organizations.Organization"
    input_type = GrantPartnerInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: GrantPartnerInput) -> None:
        """Refuses who cannot be found, the client itself, a mode that there is not, and a period that is over."""
        if data.partner_id == target.pk or not findable_partners(actor).filter(pk=data.partner_id).exists():
            raise Refused("partner_unknown")
        if data.mode not in PartnerMode.values:
            raise Refused("partner_mode")
        require_end(data.ends_at)
        if data.starts_at is not None and data.ends_at is not None and data.ends_at <= data.starts_at:
            raise Refused("partner_period")

    def apply(self, *, actor: Actor, target: Organization, data: GrantPartnerInput) -> Outcome[Organization]:
        """Keeps it."""
        now = clock.now()
        let, _made = Partnership.objects.update_or_create(
            client=target,
            partner_id=data.partner_id,
            defaults={
                "tenant_id": target.tenant_id,
                "mode": data.mode,
                "starts_at": data.starts_at or now,
                "ends_at": data.ends_at,
                "created_at": now,
                "created_by_id": actor.user_id or 0,
                "created_by_label": actor.label,
            },
        )
        facts = {
            "partner": let.partner.name,
            "mode": data.mode,
            "from": let.starts_at.isoformat(),
            "until": data.ends_at.isoformat() if data.ends_at else "",
        }
        return Outcome(target=target, facts=facts)
