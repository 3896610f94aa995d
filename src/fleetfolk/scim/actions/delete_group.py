"""Forget a directory's group."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.scim.models import Group
from fleetfolk.scim.rights import require_directory
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.permissions import INVITE_USERS


class DeleteGroup(Action[Group, NoInput]):
    """The group is gone. What role its people have is another change; the role itself stays in any case."""

    code = "scim.group.delete"
    label = _("Delete a directory's group")
    said = _("deleted the group %(target)s")
    permission = INVITE_USERS
    target_model = "scim.Group"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Group, data: NoInput) -> None:
        """Denies whoever is not its directory."""
        require_directory(actor, target.client_id)

    def apply(self, *, actor: Actor, target: Group, data: NoInput) -> Outcome[Group]:
        """Removes it."""
        key, members = target.pk, target.members.count()
        target.delete()
        target.pk = key
        return Outcome(target=target, facts={"people": members})
