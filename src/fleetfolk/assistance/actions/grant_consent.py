"""Allow support in beforehand."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models_switches import held_at_home
from fleetfolk.assistance.models import LONGEST_CONSENT, Consent
from fleetfolk.assistance.rules import STAFF
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, AssistMode
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantConsentInput:
    """For how many hours, and how far."""

    hours: int
    mode: AssistMode = AssistMode.VIEW


class GrantConsent(Action[User, GrantConsentInput]):
    """Support may look, or act, until then; what was allowed before is replaced."""

    code = "assistance.consent.grant"
    label = _("Allow remote assistance")
    said = _("allowed support in")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = GrantConsentInput

    def check(self, *, actor: Actor, target: User, data: GrantConsentInput) -> None:
        """Refuses more than a week, and where there is no remote assistance."""
        if not 1 <= data.hours <= LONGEST_CONSENT.total_seconds() // 3600:
            raise Refused("assist_consent_long")
        if STAFF & held_at_home(target):
            raise Refused("assist_staff", name=str(target))
        if rules_of(target.organization).assistance == AssistanceRule.OFF:
            raise Refused("assist_off", organization=target.organization.name)

    def apply(self, *, actor: Actor, target: User, data: GrantConsentInput) -> Outcome[User]:
        """Makes the row in place of the one that was open."""
        now = clock.now()
        Consent.objects.filter(user=target, revoked_at__isnull=True).update(revoked_at=now)
        until = now + dt.timedelta(hours=data.hours)
        Consent.objects.create(tenant_id=target.tenant_id, user=target, mode=data.mode, granted_at=now, until=until)
        return Outcome(target=target, facts={"mode": str(data.mode), "until": until.isoformat()})
