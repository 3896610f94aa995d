"""The gate: who may do what to whom, answered both ways from one definition.

*May X do P to Z* (`Gate.decide`) and *which Z may X do P to* (`Gate.within_reach`) both come from the actor's grants: a
role, at a place in the tree. A grant reaches the place itself and everything below it, never up or sideways. Nothing is
kept from one request to the next, so what is revoked is revoked now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model, Q, QuerySet

from fleetfolk.access.models import Role
from fleetfolk.access.system import SYSTEM_ACTORS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What somebody holds at one place of the tree: the permissions of a role there and below."""

    path: str
    permissions: frozenset[str]
    role_name: str
    organization_name: str

    def reaches(self, path: str) -> bool:
        """Whether the place is this one or below it."""
        return path.startswith(self.path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The gate's answer, with the reason that the console shows."""

    allowed: bool
    reason: str
    visible: bool = True
    grant: Grant | None = None


# Asked by every request, often more than once: as SQL it costs a quarter of what a query takes to be put together.
_HELD = """
SELECT person.path, role.permissions, role.name, home.name
FROM users_user person
JOIN access_role role ON role.id = person.role_id
JOIN organizations_organization home ON home.id = person.organization_id
WHERE person.id = %s AND person.tenant_id = %s AND person.is_active
"""


def grants_of(actor: Actor) -> list[Grant]:
    """What the actor holds now. Empty for whoever is disabled, deleted, pending or not a person."""
    if actor.user_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [actor.user_id, actor.tenant_id])
        return [
            Grant(path=path, permissions=frozenset(permissions), role_name=role, organization_name=organization)
            for path, permissions, role, organization in cursor.fetchall()
        ]


class Gate:
    """One actor's rights, or anybody's: the methods take the actor, the gate keeps nothing."""

    def require(self, action: type[Action[Any, Any]], *, actor: Actor, target: Model) -> None:
        """Return where the actor may; raise `Denied`, or `TargetNotFound` where it may not even know of the target."""
        if actor.kind is ActorKind.SYSTEM:
            if action.code not in SYSTEM_ACTORS.get(actor.id, frozenset()):
                raise Denied("not_for_the_system")
            return
        decision = self.decide(actor, action.permission, target)
        if not decision.visible:
            raise TargetNotFound
        if not decision.allowed:
            raise Denied(decision.reason)

    def decide(
        self, actor: Actor, permission: Permission, target: Any, grants: Sequence[Grant] | None = None
    ) -> Decision:
        """Whether the actor may, and why (not). ``grants`` spares the look-up where many targets are asked about."""
        if permission.inherent:
            own = actor.kind is ActorKind.USER and isinstance(target, get_user_model()) and target.pk == actor.user_id
            return Decision(allowed=own, reason="own_account" if own else "not_your_account")
        if target.tenant_id != actor.tenant_id:
            return Decision(allowed=False, visible=False, reason="other_tenant")
        held = grants_of(actor) if grants is None else grants
        at_hand = [grant for grant in held if grant.reaches(target.path) or _of_whole_tenant(target)]
        if not at_hand:
            return Decision(allowed=False, visible=False, reason="out_of_reach")
        able = [grant for grant in at_hand if permission.code in grant.permissions]
        if not able:
            seeing = {need.code for need in permission.requires if not need.requires}
            visible = not seeing or any(seeing & grant.permissions for grant in at_hand)
            return Decision(allowed=False, visible=visible, reason="permission_missing", grant=at_hand[0])
        if permission.guards_strength:
            weaker = [grant for grant in able if frozenset(target.role.permissions) <= grant.permissions]
            if not weaker:
                return Decision(allowed=False, reason="target_is_stronger", grant=able[0])
            able = weaker
        return Decision(allowed=True, reason="granted", grant=able[0])

    def within_reach[M: Model](
        self, query: QuerySet[M], *, actor: Actor, permission: Permission, grants: Sequence[Grant] | None = None
    ) -> QuerySet[M]:
        """The rows of the query to which the actor may do the permission: exactly those that `decide` allows.

        The query's model has ``tenant`` and either a ``path`` column or an ``organization`` (or is one of a whole
        tenant, as roles are).
        """
        query = query.filter(tenant_id=actor.tenant_id)
        held = grants_of(actor) if grants is None else grants
        if permission.inherent:
            is_user = issubclass(query.model, get_user_model())
            return query.filter(pk=actor.user_id) if is_user and actor.user_id else query.none()
        able = [grant for grant in held if permission.code in grant.permissions]
        if not able:
            return query.none()
        reach = Q()
        for grant in able:
            here = _below(query.model, grant)
            if permission.guards_strength:
                here &= Q(role__permissions__contained_by=sorted(grant.permissions))
            if not here:
                return query
            reach |= here
        return query.filter(reach)

    def paths_within_reach(
        self, actor: Actor, permission: Permission, grants: Sequence[Grant] | None = None
    ) -> list[str]:
        """The places at and below which the actor has the permission, for what is read without a model's query.

        Not for permissions that ask for strength or for one's own account: a place alone does not answer those.
        """
        if permission.inherent or permission.guards_strength:
            raise ValueError(f"{permission.code} depends on more than the place")
        held = grants_of(actor) if grants is None else grants
        return [grant.path for grant in held if permission.code in grant.permissions]

    def giveable_roles(self, actor: Actor, permission: Permission, organization: Organization) -> QuerySet[Role]:
        """The roles that the actor may give in the organization: none that holds more than the actor does there."""
        roles = Role.objects.filter(tenant_id=actor.tenant_id).order_by("position", "name")
        if actor.kind is ActorKind.SYSTEM:
            return roles
        able = [
            Q(permissions__contained_by=sorted(grant.permissions))
            for grant in grants_of(actor)
            if permission.code in grant.permissions and grant.reaches(organization.path)
        ]
        return roles.filter(reduce(or_, able)) if able else roles.none()

    def require_giveable(self, actor: Actor, permission: Permission, organization: Organization, role_id: int) -> Role:
        """The role, where the actor may give it in the organization; else `Denied`."""
        role = self.giveable_roles(actor, permission, organization).filter(pk=role_id).first()
        if role is None:
            raise Denied("role_is_stronger")
        return role


def _of_whole_tenant(target: Any) -> bool:
    return isinstance(target, Role)


def _below(model: type[Model], grant: Grant) -> Q:
    if issubclass(model, Role):
        return Q()
    if any(field.name == "path" for field in model._meta.concrete_fields):
        return Q() if grant.path.count(".") == 1 else Q(path__startswith=grant.path)
    return Q() if grant.path.count(".") == 1 else Q(organization__path__startswith=grant.path)


GATE = Gate()
