"""Let an organization use a template."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Template, TemplateUse
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import upwards


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateUseInput:
    """The key of an organization of the tenant; the root stands for all of them."""

    organization_id: int


class EnableTemplate(Action[Template, TemplateUseInput]):
    """Devices can be made from the template in the organization and below it."""

    code = "template.enable"
    label = _("Enable template")
    said = _("enabled the template %(target)s for an organization")
    permission = EDIT_TEMPLATES
    target_model = "devices.Template"
    input_type = TemplateUseInput

    def check(self, *, actor: Actor, target: Template, data: TemplateUseInput) -> None:
        """Refuses where it is enabled already, there or above."""
        organization = organization_of(target, data.organization_id)
        if TemplateUse.objects.filter(template=target, organization_id__in=upwards(organization)).exists():
            raise Refused("template_enabled")

    def apply(self, *, actor: Actor, target: Template, data: TemplateUseInput) -> Outcome[Template]:
        """Enables it; what was said further down is contained in it now."""
        organization = organization_of(target, data.organization_id)
        TemplateUse.objects.filter(template=target, organization__path__startswith=organization.path).delete()
        TemplateUse.objects.create(tenant_id=target.tenant_id, template=target, organization=organization)
        target.version += 1
        target.save(update_fields=["version"])
        return Outcome(target=target, facts={"organization": organization.name})


def organization_of(template: Template, organization_id: int) -> Organization:
    """The organization, of the template's tenant."""
    found = Organization.objects.filter(tenant_id=template.tenant_id, pk=organization_id).first()
    if found is None:
        raise TargetNotFound
    return found
