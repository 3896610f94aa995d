"""Change what a template says of itself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.create_template import require_template_name
from fleetfolk.devices.models import Template
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_parts import TemplateFacts, require_fit
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome, changes_between


@dataclass(frozen=True, kw_only=True, slots=True)
class EditTemplateInput:
    """Everything that the template says from now on."""

    facts: TemplateFacts


class EditTemplate(Action[Template, EditTemplateInput]):
    """The template says what was given. Its id stays: firmware carries it."""

    code = "template.edit"
    label = _("Edit template")
    said = _("edited the template %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.Template"
    input_type = EditTemplateInput

    def check(self, *, actor: Actor, target: Template, data: EditTemplateInput) -> None:
        """Refuses facts that do not fit, and a name that is taken."""
        require_fit(data.facts)
        require_template_name(target.tenant_id, data.facts.name, besides=target.pk)

    def apply(self, *, actor: Actor, target: Template, data: EditTemplateInput) -> Outcome[Template]:
        """Saves what differs."""
        changes = changes_between(target, data.facts.columns())
        if changes:
            for change in changes:
                setattr(target, change.field, data.facts.columns()[change.field])
            target.version += 1
            target.save(update_fields=[*(change.field for change in changes), "version"])
        return Outcome(target=target, changes=changes)
