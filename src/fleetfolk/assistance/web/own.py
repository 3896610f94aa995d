"""The customer's side: letting support in, answering, sending away, and reading what was done."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleetfolk.access.models_switches import held_at_home
from fleetfolk.assistance.actions.accept_request import AcceptRequest, AnswerRequestInput
from fleetfolk.assistance.actions.cancel_request import CancelRequest
from fleetfolk.assistance.actions.grant_consent import GrantConsent
from fleetfolk.assistance.actions.revoke_assistance import RevokeAssistance
from fleetfolk.assistance.actions.revoke_consent import RevokeConsent
from fleetfolk.assistance.queries import live_with, open_requests, own_records, standing_consent
from fleetfolk.assistance.rules import STAFF
from fleetfolk.assistance.web.bars import support_of
from fleetfolk.assistance.web.forms import ConsentForm
from fleetfolk.assistance.web.records import record_context
from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.web.own import own_page, own_view

SHOWN = 50
CHANGED = "support:changed"


@own_view(assisted="see")
@require_safe
def own(request: ConsoleRequest, person: User) -> HttpResponse:
    """What is allowed now, what is asked, who is in, and who was."""
    return _page(request, person, ConsentForm())


@own_view()
@require_POST
def grant(request: ConsoleRequest, person: User) -> HttpResponse:
    """Support may come in for a while."""
    form = ConsentForm(request.POST)
    if form.is_valid():
        try:
            perform(GrantConsent, actor=request.actor, target_id=person.pk, data=form.to_input())
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            return _done(request, _("Support may help you now. You are told when they do."))
    return _page(request, person, form, status=422)


@own_view()
@require_POST
def revoke(request: ConsoleRequest, person: User) -> HttpResponse:
    """Support stays out, and is out."""
    perform(RevokeConsent, actor=request.actor, target_id=person.pk, data=NoInput())
    return _done(request, _("Support cannot come in any more."))


@own_view()
@require_POST
def answer(request: ConsoleRequest, person: User, request_id: int) -> HttpResponse:
    """Yes or no to who asked."""
    yes = request.POST.get("answer") == "yes"
    data = AnswerRequestInput(request_id=request_id)
    perform(AcceptRequest if yes else CancelRequest, actor=request.actor, target_id=person.pk, data=data)
    return _done(request, _("They may come in now.") if yes else _("They stay out."))


@own_view()
@require_POST
def stop(request: ConsoleRequest, person: User) -> HttpResponse:
    """Whoever is in is out. That they had gone already is as good."""
    try:
        perform(RevokeAssistance, actor=request.actor, target_id=person.pk, data=NoInput())
    except Refused as refusal:
        return _done(request, sentence_for(refusal))
    return _done(request, _("Support is out, and cannot come back without asking you."))


@own_view()
@require_http_methods(["GET"])
def notice(request: ConsoleRequest, person: User) -> HttpResponse:
    """What the notice above the page says now; nothing where it says so already."""
    support = support_of(person.pk)
    if request.GET.get("seen") == support.key:
        return HttpResponse(status=204)
    request.support = support  # type: ignore[attr-defined]
    return render(request, "assistance/notice.html")


@own_view()
@require_safe
def own_record(request: ConsoleRequest, person: User, public_id: uuid.UUID) -> HttpResponse:
    """What was done in one's own view, page by page."""
    row = own_records(person.pk).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return own_page(request, "assistance/own_record.html", record_context(row))


def _page(request: ConsoleRequest, person: User, form: ConsentForm, *, status: int = 200) -> HttpResponse:
    assisted = request.actor.assisted_by is not None
    context = {
        "form": form,
        "consent": standing_consent(person.pk),
        "live": live_with(person.pk),
        "requests": list(open_requests(person.pk)),
        "rows": list(own_records(person.pk)[:SHOWN]),
        "rule": rules_of(person.organization).assistance,
        "rules": AssistanceRule,
        "staff": bool(STAFF & held_at_home(person)),
        "closed": assisted,
    }
    return own_page(request, "assistance/own.html", context, status=status)


def _done(request: ConsoleRequest, toast: str) -> HttpResponse:
    return done(request, toast=toast, to=reverse("assistance:own"), changed=CHANGED)
