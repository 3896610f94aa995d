"""The gate: who may do what to whom, answered both ways from one definition.

*May X do P to Z* (`Gate.decide`) and *which Z may X do P to* (`Gate.within_reach`) both come from the actor's grants: a
role, at a place in the tree. A grant reaches the place itself and everything below it, never up or sideways. What one
owns or is let share (devices) is within one's own rights wherever it stands. Nothing is kept from one request to the
next, so what is revoked is revoked now.

Whoever assists somebody remotely has that person's grants, narrowed to what they could reach and hold themselves.
A key has its holder's, narrowed to its scopes; a program has what it was given at its organization.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Value

from fleetfolk.access.keeping import keep_role
from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership, PartnerMode, guest_strength
from fleetfolk.access.models_switches import HeldAt, HoldsOnly, held_at_home
from fleetfolk.access.system import DEVICE_ACTIONS, SYSTEM_ACTORS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind, AssistMode, Place
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import inside_an_action
from fleetfolk.kernel.permissions import PERMISSIONS, Permission
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations import lookups  # noqa: F401 - compares with many places at once
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import SWITCH_ORGANIZATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What somebody holds at one place of the tree: the permissions of a role there and below.

    What is one's own (devices) counts at and below ``own_within``; empty is everywhere, as for the role that one has at
    home. Any other grant is ``away``. ``switched_in`` is the organization whose own switches of the role count here.
    """

    path: str
    permissions: frozenset[str]
    role_name: str
    organization_name: str
    own_within: str = ""
    away: bool = False
    switched_in: str = ""

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
# The role at home, those of a guest, and what clients let the person's organization do. A role holds what its switches
# say where it is held: a partner's people hold theirs at home. Of the many places of somebody who is a guest with the
# same role everywhere, only the first carries the permissions.
_HELD_ANYWHERE = """
WITH person AS (
    SELECT id, tenant_id, organization_id, role_id, path FROM users_user
    WHERE id = %s AND tenant_id = %s AND is_active
), held AS (
    SELECT path, role_id, organization_id, 'home' AS how, path AS role_path FROM person
    UNION ALL
    SELECT place.path, guest.role_id, place.id, 'guest', place.path
    FROM person JOIN access_membership guest ON guest.user_id = person.id AND guest.tenant_id = person.tenant_id
    JOIN organizations_organization place ON place.id = guest.organization_id AND place.archived_at IS NULL
    WHERE guest.accepted_at IS NOT NULL AND (guest.ends_at IS NULL OR guest.ends_at > %s::timestamptz)
    UNION ALL
    SELECT client.path, person.role_id, client.id, let.mode, person.path
    FROM person JOIN access_partnership let
        ON let.partner_id = person.organization_id AND let.tenant_id = person.tenant_id
    JOIN organizations_organization client ON client.id = let.client_id AND client.archived_at IS NULL
    WHERE let.starts_at <= %s::timestamptz AND (let.ends_at IS NULL OR let.ends_at > %s::timestamptz)
)
SELECT held.path, held.role_id, role.name, place.name, held.how, switches.id, (
        SELECT differing.name FROM organizations_organization differing WHERE differing.id = switches.organization_id
    ),
    CASE WHEN row_number() OVER (PARTITION BY held.role_id, switches.id) = 1
        THEN coalesce(switches.permissions, role.permissions) END
FROM held
JOIN access_role role ON role.id = held.role_id
JOIN organizations_organization place ON place.id = held.organization_id
LEFT JOIN access_roleswitches switches
    ON switches.id = CASE WHEN role.differs > 0 THEN access_switches_of(role.id, held.role_path) END
"""

_HELD_BY_PROGRAM = """
SELECT home.path, program.permissions, program.name, home.name
FROM api_program program
JOIN organizations_organization home ON home.id = program.organization_id AND home.archived_at IS NULL
WHERE program.id = %s AND program.tenant_id = %s
"""

DEVICE = "devices.Device"
SEEN = 1
"""How closely somebody must hold a thing to know of it: any share does."""

_PARTNERS_SEE = ("devices.view", "devices.reports.read", "devices.timeline.view")
PARTNERS_MAY = {
    PartnerMode.VIEW.value: _PARTNERS_SEE,
    PartnerMode.CONTROL.value: (*_PARTNERS_SEE, "devices.control"),
}
"""What a client's partner does there at most, by how far it was let in: of that, what its people's own roles hold."""

HELPING = {
    AssistMode.VIEW: frozenset({"support.view_as"}),
    AssistMode.ACT: frozenset({"support.view_as", "support.act_as"}),
}
"""What an assistant must hold for each mode, where the person is."""


def grants_of(actor: Actor) -> list[Grant]:
    """What the actor holds now. Empty for whoever is disabled, deleted, pending, or neither a person nor a program.

    A request that only looks has read it with the person, who is loaded anew by every request.
    Of an assisted person, what the assistant could reach and holds, too: nobody gains by helping.
    """
    if actor.kind is ActorKind.API_CLIENT:
        return _held_by(int(actor.id), actor.tenant_id, _HELD_BY_PROGRAM)
    if actor.user_id is None:
        return []
    if actor.rights is not None and not inside_an_action():
        return [*actor.rights]
    held = _held_anywhere(actor.user_id, actor.tenant_id)
    if actor.scopes is not None:
        return [replace(grant, permissions=grant.permissions & actor.scopes) for grant in held]
    if actor.place is not None:
        held = held_at(actor.place, held)
    if actor.assisted_by is None:
        return held
    return [narrowed for own in held for helping in _helping(actor) if (narrowed := _narrowed(own, helping))]


def looking_now(actor: Actor) -> Actor:
    """The actor with what they hold now, for the several questions of one page. An Action asks anew."""
    return replace(actor, rights=tuple(grants_of(actor)))


def held_everywhere(actor: Actor) -> list[Grant]:
    """What the person holds now, wherever they work at the moment. Not narrowed for whoever assists them."""
    return [] if actor.user_id is None else _held_anywhere(actor.user_id, actor.tenant_id)


def may_work_in(path: str, held: Sequence[Grant]) -> bool:
    """Whether somebody may work in the organization: they have a role there, or above it the right to switch."""
    return any(
        grant.path == path or (grant.reaches(path) and SWITCH_ORGANIZATIONS.code in grant.permissions) for grant in held
    )


def held_at(place: Place, held: Sequence[Grant]) -> list[Grant]:
    """What remains of what somebody holds while they work in the place."""
    if place.home:
        return _with_devices_away(held)
    if not may_work_in(place.path, held):
        return []
    remaining = []
    for grant in held:
        if grant.reaches(place.path):
            if grant.path != place.path and SWITCH_ORGANIZATIONS.code not in grant.permissions:
                continue
        elif not grant.path.startswith(place.path):
            continue
        remaining.append(
            replace(
                grant,
                path=max(grant.path, place.path, key=len),
                own_within=max(grant.own_within, place.path, key=len),
            )
        )
    return remaining


def _with_devices_away(held: Sequence[Grant]) -> list[Grant]:
    """Of what is held away from home, what is about devices. Many places share the permissions of a few roles."""
    cut = {held_there: held_there & _about_devices() for held_there in {grant.permissions for grant in held}}
    return [
        Grant(
            path=grant.path,
            permissions=cut[grant.permissions],
            role_name=grant.role_name,
            organization_name=grant.organization_name,
            own_within=grant.own_within,
            away=True,
            switched_in=grant.switched_in,
        )
        if grant.away
        else grant
        for grant in held
    ]


@cache
def _about_devices() -> frozenset[str]:
    """What one does with devices: the rights that people can hold over what is their own, and over all."""
    twins = _twins()
    return frozenset(twins) | frozenset(twins.values())


def holds_elsewhere(person: Any) -> bool:
    """Whether the person, who was loaded a moment ago, may hold something beside what `grant_of` says."""
    return bool(person.guest_roles or person.organization.let_in_by or person.role.differs)


def grant_of(person: Any) -> Grant:
    """What an active person holds at home who was loaded a moment ago, with role and organization."""
    return Grant(
        path=person.path,
        permissions=held_at_home(person),
        role_name=person.role.name,
        organization_name=person.organization.name,
    )


def _held_by(key: int, tenant_id: int, statement: str) -> list[Grant]:
    with planned_once() as cursor:
        cursor.execute(statement, [key, tenant_id])
        return [
            Grant(path=path, permissions=frozenset(permissions), role_name=role, organization_name=organization)
            for path, permissions, role, organization in cursor.fetchall()
        ]


def _held_anywhere(user_id: int, tenant_id: int) -> list[Grant]:
    now = clock.now()
    with planned_once() as cursor:
        cursor.execute(_HELD_ANYWHERE, [user_id, tenant_id, now, now, now])
        rows = cursor.fetchall()
    roles = {
        (role_id, switches): frozenset(permissions)
        for _, role_id, _, _, _, switches, _, permissions in rows
        if permissions is not None
    }
    # Once for each role, and not for each of a thousand places.
    may = {
        (*role, how): held & frozenset(PARTNERS_MAY[how]) if how in PARTNERS_MAY else held
        for role, held in roles.items()
        for how in {row[4] for row in rows}
    }
    return [
        Grant(
            path=path,
            permissions=may[role_id, switches, how],
            role_name=role,
            organization_name=organization,
            own_within="" if how == "home" else path,
            away=how != "home",
            switched_in=differing or "",
        )
        for path, role_id, role, organization, how, switches, differing, _ in rows
    ]


def _helping(actor: Actor) -> list[Grant]:
    """The assistant's own grants by which they may assist at all."""
    if actor.assisted_by is None:
        return []
    needed = HELPING[actor.assisted_by.mode]
    held = _held_anywhere(actor.assisted_by.agent_id, actor.tenant_id)
    return [grant for grant in held if needed <= grant.permissions]


def _narrowed(own: Grant, helping: Grant) -> Grant | None:
    """What both reach and both hold; None where one's place is beside the other's."""
    if not (own.reaches(helping.path) or helping.reaches(own.path)):
        return None
    return Grant(
        path=max(own.path, helping.path, key=len),
        permissions=own.permissions & helping.permissions,
        role_name=own.role_name,
        organization_name=own.organization_name,
        own_within=max(own.own_within, helping.path, key=len),
        away=own.away,
        switched_in=own.switched_in,
    )


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
        if decision.allowed and permission.for_developers and not _develops(actor):
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
                _below(query.model, grant.path) & _no_stronger(query.model, grant.permissions)
                for grant in _helping(actor)
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
        reach = _held(actor, permission, model, held)
        if not able and not reach:
            return None
        if permission.for_developers and not _develops(actor):
            return None
        # Whoever is a guest in a thousand places has the same few roles there.
        alike: dict[frozenset[str], list[str]] = {}
        guarded = permission.guards_strength and not whatever_strength
        for grant in able:
            alike.setdefault(grant.permissions if guarded else frozenset(), []).append(grant.path)
        for permissions, paths in alike.items():
            here = _below_any(model, paths)
            if guarded:
                here &= _no_stronger(model, permissions)
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
        if permission.for_developers and not _develops(actor):
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
                here &= _no_stronger(get_user_model(), grant.permissions)
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


_DEVELOPS = """
SELECT count(*) FROM users_user person
JOIN organizations_organization root ON root.id = person.tenant_id
LEFT JOIN organizations_plan plan ON plan.id = root.plan_id
WHERE person.id = ANY(%s::bigint[]) AND person.is_active
    AND coalesce(person.developer, plan.limits ->> 'developers' IS NULL)
"""


def _develops(actor: Actor) -> bool:
    """Whether the person is in developer mode now, and whoever helps them, too. A program is as it was made."""
    if actor.user_id is None:
        return actor.kind is ActorKind.API_CLIENT
    who = {actor.user_id} if actor.assisted_by is None else {actor.user_id, actor.assisted_by.agent_id}
    with planned_once() as cursor:
        cursor.execute(_DEVELOPS, [list(who)])
        return bool(cursor.fetchone()[0] == len(who))


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
    twins = _twins() if is_held_by else {}
    if not needs or any(twins.get(code, code) in held for code in needs):
        return True
    if is_held_by is None or actor.user_id is None or held.isdisjoint(needs):
        return False
    return bool(is_held_by(actor.user_id, SEEN))


@cache
def _twins() -> dict[str, str]:
    """The rights over all, by those over one's own."""
    return {each.own.code: each.code for each in PERMISSIONS.values() if each.own}


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


def _held(actor: Actor, permission: Permission, model: type[Any], held: Sequence[Grant]) -> Q:
    """The rows that the actor holds closely enough for the permission's own twin; nothing where that is none."""
    own = permission.own
    if own is None or actor.user_id is None or not hasattr(model, "held"):
        return Q()
    places = [grant.own_within for grant in held if own.code in grant.permissions]
    if not places:
        return Q()
    rows: Q = model.held(actor.user_id, permission.hold)
    return rows & _below_any(model, places)


def _is_helped(actor: Actor, person: Any) -> bool:
    """Whether the assistant still reaches the person and is no weaker."""
    held = strength_of(person)
    return any(grant.reaches(person.path) and held <= grant.permissions for grant in _helping(actor))


def strength_of(target: Any) -> frozenset[str]:
    """What somebody holds in their strongest hour: their role at home, and those that they have as a guest, wherever.

    Whoever could act on the account of somebody who holds more elsewhere would hold that, too.
    """
    own = held_at_home(target)
    return own | guest_strength(target) if isinstance(target, get_user_model()) else own


def _no_stronger(model: type[Model], permissions: frozenset[str]) -> Q:
    """Those that hold no more: `strength_of`, for many."""
    codes = sorted(permissions)
    # Asked of the few roles there are, not of each person's anew; of those that differ by place, at each one's place.
    weak = Q(role__in=Role.objects.filter(Q(permissions__contained_by=codes) | Q(differs__gt=0)))
    place = OuterRef("path" if _has_path(model) else "organization__path")
    there = Role.objects.filter(pk=OuterRef("role"), differs__gt=0).exclude(HoldsOnly(HeldAt(F("pk"), place), codes))
    weak &= Q(~Exists(there))
    if not issubclass(model, get_user_model()):
        return weak
    stronger = (
        Membership.live()
        .filter(user_id=OuterRef("pk"))
        .exclude(HoldsOnly(HeldAt(F("role_id"), F("organization__path")), codes))
    )
    return weak & (Q(guest_roles=0) | Q(~Exists(stronger)))


def _of_whole_tenant(target: Any) -> bool:
    return isinstance(target, Role)


def _below(model: type[Model], path: str) -> Q:
    return _below_any(model, [path])


def _below_any(model: type[Model], paths: Sequence[str]) -> Q:
    """The rows at one of the places or below it; an empty `Q` is all of a tenant's."""
    if issubclass(model, Role) or any(path.count(".") <= 1 for path in paths):
        return Q()
    field = "path" if _has_path(model) else "organization__path"
    if len(paths) == 1:
        return Q((f"{field}__startswith", paths[0]))
    return Q((f"{field}__below_any", sorted(set(paths))))


def _has_path(model: type[Model]) -> bool:
    return any(one.name == "path" for one in model._meta.concrete_fields)


GATE = Gate()
