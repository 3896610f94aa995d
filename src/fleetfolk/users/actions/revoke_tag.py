"""Take a tag off a person."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.assign_tag import AssignTagInput
from fleetfolk.users.models import User, UserTag
from fleetfolk.users.permissions import EDIT_USERS


class RevokeTag(Action[User, AssignTagInput]):
    """The person no longer carries the tag."""

    code = "user.tag.revoke"
    label = _("Remove tag")
    said = _("untagged %(target)s")
    permission = EDIT_USERS
    target_model = "users.User"
    input_type = AssignTagInput

    def apply(self, *, actor: Actor, target: User, data: AssignTagInput) -> Outcome[User]:
        """Removes it where it is there."""
        held = UserTag.objects.select_related("tag").filter(user=target, tag_id=data.tag_id).first()
        if held is None:
            return Outcome(target=target)
        held.delete()
        return Outcome(target=target, facts={"tag": held.tag.name})
