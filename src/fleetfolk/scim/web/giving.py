"""Whoever is in a group has its role, when somebody says which."""

from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.scim.models import Member
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.models import State


def give_role(actor: Actor, group_id: int, role_id: int | None) -> tuple[int, int]:
    """How many of the group's people were given the role by the actor, and how many could not be, each with an entry.

    Nobody is where the group has no role: people keep theirs.
    """
    if role_id is None:
        return 0, 0
    inside = Member.objects.filter(group=group_id).exclude(user__role=role_id)
    keys = inside.exclude(user__state__in=(State.DEACTIVATED, State.DELETION_PENDING)).order_by("user_id")
    given = refused = 0
    for key in keys.values_list("user_id", flat=True):
        try:
            perform(AssignRole, actor=actor, target_id=key, data=AssignRoleInput(role_id=role_id))
            given += 1
        except ActionError:  # Its entry in the log says why.
            refused += 1
    return given, refused
