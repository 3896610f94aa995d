"""Put a tag on a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.among import array_of
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.organizations.tag_uses import tag_for, tag_of
from fleetfolk.users.models import User, UserTag
from fleetfolk.users.permissions import EDIT_USERS

_ADD = """
    INSERT INTO users_usertag (tenant_id, tag_id, user_id)
    SELECT %s, %s, unnest(%s::bigint[]) ON CONFLICT (user_id, tag_id) DO NOTHING
"""


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
        if tag_for(target, data.tag_id) is None:
            raise Refused("tag_elsewhere")

    def apply(self, *, actor: Actor, target: User, data: AssignTagInput) -> Outcome[User]:
        """Adds it once."""
        tag = tag_for(target, data.tag_id)
        UserTag.objects.get_or_create(tenant_id=target.tenant_id, user=target, tag=tag)
        return Outcome(target=target, facts={"tag": str(tag)})

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: AssignTagInput) -> QuerySet[User]:
        """Those whose organization knows the tag."""
        tag = tag_of(actor.tenant_id, data.tag_id)
        return targets.filter(path__startswith=tag.path) if tag else targets.none()

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: AssignTagInput) -> Sequence[Alike]:
        """Adds it once."""
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [actor.tenant_id, data.tag_id, array_of(ids)])
        return [Alike(model=User, ids=ids, facts={"tag": str(tag_of(actor.tenant_id, data.tag_id))})]
