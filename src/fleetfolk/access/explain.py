"""Why somebody may do something, or why not: the gate's answer as a chain of sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Value
from django.utils.translation import gettext as _

from fleetfolk.access.gate import GATE, Decision
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import HeldAt, HoldsAny
from fleetfolk.access.reach import strength_of
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.permissions import PERMISSIONS, Permission
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.organizations.models import Organization

MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One link of the chain: whether it holds, and the sentence."""

    holds: bool
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """The gate's answer with its steps. The last step is the one that decided against it, if any did."""

    allowed: bool
    steps: tuple[Step, ...]

    @property
    def why_not(self) -> str:
        """The sentence that decided against it; empty where it is allowed."""
        return "" if self.allowed else self.steps[-1].sentence


def explain(
    actor: Actor,
    permission: Permission,
    target: Any,
    grants: Sequence[Grant] | None = None,
    *,
    openly: bool = False,
) -> Explanation:
    """Every reason, in the order in which the gate asks. What the actor may not know of is not named.

    ``grants`` spares the look-up where a whole menu is explained. ``openly`` tells somebody else, who may know of both:
    then what is beyond the actor is named, too.
    """
    held = grants_of(actor) if grants is None else grants
    decision = GATE.decide(actor, permission, target, held)
    if openly and held and not decision.visible and not permission.inherent and target.tenant_id == actor.tenant_id:
        return Explanation(allowed=False, steps=tuple(_beyond(actor, permission, target, held, decision)))
    steps = tuple(_steps(actor, permission, target, held, decision))
    return Explanation(allowed=decision.allowed, steps=steps)


def _steps(actor: Actor, permission: Permission, target: Any, held: Sequence[Grant], decision: Decision) -> list[Step]:
    if permission.inherent:
        return [Step(holds=decision.allowed, sentence=_own_account(decision))]
    if not held:
        return [Step(holds=False, sentence=_not_at_work(actor))]
    if not decision.visible:
        return [Step(holds=False, sentence=str(REASONS["not_found"]))]
    grant = decision.grant
    assert grant is not None  # noqa: S101 - whatever is visible is so by a grant
    about = {
        "role": grant.role_name,
        "organization": grant.organization_name,
        "permission": permission.label,
        "target": target,
    }
    if decision.reason in ("own", "share_too_low"):
        return _holding(actor, permission, target, decision, about)
    steps = [Step(holds=True, sentence=_reach(target, about))]
    if permission.code not in grant.permissions:
        return [*steps, Step(holds=False, sentence=_missing(actor, permission, grant, about))]
    steps.append(Step(holds=True, sentence=_includes(grant, about)))
    if permission.for_developers:
        steps.append(_developing(decision))
    if permission.guards_strength:
        steps.append(_strength(grant, target, about))
    return steps


def _developing(decision: Decision) -> Step:
    if decision.reason == "not_a_developer":
        return Step(holds=False, sentence=str(REASONS["not_a_developer"]))
    return Step(holds=True, sentence=_("It takes developer mode, which is on."))


def _beyond(actor: Actor, permission: Permission, target: Any, held: Sequence[Grant], decision: Decision) -> list[Step]:
    """Why the actor may not even know of the target."""
    if decision.reason != "out_of_reach":
        grant = next(grant for grant in held if grant.reaches(target.path) or isinstance(target, Role))
        about: dict[str, object] = {
            "role": grant.role_name,
            "organization": grant.organization_name,
            "permission": permission.label,
            "target": target,
        }
        reach = Step(holds=True, sentence=_reach(target, about))
        return [reach, Step(holds=False, sentence=_missing(actor, permission, grant, about))]
    place = target.name if isinstance(target, Organization) else target.organization.name
    sentence = _("%(target)s is in %(place)s. The role %(role)s is held in %(organization)s, and reaches no further.")
    return [
        Step(
            holds=False,
            sentence=sentence
            % {
                "target": target,
                "place": place,
                "role": grant.role_name,
                "organization": grant.organization_name,
            },
        )
        for grant in held
    ]


def _own_account(decision: Decision) -> str:
    if decision.allowed:
        return _("Everybody may do this with their own account.")
    return str(REASONS["not_your_account"])


def _not_at_work(actor: Actor) -> str:
    if actor.kind is ActorKind.SYSTEM:
        return _("The installation itself acts by a list of its own, not by a role.")
    return _("This account cannot act now: it is pending, disabled or on its way out.")


def _reach(target: Any, about: dict[str, object]) -> str:
    if isinstance(target, Role):
        return _("The role %(role)s is held in the same tenant.") % about
    return _("%(target)s is in %(organization)s or below it, where the role %(role)s is held.") % about


def _holding(
    actor: Actor, permission: Permission, target: Any, decision: Decision, about: dict[str, object]
) -> list[Step]:
    """The chain of who owns the target, or has a share of it."""
    assert permission.own is not None  # noqa: S101 - the gate asked for it
    owner = getattr(target, "owner_id", None) == actor.user_id
    sentence = _("%(target)s is one’s own.") if owner else _("%(target)s is shared with one.")
    assert decision.grant is not None  # noqa: S101 - by which it is held
    right = _includes(decision.grant, {**about, "permission": permission.own.label})
    steps = [Step(holds=True, sentence=sentence % about), Step(holds=True, sentence=right)]
    if decision.allowed:
        return steps if owner else [*steps, Step(holds=True, sentence=_("The share goes so far."))]
    return [*steps, Step(holds=False, sentence=str(REASONS["share_too_low"]))]


def _includes(grant: Grant, about: dict[str, object]) -> str:
    said = _("The role %(role)s includes “%(permission)s”.") % about
    return f"{said} {_switched(grant)}" if grant.switched_in else said


def _switched(grant: Grant) -> str:
    """Whose switches count, where they are not the role's own."""
    return _("Its switches for %(organization)s say so.") % {"organization": grant.switched_in}


def _missing(actor: Actor, permission: Permission, grant: Grant, about: dict[str, object]) -> str:
    there = HoldsAny(HeldAt(F("pk"), Value(grant.path)), [permission.code])
    roles = Role.objects.filter(there, tenant_id=actor.tenant_id)
    names = [role.name for role in roles.order_by("position", "name")[: MOST_NAMED + 1]]
    lacking = _("The role %(role)s does not include “%(permission)s”.") % about
    if grant.switched_in:
        lacking += " " + _switched(grant)
    if not names:
        return lacking + " " + _("No role does.")
    more = "…" if len(names) > MOST_NAMED else ""
    return lacking + " " + _("Roles that do: %(names)s.") % {"names": ", ".join(names[:MOST_NAMED]) + more}


def _strength(grant: Grant, target: Any, about: dict[str, object]) -> Step:
    assert isinstance(target, get_user_model())  # noqa: S101 - only accounts have a strength
    beyond = sorted(strength_of(target) - grant.permissions)
    if not beyond:
        return Step(holds=True, sentence=_("%(target)s holds nothing that the role %(role)s does not.") % about)
    # A code of an older version has no label any more.
    labels = [str(PERMISSIONS[code].label) if code in PERMISSIONS else code for code in beyond[:MOST_NAMED]]
    more = "…" if len(beyond) > MOST_NAMED else ""
    names = ", ".join(f"“{label}”" for label in labels) + more
    return Step(
        holds=False,
        sentence=_("%(target)s holds more than the role %(role)s: %(names)s.") % {**about, "names": names},
    )
