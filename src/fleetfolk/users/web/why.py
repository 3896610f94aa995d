"""Why can I not…? Everything that this viewer cannot do to this person now, each with the chain of reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_stubs_ext import StrPromise

from fleetfolk.access.explain import Step, explain
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users.models import State, User
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.act import Act
from fleetfolk.users.web.acts import ACTS, decisions_for


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """Something that is not offered, and what stands against it."""

    label: StrPromise
    icon: str
    steps: Sequence[Step]


NOT_HERE = (
    (gettext_lazy("New private message"), "message", gettext_lazy("Fleetfolk does not send private messages yet.")),
)
"""What people look for here and what this version does not have."""


@console_view
@require_safe
def why(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The drawer."""
    grants = grants_of(request.actor)
    person = user_detail(request.actor, user_id, grants=grants)
    denied, not_now = _sorted(request.actor, person, grants)
    context = {
        "person": person,
        "denied": denied,
        "not_now": not_now,
        "not_here": [Missing(label=label, icon=icon, steps=[_no(str(reason))]) for label, icon, reason in NOT_HERE],
    }
    return render(request, "users/why.html", context)


def _sorted(actor: Actor, person: User, grants: list[Grant]) -> tuple[list[Missing], list[Missing]]:
    """What rights stand against, and what the person's state stands against."""
    decisions = decisions_for(actor, person, grants)
    denied: list[Missing] = []
    not_now: list[Missing] = []
    for act in ACTS:
        decision = decisions[act.action.permission.code]
        if not decision.allowed:
            steps: Sequence[Step] = explain(actor, act.action.permission, person, grants).steps
            if all(step.holds for step in steps):
                steps = [*steps, _no(str(REASONS[decision.reason]))]
            denied.append(Missing(label=act.label, icon=act.icon, steps=steps))
        elif sentence := state_against(act, actor, person):
            not_now.append(Missing(label=act.label, icon=act.icon, steps=[_no(sentence)]))
    return denied, not_now


def state_against(act: Act, actor: Actor, person: User) -> str:
    """What about the person, rather than about rights, stands against it; empty where nothing does."""
    if actor.user_id == person.pk and not act.to_oneself:
        return str(REASONS["own_account_stays"])
    if person.state not in act.states:
        states = _(" or ").join(str(state.label) for state in State if state in act.states)
        return _("Only for people who are %(states)s.") % {"states": states}
    if not act.fits(actor, person):
        return _("There is nothing left to do.")
    return act.why_state(actor, person) if act.why_state else ""


def _no(sentence: str) -> Step:
    return Step(holds=False, sentence=sentence)
