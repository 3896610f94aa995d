"""The gate: who may do what to whom, answered both ways from one definition.

*May X do P to Z* (`Gate.decide`) and *which Z may X do P to* (`Gate.within_reach`) both come from the actor's grants: a
role, at a place in the tree. A grant reaches the place itself and everything below it, never up or sideways. What one
owns or is let share (devices) is within one's own rights wherever it stands. Nothing is kept from one request to the
next, so what is revoked is revoked now.

Whoever assists somebody remotely has that person's grants, narrowed to what they could reach and hold themselves.
A key has its holder's, narrowed to its scopes; a program has what it was given at its organization.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Model, Q, QuerySet, Value

from fleetfolk.access.grants import Grant, develops, grants_of, helping_grants, twins
from fleetfolk.access.keeping import keep_role
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import HeldAt, HoldsOnly
from fleetfolk.access.reach import below, below_any, held_rows, no_stronger, strength_of
from fleetfolk.access.system import DEVICE_ACTIONS, SYSTEM_ACTORS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind, AssistMode
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import inside_an_action
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The gate's answer, with the reason that the console shows."""

    allowed: bool
    reason: str
    visible: bool = True
    grant: Grant | None = None


DEVICE = "devices.Device"
SEEN = 1
"""How closely somebody must hold a thing to know of it: any share does."""


class Gate:
    """One actor's rights, or anybody's: the methods take the actor, the gate keeps nothing."""

    def require(self, action: type[Action[Any, Any]], *, actor: Actor, target: Model) -> None:
        """Return where the actor may; raise `Denied`, or `TargetNotFound` where it may not even know of the target."""
        if actor.assisted_by is not None and not (action.assistable and actor.assisted_by.mode == AssistMode.ACT):
            raise Denied("assist_view_only" if action.assistable else "assist_never")
        if actor.kind is ActorKind.SYSTEM:
            if action.code not in SYSTEM_ACTORS.get(actor.id, frozenset()):
                raise Denied("not_for_the_system")
            return
        if actor.kind is ActorKind.DEVICE:
            if action.code not in DEVICE_ACTIONS or (action.target_model, str(target.pk)) != (DEVICE, actor.id):
                raise Denied("not_for_devices")
            return
        decision = self.decide(actor, action.permission, target)
        if not decision.visible:
            raise TargetNotFound
        if not decision.allowed:
            raise Denied(decision.reason)

    def allowed[M: Model](self, action: type[Action[Any, Any]], *, actor: Actor, targets: QuerySet[M]) -> QuerySet[M]:
        """Those of the targets to whom the actor may do it: exactly those for whom `require` returns."""
        if actor.assisted_by is not None and not (action.assistable and actor.assisted_by.mode == AssistMode.ACT):
            return targets.none()
        if actor.kind is ActorKind.SYSTEM:
            known = action.code in SYSTEM_ACTORS.get(actor.id, frozenset())
            return targets.filter(tenant_id=actor.tenant_id) if known else targets.none()
        if actor.kind is ActorKind.DEVICE:
            mine = action.code in DEVICE_ACTIONS and action.target_model == DEVICE
            return targets.filter(pk=actor.id) if mine else targets.none()
        return self.within_reach(targets, actor=actor, permission=action.permission)

    def decide(
        self, actor: Actor, permission: Permission, target: Any, grants: Sequence[Grant] | None = None
    ) -> Decision:
        """Whether the actor may, and why (not). ``grants`` spares the look-up where many targets are asked about."""
        if permission.inherent:
            return _decide_own(actor, target)
        if target.tenant_id != actor.tenant_id:
            return Decision(allowed=False, visible=False, reason="other_tenant")
        held = grants_of(actor) if grants is None else grants
        here = _decide_here(actor, permission, target, held)
        holding = None if here.allowed else _decide_held(actor, permission, target, held)
        decision = holding or here
        if decision.allowed and permission.for_developers and not develops(actor):
            return Decision(allowed=False, reason="not_a_developer", grant=decision.grant)
        return decision

    def within_reach[M: Model](
        self, query: QuerySet[M], *, actor: Actor, permission: Permission, grants: Sequence[Grant] | None = None
    ) -> QuerySet[M]:
        """The rows of the query to which the actor may do the permission: exactly those that `decide` allows.

        The query's model has ``tenant`` and either a ``path`` column or an ``organization`` (or is one of a whole
        tenant, as roles are). What people can hold has ``held`` and ``is_held_by``, too.
        """
        query = query.filter(tenant_id=actor.tenant_id)
        held = grants_of(actor) if grants is None else grants
        if permission.inherent:
            if not issubclass(query.model, get_user_model()) or not actor.user_id or actor.scopes is not None:
                return query.none()
            own = query.filter(pk=actor.user_id)
            if actor.assisted_by is None:
                return own
            helping = [
                below(query.model, grant.path) & no_stronger(query.model, grant.permissions)
                for grant in helping_grants(actor)
            ]
            return own.filter(reduce(or_, helping)) if helping else query.none()
        where = self.condition(query.model, actor=actor, permission=permission, grants=held)
        return query.none() if where is None else query.filter(where)

    def condition(
        self,
        model: type[Model],
        *,
        actor: Actor,
        permission: Permission,
        grants: Sequence[Grant] | None = None,
        whatever_strength: bool = False,
    ) -> Q | None:
        """What `within_reach` asks of a row of the actor's tenant: an empty `Q` is all of them, None is none.

        ``whatever_strength`` leaves out whether the target is stronger. Not for permissions over one's own account.
        """
        held = grants_of(actor) if grants is None else grants
        able = [grant for grant in held if permission.code in grant.permissions]
        reach = held_rows(actor, permission, model, held)
        if not able and not reach:
            return None
        if permission.for_developers and not develops(actor):
            return None
        # Whoever is a guest in a thousand places has the same few roles there.
        alike: dict[frozenset[str], list[str]] = {}
        guarded = permission.guards_strength and not whatever_strength
        for grant in able:
            alike.setdefault(grant.permissions if guarded else frozenset(), []).append(grant.path)
        for permissions, paths in alike.items():
            here = below_any(model, paths)
            if guarded:
                here &= no_stronger(model, permissions)
            if not here:
                return Q()
            reach |= here
        return reach

    def paths_within_reach(
        self, actor: Actor, permission: Permission, grants: Sequence[Grant] | None = None
    ) -> list[str]:
        """The places at and below which the actor has the permission, for what is read without a model's query.

        Not for permissions that ask for strength or for one's own account: a place alone does not answer those.
        """
        if permission.inherent or permission.guards_strength:
            raise ValueError(f"{permission.code} depends on more than the place")
        if permission.for_developers and not develops(actor):
            return []
        held = grants_of(actor) if grants is None else grants
        return [grant.path for grant in held if permission.code in grant.permissions]

    def giveable_roles(self, actor: Actor, permission: Permission, organization: Organization) -> QuerySet[Role]:
        """The roles that the actor may give in the organization: none that holds more there than the actor does."""
        roles = Role.objects.filter(tenant_id=actor.tenant_id).order_by("position", "name")
        if actor.kind is ActorKind.SYSTEM:
            return roles
        able = [
            Q(HoldsOnly(HeldAt(F("pk"), Value(organization.path)), grant.permissions))
            for grant in grants_of(actor)
            if permission.code in grant.permissions and grant.reaches(organization.path)
        ]
        return roles.filter(reduce(or_, able)) if able else roles.none()

    def where_giveable(self, actor: Actor, permission: Permission, role: Role | None = None) -> Q | None:
        """Which people are where the actor may give the role, or else the role that each of them has.

        An empty `Q` is everybody, None nobody: the same answer as `require_giveable`'s, for many.
        """
        if actor.kind is ActorKind.SYSTEM:
            return Q()
        found: Q | None = None
        for grant in grants_of(actor):
            if permission.code not in grant.permissions:
                continue
            here = Q(path__startswith=grant.path)
            if role is None:
                here &= no_stronger(get_user_model(), grant.permissions)
            elif role.differs:
                here &= Q(HoldsOnly(HeldAt(Value(role.pk), F("path")), sorted(grant.permissions)))
            elif not grant.permissions.issuperset(role.permissions):
                continue
            found = here if found is None else found | here
        return found

    def require_giveable(self, actor: Actor, permission: Permission, organization: Organization, role_id: int) -> Role:
        """The role, where the actor may give it in the organization; else `Denied`.

        Inside an Action the role stays until it is given: one that is deleted at this moment is refused.
        """
        role = self.giveable_roles(actor, permission, organization).filter(pk=role_id).first()
        if role is None:
            raise Denied("role_is_stronger")
        if inside_an_action() and not keep_role(role.pk):
            raise Refused("role_gone")
        return role


def _decide_own(actor: Actor, target: Any) -> Decision:
    own = actor.kind is ActorKind.USER and isinstance(target, get_user_model()) and target.pk == actor.user_id
    if own and actor.assisted_by is not None and not _is_helped(actor, target):
        return Decision(allowed=False, reason="assist_never")
    if own and actor.scopes is not None:
        return Decision(allowed=False, reason="not_for_tokens")
    return Decision(allowed=own, reason="own_account" if own else "not_your_account")


def _decide_here(actor: Actor, permission: Permission, target: Any, held: Sequence[Grant]) -> Decision:
    """The answer by where the target is in the tree."""
    at_hand = [grant for grant in held if grant.reaches(target.path) or _of_whole_tenant(target)]
    if not at_hand:
        return Decision(allowed=False, visible=False, reason="out_of_reach")
    able = [grant for grant in at_hand if permission.code in grant.permissions]
    if not able:
        visible = _is_shown(actor, permission, target, at_hand)
        return Decision(allowed=False, visible=visible, reason="permission_missing", grant=at_hand[0])
    if permission.guards_strength:
        strength = strength_of(target)
        weaker = [grant for grant in able if strength <= grant.permissions]
        if not weaker:
            return Decision(allowed=False, reason="target_is_stronger", grant=able[0])
        able = weaker
    return Decision(allowed=True, reason="granted", grant=able[0])


def _is_shown(actor: Actor, permission: Permission, target: Any, at_hand: Sequence[Grant]) -> bool:
    """Whether somebody who lacks the permission may know of the target: by what that requires first of all.

    Of what can be held, a right over one's own shows nobody else's; its twin over all at the place does.
    """
    needs = [need.code for need in permission.requires if not need.requires]
    held = {code for grant in at_hand for code in grant.permissions}
    is_held_by = getattr(target, "is_held_by", None)
    over_all = twins() if is_held_by else {}
    if not needs or any(over_all.get(code, code) in held for code in needs):
        return True
    if is_held_by is None or actor.user_id is None or held.isdisjoint(needs):
        return False
    return bool(is_held_by(actor.user_id, SEEN))


def _decide_held(actor: Actor, permission: Permission, target: Any, held: Sequence[Grant]) -> Decision | None:
    """The answer for who owns the target or has a share of it; None where they hold nothing of it."""
    own, is_held_by = permission.own, getattr(target, "is_held_by", None)
    if own is None or is_held_by is None or actor.user_id is None or not is_held_by(actor.user_id, SEEN):
        return None
    able = [grant for grant in held if own.code in grant.permissions and target.path.startswith(grant.own_within)]
    if not able:
        return None
    if not is_held_by(actor.user_id, permission.hold):
        return Decision(allowed=False, reason="share_too_low", grant=able[0])
    return Decision(allowed=True, reason="own", grant=able[0])


def _is_helped(actor: Actor, person: Any) -> bool:
    """Whether the assistant still reaches the person and is no weaker."""
    held = strength_of(person)
    return any(grant.reaches(person.path) and held <= grant.permissions for grant in helping_grants(actor))


def _of_whole_tenant(target: Any) -> bool:
    return isinstance(target, Role)


GATE = Gate()
