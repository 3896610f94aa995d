"""Make nothing new from a template."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Template
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class ArchiveTemplate(Action[Template, NoInput]):
    """No new device is made from the template. Those that are there work on."""

    code = "template.archive"
    label = _("Archive template")
    said = _("archived the template %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.Template"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Template, data: NoInput) -> None:
        """Refuses what is archived already."""
        if target.archived_at is not None:
            raise Refused("template_archived")

    def apply(self, *, actor: Actor, target: Template, data: NoInput) -> Outcome[Template]:
        """Marks it."""
        target.archived_at = clock.now()
        target.version += 1
        target.save(update_fields=["archived_at", "version"])
        return Outcome(target=target)
