"""Give a person another role."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.keeping import keep_role
from fleetfolk.access.models import Role
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Alike, Change, Outcome
from fleetfolk.kernel.perform import inside_an_action
from fleetfolk.users.actions.alike import moved
from fleetfolk.users.actions.invite_user import risk_of_role
from fleetfolk.users.actions.last_admin import keep_an_admin, without_admins
from fleetfolk.users.actions.send_invitation import renew_open_invitation, renew_open_invitations
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import EDIT_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignRoleInput:
    """The key of a role of the tenant."""

    role_id: int


class AssignRole(Action[User, AssignRoleInput]):
    """The person holds the role from their next request on. An open invitation is sent anew for it."""

    code = "user.role.assign"
    label = _("Change role")
    said = _("changed the role of %(target)s")
    permission = EDIT_USERS
    target_model = "users.User"
    input_type = AssignRoleInput

    def risk_of(self, *, target: User, data: AssignRoleInput) -> Risk:
        """Who gives a strong role shows first that it is them."""
        return Risk.ORDINARY if data.role_id == target.role_id else risk_of_role(target.tenant_id, data.role_id)

    def check(self, *, actor: Actor, target: User, data: AssignRoleInput) -> None:
        """Denies a role that holds more than the actor; refuses to demote the last Admin or Super Admin."""
        role = GATE.require_giveable(actor, EDIT_USERS, target.organization, data.role_id)
        if role.pk != target.role_id:
            keep_an_admin(target)

    def apply(self, *, actor: Actor, target: User, data: AssignRoleInput) -> Outcome[User]:
        """Changes the role."""
        before = target.role.name
        if data.role_id == target.role_id:
            return Outcome(target=target)
        target.role_id = data.role_id
        target.save(update_fields=["role"])
        if target.state == State.PENDING:
            renew_open_invitation(target, actor)
        return Outcome(target=target, changes=[Change("role", before, target.role.name)])

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: AssignRoleInput) -> QuerySet[User]:
        """Those where the actor may give the role, less Admins and the actor themselves."""
        role = Role.objects.filter(tenant_id=actor.tenant_id, pk=data.role_id).first()
        if role is None or (inside_an_action() and not keep_role(role.pk)):
            return targets.none()
        there = GATE.where_giveable(actor, EDIT_USERS, role)
        if there is None:
            return targets.none()
        return without_admins(targets.filter(there)).exclude(pk=actor.user_id or 0)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: AssignRoleInput) -> Sequence[Alike]:
        """Changes the role of whoever has another."""
        people = User.objects.filter(pk__in=ids).order_by("pk")
        before = [(key, (role, name)) for key, role, name in people.values_list("pk", "role_id", "role__name")]
        others = [key for key, (role, _name) in before if role != data.role_id]
        User.objects.filter(pk__in=others).update(role=data.role_id)
        renew_open_invitations(others, actor)
        return moved(before, field="role", after=(data.role_id, Role.objects.get(pk=data.role_id).name))
