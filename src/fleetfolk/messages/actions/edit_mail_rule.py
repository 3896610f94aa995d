"""Say what becomes of forged mail."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.pushmail.models import Forged, MailRule
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditMailRuleInput:
    """What becomes of it; None is what the organization above says."""

    forged: Forged | None = None


class EditMailRule(Action[Organization, EditMailRuleInput]):
    """The rule holds for the next mail on, here and below where nothing else is said."""

    code = "pushmail.rule.edit"
    label = _("Edit Push Mail rule")
    said = _("changed what becomes of forged mail in %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = EditMailRuleInput

    def apply(self, *, actor: Actor, target: Organization, data: EditMailRuleInput) -> Outcome[Organization]:
        """Writes the row, or takes it away."""
        rule = MailRule.objects.filter(organization=target).first()
        before = rule.forged if rule else None
        after = None if data.forged is None else data.forged.value
        if after is None:
            MailRule.objects.filter(organization=target).delete()
        else:
            MailRule.objects.update_or_create(
                organization=target, defaults={"tenant_id": target.tenant_id, "forged": after}
            )
        return Outcome(target=target, changes=[Change("forged_mail", before, after)] if before != after else [])
