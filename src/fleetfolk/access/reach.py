"""Which rows lie within a grant: at or below its place, no stronger than it, or held by the person themselves."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, Model, OuterRef, Q

from fleetfolk.access.grants import Grant
from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership, guest_strength
from fleetfolk.access.models_switches import HeldAt, HoldsOnly, held_at_home
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations import lookups  # noqa: F401 - compares with many places at once


def held_rows(actor: Actor, permission: Permission, model: type[Any], held: Sequence[Grant]) -> Q:
    """The rows that the actor holds closely enough for the permission's own twin; nothing where that is none."""
    own = permission.own
    if own is None or actor.user_id is None or not hasattr(model, "held"):
        return Q()
    places = [grant.own_within for grant in held if own.code in grant.permissions]
    if not places:
        return Q()
    rows: Q = model.held(actor.user_id, permission.hold)
    return rows & below_any(model, places)


def strength_of(target: Any) -> frozenset[str]:
    """What somebody holds in their strongest hour: their role at home, and those that they have as a guest, wherever.

    Whoever could act on the account of somebody who holds more elsewhere would hold that, too. A membership is as
    strong as its role; what else is about somebody, as an export, as strong as they are.
    """
    if isinstance(target, Membership):
        return held_at_home(target)
    person = target if isinstance(target, get_user_model()) else target.user
    return held_at_home(person) | guest_strength(person)


def no_stronger(model: type[Model], permissions: frozenset[str]) -> Q:
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


def below(model: type[Model], path: str) -> Q:
    """The rows at the place or below it; an empty `Q` is all of a tenant's."""
    return below_any(model, [path])


def below_any(model: type[Model], paths: Sequence[str]) -> Q:
    """The rows at one of the places or below it; an empty `Q` is all of a tenant's."""
    if issubclass(model, Role) or any(path.count(".") <= 1 for path in paths):
        return Q()
    field = "path" if _has_path(model) else "organization__path"
    if len(paths) == 1:
        return Q((f"{field}__startswith", paths[0]))
    return Q((f"{field}__below_any", sorted(set(paths))))


def _has_path(model: type[Model]) -> bool:
    return any(one.name == "path" for one in model._meta.concrete_fields)
