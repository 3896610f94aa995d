"""Take a template out of the archive."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Template
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class RestoreTemplate(Action[Template, NoInput]):
    """Devices are made from the template again."""

    code = "template.restore"
    label = _("Restore template")
    said = _("restored the template %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.Template"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Template, data: NoInput) -> None:
        """Refuses what is not archived."""
        if target.archived_at is None:
            raise Refused("template_not_archived")

    def apply(self, *, actor: Actor, target: Template, data: NoInput) -> Outcome[Template]:
        """Takes the mark away."""
        target.archived_at = None
        target.version += 1
        target.save(update_fields=["archived_at", "version"])
        return Outcome(target=target)
