"""Let an organization use a template no longer."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.enable_template import TemplateUseInput, organization_of
from fleetfolk.devices.models import Template, TemplateUse
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


class DisableTemplate(Action[Template, TemplateUseInput]):
    """No new device is made from the template in the organization and below it. Those that are there work on."""

    code = "template.disable"
    label = _("Disable template")
    said = _("disabled the template %(target)s for an organization")
    permission = EDIT_TEMPLATES
    target_model = "devices.Template"
    input_type = TemplateUseInput

    def check(self, *, actor: Actor, target: Template, data: TemplateUseInput) -> None:
        """Refuses where it is not enabled by name."""
        organization = organization_of(target, data.organization_id)
        if not TemplateUse.objects.filter(template=target, organization=organization).exists():
            raise Refused("template_not_enabled")

    def apply(self, *, actor: Actor, target: Template, data: TemplateUseInput) -> Outcome[Template]:
        """Takes it away."""
        organization = organization_of(target, data.organization_id)
        TemplateUse.objects.filter(template=target, organization=organization).delete()
        target.version += 1
        target.save(update_fields=["version"])
        return Outcome(target=target, facts={"organization": organization.name})
