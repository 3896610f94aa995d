"""Delete a role after its people have got another one."""

from dataclasses import dataclass
from typing import Final

from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.keeping import keep_role
from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership
from fleetfolk.access.permissions import DELETE_ROLES
from fleetfolk.access.roles import require_over
from fleetfolk.kernel import parts
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.edit_guest import EditGuest, EditGuestInput
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import SignUp

MOST_PEOPLE: Final = 10_000
"""So many people get another role while the page waits; more are a job of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteRoleInput:
    """The role that its people get instead."""

    replacement_id: int


class DeleteRole(Action[Role, DeleteRoleInput]):
    """The role is gone; its people hold the other one, each with an entry of their own."""

    code = "role.delete"
    label = _("Delete role")
    said = _("deleted the role %(target)s")
    permission = DELETE_ROLES
    target_model = "access.Role"
    input_type = DeleteRoleInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Role, data: DeleteRoleInput) -> None:
        """Denies roles that are stronger than the actor's; refuses a built-in one and one that too many have."""
        replacement = Role.objects.filter(tenant_id=target.tenant_id, pk=data.replacement_id).first()
        if replacement is None:
            raise TargetNotFound
        require_over(actor, DELETE_ROLES, target, replacement)
        if target.builtin:
            raise Refused("role_stays", name=target.name)
        if replacement.pk == target.pk:
            raise Refused("role_replaces_itself")
        chosen = SignUp.objects.select_related("organization").filter(role=target).first()
        if chosen is not None:
            raise Refused("sign_up_role_deleted", name=target.name, organization=chosen.organization.name)
        if _people(target)[MOST_PEOPLE : MOST_PEOPLE + 1]:
            raise Refused("role_has_many", name=target.name, most=MOST_PEOPLE)

    def apply(self, *, actor: Actor, target: Role, data: DeleteRoleInput) -> Outcome[Role]:
        """Moves the people and deletes the role. Whoever is given it at this moment is waited for, and moved, too."""
        Role.objects.select_for_update().get(pk=target.pk)
        if not keep_role(data.replacement_id):
            raise Refused("role_gone")
        replacement = Role.objects.get(pk=data.replacement_id)
        people = list(_people(target).select_for_update(no_key=True).values_list("pk", flat=True))
        if people:
            alike = AssignRole().apply_alike(actor=actor, ids=people, data=AssignRoleInput(role_id=data.replacement_id))
            parts.log().write_set(AssignRole, actor=actor, alike=alike)
        guests = _guests(target)
        changed = [
            EditGuest().apply(
                actor=actor, target=one, data=EditGuestInput(role_id=data.replacement_id, ends_at=one.ends_at)
            )
            for one in guests
        ]
        parts.log().write_set(EditGuest, actor=actor, outcomes=changed)
        key = target.pk
        try:
            target.delete()
        except ProtectedError as error:
            raise Refused("role_in_use", name=target.name) from error
        target.pk = key
        return Outcome(
            target=target,
            facts={"replacement": replacement.name, "people": len(people), "guests": len(guests)},
        )


def _guests(role: Role) -> list[Membership]:
    """The guests who have the role where they are guests, also those who were: an end can be moved."""
    return list(Membership.objects.filter(role=role).select_related(*Membership.comes_with).order_by("pk"))


def _people(role: Role) -> QuerySet[User]:
    """Who has the role, in whatever state."""
    return User.objects.filter(role=role).order_by("pk")
