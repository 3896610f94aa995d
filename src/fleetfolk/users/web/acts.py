"""What can be done to one person, in one table: the row's menu, the person's page and every dialog read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import Decision
from fleetfolk.access.grants import Grant
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.queries import decisions_on, giveable_roles
from fleetfolk.users.web.act import Act
from fleetfolk.users.web.acts_privacy import PRIVACY_ACTS
from fleetfolk.users.web.acts_profile import PROFILE_ACTS

ACTS: list[Act] = sorted(PROFILE_ACTS + PRIVACY_ACTS, key=lambda act: act.group)
_BY_URL = {act.url: act for act in ACTS}


def register_act(act: Act) -> None:
    """The entry is there, too: packages above the users hang in their own when they are ready."""
    if act.url in _BY_URL:
        raise TypeError(f"{act.url!r} is there already")
    _BY_URL[act.url] = act
    ACTS.append(act)
    ACTS.sort(key=lambda one: one.group)


@dataclass(frozen=True, kw_only=True, slots=True)
class Doable:
    """What an actor may do to a person now; where that is nothing to their account, the sentence that says why."""

    acts: Sequence[Act]
    why_not: str = ""

    def items(self, person: User, *, opening: bool) -> list[dict[str, object]]:
        """The entries as `console/components/menu_items.html` shows them."""
        items: list[dict[str, object]] = []
        if opening:
            items.append(
                {
                    "label": _("Open"),
                    "icon": "user-circle",
                    "method": "get",
                    "url": reverse("users:detail", args=[person.pk]),
                    "end": "↵",
                }
            )
        group = 0
        for act in self.acts:
            if act.prominent and not opening:
                continue  # It is a button of the page itself.
            if group and act.group != group:
                items.append({"divider": True})
            group = act.group
            items.append(act.entry(person))
        if not opening:
            if items:
                items.append({"divider": True})
            why = {"label": _("Why can I not…?"), "icon": "help-circle", "method": "dialog"}
            items.append({**why, "url": reverse("users:why", args=[person.pk])})
        return items


def act_of(url: str) -> Act:
    """The entry with this URL's name."""
    return _BY_URL[url]


def doable(actor: Actor, person: User, *, grants: Sequence[Grant] | None = None) -> Doable:
    """What the gate allows the actor to do to the person, among what the person's state leaves to do."""
    fitting = [act for act in ACTS if act.fits(actor, person)]
    decisions = decisions_for(actor, person, grants)
    refusals: list[Decision] = []
    allowed = []
    for act in fitting:
        decision = decisions[act.action.permission.code]
        if decision.allowed and not (act.why_state and act.why_state(actor, person)):
            allowed.append(act)
        elif not decision.allowed:
            refusals.append(decision)
    if not refusals or not all(act.beside for act in allowed):
        return Doable(acts=allowed)
    # That somebody is stronger says more than that a right is missing.
    reasons = sorted({refusal.reason for refusal in refusals}, key=lambda reason: not reason.endswith("_is_stronger"))
    return Doable(acts=allowed, why_not=str(REASONS[reasons[0]]))


def require_doable(url: str, *, actor: Actor, person: User) -> None:
    """Return where the dialog makes sense. Raises as the Action would: nobody fills in a form in vain."""
    act = act_of(url)
    decision = decisions_for(actor, person)[act.action.permission.code]
    if not decision.visible:
        raise TargetNotFound
    if not decision.allowed:
        raise Denied(decision.reason)
    if person.state not in act.states:
        raise Refused("already", name=str(person), status=str(person.status.label))
    if not act.fits(actor, person):
        raise Refused("own_account_stays" if actor.user_id == person.pk else "invitation_over")


def decisions_for(actor: Actor, person: User, grants: Sequence[Grant] | None = None) -> dict[str, Decision]:
    """The gate's answers, with what the Actions on invitations ask on top: whether the role is the actor's to give."""
    decisions = decisions_on(actor, person, [act.action.permission for act in ACTS], grants=grants)
    inviting = decisions[INVITE_USERS.code]
    if inviting.allowed and person.state == State.PENDING:
        roles = giveable_roles(actor, INVITE_USERS, person.organization)
        if all(role.pk != person.role_id for role in roles):
            decisions[INVITE_USERS.code] = Decision(allowed=False, reason="role_is_stronger", grant=inviting.grant)
    return decisions
