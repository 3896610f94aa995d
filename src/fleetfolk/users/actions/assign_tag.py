"""Put a tag on a person."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Tag
from fleetfolk.users.models import User, UserTag
from fleetfolk.users.permissions import EDIT_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignTagInput:
    """The key of a tag of the person's organization or one above it."""

    tag_id: int


class AssignTag(Action[User, AssignTagInput]):
    """The person carries the tag."""

    code = "user.tag.assign"
    label = _("Add tag")
    said = _("tagged %(target)s")
    permission = EDIT_USERS
    target_model = "users.User"
    input_type = AssignTagInput

    def check(self, *, actor: Actor, target: User, data: AssignTagInput) -> None:
        """Refuses a tag that the person's organization does not know."""
        if usable_tag(target, data.tag_id) is None:
            raise Refused("tag_elsewhere")

    def apply(self, *, actor: Actor, target: User, data: AssignTagInput) -> Outcome[User]:
        """Adds it once."""
        tag = usable_tag(target, data.tag_id)
        UserTag.objects.get_or_create(tenant_id=target.tenant_id, user=target, tag=tag)
        return Outcome(target=target, facts={"tag": str(tag)})


def usable_tag(target: User, tag_id: int) -> Tag | None:
    """The tag, where the person's organization or one above it owns it."""
    tag = Tag.objects.select_related("organization").filter(tenant_id=target.tenant_id, pk=tag_id).first()
    return tag if tag and target.path.startswith(tag.path) else None
