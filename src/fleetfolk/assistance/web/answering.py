"""Answering a request by the link of a mail, signed in or not.

The link's secret is taken out of the address at once, as for invitations: the browser is sent on to a page without it,
and only the secret's hash waits in the session. Opening a link changes nothing; the answer is a form.
"""

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fleetfolk.assistance.actions.accept_request import AcceptRequest, AnswerRequestInput
from fleetfolk.assistance.actions.cancel_request import CancelRequest
from fleetfolk.assistance.models import Request
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.web.actors import actor_of
from fleetfolk.users.web.secret_links import private

HELD = "fleetfolk_support"
"""The session's key for the hash of the secret that this browser has presented."""

LIMITS = {"support": "30/5m/ip"}


@login_not_required
@private
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: sends the browser on to the page where the answer is given."""
    if not ratelimit.consume(request, app="fleetfolk", action="support", config=LIMITS, limit_get=True, dry_run=True):
        return ratelimit.respond_429(request)
    presented = secret_hash(secret)
    asked = Request.by_secret_hash(presented)
    if asked is None or not asked.is_open:
        ratelimit.consume(request, app="fleetfolk", action="support", config=LIMITS, limit_get=True)
        return _over(request)
    request.session[HELD] = presented
    return HttpResponseRedirect(reverse("assistance:answer-form"))


@login_not_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def answer_form(request: HttpRequest) -> HttpResponse:
    """Who asks, for what and why; yes or no."""
    asked = Request.by_secret_hash(str(request.session.get(HELD, "")))
    if asked is None or not asked.is_open:
        return _over(request)
    person = asked.user
    if request.user.is_authenticated and request.user.pk != person.pk:
        # Whoever is signed in here is somebody else: support does not answer its own question.
        return render(request, "assistance/answer_other.html", {"present": request.user}, status=403)
    if request.method != "POST":
        return render(request, "assistance/answer.html", {"asked": asked, "person": person})
    yes = request.POST.get("answer") == "yes"
    try:
        perform(
            AcceptRequest if yes else CancelRequest,
            actor=actor_of(person, request),
            target_id=person.pk,
            data=AnswerRequestInput(request_id=asked.pk),
        )
    except ActionError:
        return _over(request)
    request.session.pop(HELD, None)
    return render(request, "assistance/answered.html", {"asked": asked, "yes": yes})


def _over(request: HttpRequest) -> HttpResponse:
    """One page for every link that does not work, so that it tells nothing of who was asked."""
    request.session.pop(HELD, None)
    return render(request, "assistance/answer_over.html", status=410)
