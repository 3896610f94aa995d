"""Take a tag off a person."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.among import array_of
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.organizations.models import Tag
from fleetfolk.users.actions.assign_tag import AssignTagInput
from fleetfolk.users.models import User, UserTag
from fleetfolk.users.permissions import EDIT_USERS

_REMOVE = "DELETE FROM users_usertag WHERE tag_id = %s AND user_id = ANY(%s::bigint[]) RETURNING user_id"


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

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: AssignTagInput) -> QuerySet[User]:
        """Everybody."""
        return targets

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: AssignTagInput) -> Sequence[Alike]:
        """Removes it where it is there."""
        with connection.cursor() as cursor:
            cursor.execute(_REMOVE, [data.tag_id, array_of(ids)])
            held = {user_id for (user_id,) in cursor.fetchall()}
        groups = [Alike(model=User, ids=[key for key in ids if key not in held])]
        if held:
            tag = Tag.objects.get(pk=data.tag_id)
            groups.append(Alike(model=User, ids=[key for key in ids if key in held], facts={"tag": tag.name}))
        return [group for group in groups if group.ids]
