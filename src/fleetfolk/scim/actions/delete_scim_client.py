"""Shut a directory out."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Fact, Outcome
from fleetfolk.scim.models import ScimClient
from fleetfolk.scim.permissions import EDIT_SCIM
from fleetfolk.users.actions.no_input import NoInput


class DeleteScimClient(Action[ScimClient, NoInput]):
    """Its token opens nothing from the next request on. Its people stay as they are; what it called them is gone."""

    code = "scim.client.delete"
    label = _("Delete directory")
    said = _("shut the directory %(target)s out")
    permission = EDIT_SCIM
    target_model = "scim.ScimClient"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: ScimClient, data: NoInput) -> Outcome[ScimClient]:
        """Removes it with its names and groups."""
        key = target.pk
        people, groups = target.identities.count(), target.groups.count()
        facts: dict[str, Fact] = {"people": people, "groups": groups, "ended_in": target.secret_end}
        target.delete()
        target.pk = key
        return Outcome(target=target, facts=facts)
