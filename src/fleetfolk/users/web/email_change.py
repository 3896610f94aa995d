"""Changing an address: asked for by the person or by who may, confirmed by the link in the mail to the new one.

The link's secret is taken out of the address at once, as that of an invitation is. Whoever holds it has shown that the
new mailbox is theirs; that the account is, was shown when the change was asked for.
"""

from allauth.account.internal.flows.logout import logout
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.accept_email import AcceptEmail, AcceptEmailInput
from fleetfolk.users.actions.cancel_email import CancelEmail
from fleetfolk.users.actions.edit_email import EditEmail, EmailInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.start_email_change import StartEmailChange
from fleetfolk.users.models import EmailChange, User
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.signin import remember_browser
from fleetfolk.users.web.actors import actor_of
from fleetfolk.users.web.dialogs import CHANGED, dialog, performed, person_for
from fleetfolk.users.web.factor_forms import EmailForm
from fleetfolk.users.web.own import own_view
from fleetfolk.users.web.secret_links import private

HELD = "fleetfolk_email_change"
"""The session's key for the hash of the secret that this browser has presented."""

LIMITS = {"link": "30/5m/ip", "accept": "30/5m/ip"}
"""Links that lead nowhere, and confirmations, from one address in so many minutes."""


@own_view()
@dialog_methods
def edit_own(request: ConsoleRequest, person: User) -> HttpResponse:
    """Another address of one's own is asked for."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = EmailInput(email=form.cleaned_data["email"])
        if performed(form, [(StartEmailChange, person.pk, data)], request):
            return _asked(request, data.email, reverse("account:security"))
    return dialog(request, "users/edit_email.html", form, person=person, button=_("Send the link"), own=True)


@console_view
@dialog_methods
def edit(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """Another address for somebody is asked for."""
    person = person_for("users:edit-email", request, user_id)
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = EmailInput(email=form.cleaned_data["email"])
        if performed(form, [(EditEmail, user_id, data)], request, field="email"):
            return _asked(request, data.email, reverse("users:detail", args=[user_id]))
    return dialog(request, "users/edit_email.html", form, person=person, button=_("Send the link"))


@own_view()
@require_POST
def cancel(request: ConsoleRequest, person: User) -> HttpResponse:
    """The address of today stays."""
    perform(CancelEmail, actor=request.actor, target_id=person.pk, data=NoInput())
    return done(request, toast=_("Your address stays as it is."), to=reverse("account:security"), changed=CHANGED)


@login_not_required
@private
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: sends the browser on to the page that asks."""
    if not ratelimit.consume(request, app="fleetfolk", action="link", config=LIMITS, limit_get=True, dry_run=True):
        return ratelimit.respond_429(request)
    presented = secret_hash(secret)
    if EmailChange.by_secret_hash(presented) is None:
        ratelimit.consume(request, app="fleetfolk", action="link", config=LIMITS, limit_get=True)
        return _over(request, 404)
    request.session[HELD] = presented
    return HttpResponseRedirect(reverse("security:email-form"))


@login_not_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """GET asks, POST changes the address. Nothing happens by opening the link."""
    presented = str(request.session.get(HELD, ""))
    wish = EmailChange.by_secret_hash(presented)
    if wish is None:
        return _over(request, 404)
    if not wish.is_open(wish.user):
        return _over(request, 410)
    if request.method != "POST":
        return render(request, "users/email_confirm.html", {"wish": wish})
    if not ratelimit.consume(request, app="fleetfolk", action="accept", config=LIMITS):
        return ratelimit.respond_429(request)
    person, email = wish.user, wish.email
    try:
        perform(
            AcceptEmail,
            actor=actor_of(person, request),
            target_id=person.pk,
            data=AcceptEmailInput(secret_hash=presented),
        )
    except ActionError:
        # Used, replaced or taken a moment ago: the same page as for every link that is over.
        return _over(request, 410)
    request.session.pop(HELD, None)
    if request.user.is_authenticated and request.user.pk == person.pk:
        logout(request, show_message=False)
    response = render(request, "users/email_changed.html", {"email": email})
    remember_browser(response, email)
    return response


def _asked(request: ConsoleRequest, email: str, to: str) -> HttpResponse:
    text = _("A link is on its way to %(email)s. The address changes when it is used.")
    return done(request, toast=text % {"email": email}, to=to, changed=CHANGED)


def _over(request: HttpRequest, status: int) -> HttpResponse:
    """One page for every link that does not work, so that it tells nothing of who has an account."""
    request.session.pop(HELD, None)
    return render(request, "users/email_over.html", status=status)
