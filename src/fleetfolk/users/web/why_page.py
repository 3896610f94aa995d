"""Why can, or can't, this person do this? Person, action and target in, the chain of reasons out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fleetfolk.access.explain import Step, explain
from fleetfolk.access.grants import grants_of
from fleetfolk.access.permissions import VIEW_ROLES
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.typed import typed
from fleetfolk.kernel.action import CATALOGUE, Action
from fleetfolk.kernel.actor import Actor, Client
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.acts import ACTS, decisions_for
from fleetfolk.users.web.why import state_against
from fleetfolk.users.web.why_kinds import KINDS, people

LARGEST_KEY: Final = 2**63 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Whether the person may, and every reason in the order in which it is asked."""

    allowed: bool
    steps: Sequence[Step]


@console_view
@require_safe
def why(request: ConsoleRequest) -> HttpResponse:
    """The page; through htmx, its form and its answer alone."""
    _require(request.actor)
    action = CATALOGUE.get(request.GET.get("action", ""))
    kind = KINDS.get(action.target_model) if action else None
    person_key, target_key = _key(request, "person"), _key(request, "target")
    person = user_detail(request.actor, person_key) if person_key else None
    target: Any = None
    if kind is not None and target_key and request.GET.get("of") == kind.model:
        target = kind.get(request.actor, target_key)
    who, whom = typed(request.GET, "who"), typed(request.GET, "whom")
    context = {
        "person": person,
        "who": who,
        "people": people(request.actor, who) if who and person is None else (),
        "actions": _actions(),
        # A template would call a class, and so make an Action of it.
        "code": action.code if action and kind else "",
        "label": action.label if action else "",
        "kind": kind,
        "target": target,
        "whom": whom,
        "targets": kind.find(request.actor, whom) if kind and target is None else (),
        "answer": _answer(person, action, target) if person is not None and action and target is not None else None,
    }
    return render(request, "users/why_page.html#asked" if request.htmx else "users/why_page.html", context)


@console_view
@require_safe
def found(request: ConsoleRequest, part: str) -> HttpResponse:
    """Who or what could be meant, while one types."""
    _require(request.actor)
    if part == "person":
        context: dict[str, object] = {"name": "person", "found": people(request.actor, typed(request.GET, "who"))}
    else:
        action = CATALOGUE.get(request.GET.get("action", ""))
        kind = KINDS.get(action.target_model) if action else None
        if kind is None:
            raise Http404
        context = {"name": "target", "found": kind.find(request.actor, typed(request.GET, "whom"))}
    typed_something = bool(typed(request.GET, "who") or typed(request.GET, "whom"))
    return render(request, "users/why_page.html#found", {**context, "looked": typed_something})


def _require(actor: Actor) -> None:
    held = {code for grant in grants_of(actor) for code in grant.permissions}
    if not {VIEW_ROLES.code, VIEW_USERS.code} <= held:
        raise Denied("permission_missing")


def _key(request: ConsoleRequest, name: str) -> int:
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and said.isascii() and len(said) < len(str(LARGEST_KEY)) else 0


def _actions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that can be asked about, code and words, by the kind of its target."""
    return [
        (
            str(kind.label),
            sorted(
                (
                    (action.code, str(action.label))
                    for action in CATALOGUE.values()
                    if action.target_model == kind.model
                ),
                key=lambda pair: pair[1],
            ),
        )
        for kind in KINDS.values()
    ]


def _answer(person: User, action: type[Action[Any, Any]], target: Any) -> Answer:
    """The gate's reasons; where it allows, what about the target's state is known to stand against it."""
    actor = person.as_actor(Client.WEB)
    grants = grants_of(actor)
    explained = explain(actor, action.permission, target, grants, openly=True)
    steps = [*explained.steps]
    if explained.allowed and isinstance(target, User) and (sentence := _against(actor, action, target)):
        return Answer(allowed=False, steps=[*steps, Step(holds=False, sentence=sentence)])
    if explained.allowed and action.risk.needs_proof:
        proof = _("They show that it is them, where the last time was more than ten minutes ago.")
        steps.append(Step(holds=True, sentence=proof))
    return Answer(allowed=explained.allowed, steps=steps)


def _against(actor: Actor, action: type[Action[Any, Any]], target: User) -> str:
    act = next((act for act in ACTS if act.action is action), None)
    if act is None:
        return ""
    decision = decisions_for(actor, target)[action.permission.code]
    return state_against(act, actor, target) if decision.allowed else str(REASONS[decision.reason])
