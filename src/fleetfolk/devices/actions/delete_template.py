"""Delete a template that no device uses."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device, Template
from fleetfolk.devices.permissions import DELETE_TEMPLATES
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class DeleteTemplate(Action[Template, NoInput]):
    """The template is gone with its datastreams, metadata fields and events."""

    code = "template.delete"
    label = _("Delete template")
    said = _("deleted the template %(target)s")
    permission = DELETE_TEMPLATES
    target_model = "devices.Template"
    input_type = NoInput
    risk = Risk.IRREVERSIBLE

    def check(self, *, actor: Actor, target: Template, data: NoInput) -> None:
        """Refuses a template that devices are made from, also deleted ones that could be restored."""
        count = Device.objects.filter(template=target).count()
        if count:
            raise Refused("template_in_use", count=count)

    def apply(self, *, actor: Actor, target: Template, data: NoInput) -> Outcome[Template]:
        """Deletes it. The log still says which it was."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target, facts={"public_id": target.public_id})
