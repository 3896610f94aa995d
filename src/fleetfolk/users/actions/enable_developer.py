"""Switch a person's developer mode on."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations import limits
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.developers import could_develop, develops
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_DEVELOPERS


class EnableDeveloper(Action[User, NoInput]):
    """What the person's role says of templates and integrations counts. A role that says nothing of them cannot."""

    code = "user.developer.enable"
    label = _("Switch developer mode on")
    said = _("switched the developer mode of %(target)s on")
    permission = EDIT_DEVELOPERS
    target_model = "users.User"
    input_type = NoInput

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses for a role that leaves nothing to develop, who is a developer, and one more than the plan allows."""
        if not could_develop(target):
            raise Refused("developer_role", name=str(target), role=target.role.name)
        if develops(target):
            raise Refused("developer_on", name=str(target))
        limits.require(target.tenant_id, "developers", organization_id=target.organization_id)

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Switches it on."""
        target.developer = True
        target.save(update_fields=["developer"])
        return Outcome(target=target, changes=[Change("developer", False, True)])
