"""Begin to work in another organization."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.grants import held_everywhere, may_work_in
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class StartWorkInput:
    """The organization to work in."""

    organization_id: int


class StartWork(Action[User, StartWorkInput]):
    """The person may work in the organization, and the log says that they do. Their browser keeps where they are."""

    code = "user.work.start"
    label = _("Work in another organization")
    said = _("began to work in another organization")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = StartWorkInput

    def check(self, *, actor: Actor, target: User, data: StartWorkInput) -> None:
        """Takes a role in the organization, or above it the right to switch into those below."""
        found = Organization.objects.filter(pk=data.organization_id, tenant_id=actor.tenant_id).first()
        if found is None or not may_work_in(found.path, held_everywhere(actor)):
            raise Refused("place_not_yours")

    def apply(self, *, actor: Actor, target: User, data: StartWorkInput) -> Outcome[User]:
        """Nothing of the account changes; the entry is the trace."""
        organization = Organization.objects.get(pk=data.organization_id, tenant_id=actor.tenant_id)
        return Outcome(target=target, facts={"organization": organization.name, "organization_id": organization.pk})
