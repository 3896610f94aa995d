"""The assistant's side: asking, beginning, stopping."""

import uuid
from dataclasses import replace
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.access.gate import GATE
from fleetfolk.assistance.actions.cancel_assistance import CancelAssistance, CancelAssistanceInput
from fleetfolk.assistance.actions.end_assistance import EndAssistance, EndAssistanceInput
from fleetfolk.assistance.actions.send_request import SendRequest, SendRequestInput
from fleetfolk.assistance.actions.start_assistance import StartAssistance
from fleetfolk.assistance.caretaking import end_for
from fleetfolk.assistance.measures import STARTED
from fleetfolk.assistance.models import Assistance, EndCause
from fleetfolk.assistance.permissions import ACT_AS, VIEW_AS
from fleetfolk.assistance.queries import ground_for, latest_request, live_by, record, standing_consent, unended
from fleetfolk.assistance.rules import require_assistable
from fleetfolk.assistance.web.admission import browser_of
from fleetfolk.assistance.web.cookie import address_of, give, take_away
from fleetfolk.assistance.web.forms import StartForm
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.proof import proof_of
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, AssistMode, Proof
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User
from fleetfolk.users.queries import user_detail
from fleetfolk.users.secret import new_secret, secret_hash
from fleetfolk.users.web.acts import doable

DIALOG: Final = "assistance/start.html"
PROVED_WITHIN: Final = 300
"""Seconds. The assistant's own password or second factor may be no older, whatever the installation asks elsewhere."""

INSTEAD: Final = ("users:reset-password", "users:end-sessions")
"""What often helps without looking."""


@console_view
@require_safe
def dialog(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """What allows it, and what is still needed."""
    person = user_detail(request.actor, user_id)
    require_assistable(request.actor, person, mode=AssistMode.VIEW, rules=rules_of(person.organization))
    return _dialog(request, person, StartForm(may_act=_may_act(request.actor, person)))


@console_view
@require_safe
def waiting(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """Asked every few seconds while the customer has not answered: nothing new, or the dialog as it is then."""
    person = user_detail(request.actor, user_id)
    require_assistable(request.actor, person, mode=AssistMode.VIEW, rules=rules_of(person.organization))
    asked = latest_request(request.actor.user_id or 0, person.pk)
    if asked is not None and asked.is_open:
        return HttpResponse(status=204)
    answer = _dialog(request, person, StartForm(may_act=_may_act(request.actor, person)))
    answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog-host", "innerHTML"
    return answer


@console_view
@require_POST
def ask(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The customer is asked."""
    person = _person(request, user_id, SendRequest)
    form = StartForm(request.POST, may_act=True)
    if form.is_valid():
        try:
            perform(SendRequest, actor=request.actor, target_id=person.pk, data=form.to_request())
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            if not request.htmx:
                return HttpResponseRedirect(reverse("assistance:dialog", args=[person.pk]))
            return _dialog(request, person, StartForm(may_act=True))
    return _dialog(request, person, form, asking=True)


@console_view
@require_POST
def start(request: ConsoleRequest, user_id: int) -> HttpResponseBase:
    """The view is open in this browser: the cookie comes with this very answer, so nothing is handed over by a link."""
    _require_own_page(request)
    person = _person(request, user_id, StartAssistance)
    form = StartForm(request.POST, may_act=True)
    if not form.is_valid():
        return _dialog(request, person, form)
    for row in unended(agent_id=request.actor.user_id or 0, user_id=person.pk):
        if row.over:
            end_for(row, row.over)
    secret = new_secret()
    data = form.to_start(secret_hash=secret_hash(secret), browser_hash=browser_of(request))
    try:
        perform(StartAssistance, actor=_proved_lately(request), target_id=person.pk, data=data)
    except Refused as refusal:
        form.add_error(None, sentence_for(refusal))
        return _dialog(request, person, form, asking=refusal.reason == "assist_no_consent")
    row = Assistance.objects.get(secret_hash=data.secret_hash)
    STARTED.labels(mode=row.mode, basis=row.basis, unusual=row.unusual).inc()
    where = address_of(row.public_id)
    response: HttpResponseBase = HttpResponseClientRedirect(where) if request.htmx else HttpResponseRedirect(where)
    give(response, row, secret)
    return response


@console_view
@require_POST
def ask_to_act(request: ConsoleRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whoever looks and would like to help asks for more; the reason stays what it was."""
    row = _begun_by(request, public_id)
    data = SendRequestInput(mode=AssistMode.ACT, reason=row.reason, ticket=row.ticket, minutes=30)
    perform(SendRequest, actor=request.actor, target_id=row.user_id, data=data)
    text = _("%(name)s is asked. Go on looking meanwhile; the answer is shown above.") % {"name": row.user_label}
    return done(request, toast=text, to=address_of(public_id))


@console_view
@require_POST
def end(request: ConsoleRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """It is over. Whoever began it can always stop it, with or without the rights by which they began."""
    row = _begun_by(request, public_id)
    if row.ended_at is None:
        customer = User.objects.select_related("role", "organization").get(pk=row.user_id)
        if GATE.decide(request.actor, VIEW_AS, customer).allowed:
            data = EndAssistanceInput(assistance_id=row.pk)
            perform(EndAssistance, actor=request.actor, target_id=row.user_id, data=data)
        else:
            end_for(row, EndCause.RIGHTS)
    response = done(
        request,
        toast=_("You are no longer in %(name)s’s account.") % {"name": row.user_label},
        to=reverse("assistance:record", args=[public_id]),
        changed="assistance:changed",
    )
    take_away(response, public_id)
    return response


@console_view
@require_POST
def cancel(request: ConsoleRequest, public_id: uuid.UUID) -> HttpResponse:
    """An overseer ends what somebody else began."""
    row = record(request.actor, public_id)
    data = CancelAssistanceInput(assistance_id=row.pk)
    perform(CancelAssistance, actor=request.actor, target_id=row.user_id, data=data)
    text = _("%(agent)s is no longer in %(name)s’s account.") % {"agent": row.agent_label, "name": row.user_label}
    to = reverse("assistance:record", args=[public_id])
    return done(request, toast=text, to=to, changed="assistance:changed")


def _dialog(request: ConsoleRequest, person: User, form: StartForm, *, asking: bool = False) -> HttpResponse:
    """The dialog for what is possible now; 422 where it comes back with what is wrong."""
    rules, agent_id = rules_of(person.organization), request.actor.user_id or 0
    ground = ground_for(agent_id, person, mode=AssistMode.VIEW, rules=rules)
    asked = latest_request(agent_id, person.pk)
    running = live_by(agent_id)
    needs_yes = asking or ground is None
    name = "assistance:ask" if needs_yes else "assistance:start"
    if ground is not None and ground.request is not None and not form.is_bound:
        agreed = ground.request
        form.initial = {
            "reason": agreed.reason,
            "ticket": agreed.ticket,
            "minutes": agreed.minutes,
            "mode": agreed.mode,
        }
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "ground": ground,
        "consent": standing_consent(person.pk),
        "waived": rules.assistance == AssistanceRule.WAIVED,
        "waiting": asked if asked is not None and asked.is_open else None,
        "declined": asked if asked is not None and asked.accepted is False else None,
        "agreed": ground.request if ground else None,
        "running": running,
        "running_url": address_of(running.public_id) if running else "",
        "needs_yes": needs_yes,
        "instead": [act for act in doable(request.actor, person).acts if act.url in INSTEAD],
        "action": "" if running or (asked and asked.is_open) else reverse(name, args=[person.pk]),
        "wide": False,
    }
    return render(request, DIALOG, context, status=422 if form.is_bound and form.errors else 200)


def _person(request: ConsoleRequest, user_id: int, action: type[Action[User, Any]]) -> User:
    """The person, where the viewer may see them. Whoever may not goes to the Action, which leaves a trace."""
    try:
        person = user_detail(request.actor, user_id)
    except TargetNotFound:
        perform(action, actor=request.actor, target_id=user_id, data=None)
        raise
    if not GATE.decide(request.actor, VIEW_AS, person).allowed:
        perform(action, actor=request.actor, target_id=user_id, data=None)
    return person


def _begun_by(request: ConsoleRequest, public_id: uuid.UUID) -> Assistance:
    row = Assistance.objects.filter(public_id=public_id, agent_id=request.actor.user_id).first()
    if row is None or row.agent_id is None:
        raise TargetNotFound
    return row


def _may_act(actor: Actor, person: User) -> bool:
    return GATE.decide(actor, ACT_AS, person).allowed


def _proved_lately(request: ConsoleRequest) -> Actor:
    """The actor, whose proof is old where it is older than remote assistance takes."""
    actor = request.actor
    if actor.proof is Proof.GIVEN and proof_of(request, request.user, within=PROVED_WITHIN) is not Proof.GIVEN:  # type: ignore[arg-type]
        return replace(actor, proof=Proof.OLD)
    return actor


def _require_own_page(request: ConsoleRequest) -> None:
    """Refuses what another site's page sent. The token against forged forms is asked for as well."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise PermissionDenied
