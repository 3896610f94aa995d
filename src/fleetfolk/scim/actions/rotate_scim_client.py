"""Give a directory another token."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.scim.models import ScimClient
from fleetfolk.scim.permissions import EDIT_SCIM
from fleetfolk.scim.rights import require_giveable, require_hands


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateScimClientInput:
    """What is kept of the new token, which the door shows once."""

    secret_hash: str = field(repr=False)
    secret_end: str


class RotateScimClient(Action[ScimClient, RotateScimClientInput]):
    """The new token opens, the old one does not. What the directory calls people stays."""

    code = "scim.client.rotate"
    label = _("Replace a directory's token")
    said = _("replaced the token of the directory %(target)s")
    permission = EDIT_SCIM
    target_model = "scim.ScimClient"
    input_type = RotateScimClientInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: ScimClient, data: RotateScimClientInput) -> None:
        """Denies keys, and the token of a directory that may do more than the actor."""
        require_hands(actor)
        roles = list(Role.objects.filter(pk__in=target.roles.values("pk")).values_list("pk", flat=True))
        require_giveable(
            actor, target.organization, permissions=target.permissions, role_id=target.role_id, role_ids=roles
        )

    def apply(self, *, actor: Actor, target: ScimClient, data: RotateScimClientInput) -> Outcome[ScimClient]:
        """Keeps the hash."""
        before = target.secret_end
        target.secret_hash, target.secret_end, target.rotated_at = data.secret_hash, data.secret_end, clock.now()
        target.save(update_fields=["secret_hash", "secret_end", "rotated_at"])
        return Outcome(target=target, facts={"ended_in": before, "ends_in": data.secret_end})
