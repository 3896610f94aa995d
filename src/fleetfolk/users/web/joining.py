"""Accepting an invitation: the page behind the link in the mail, for somebody who is not signed in.

The link's secret is taken out of the address at once: the browser is sent on to a page without it, and only the
secret's hash waits in the session. So it is in no history entry that is shared, no referrer and no log.
"""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.branding import look_of
from fleetfolk.users.actions.accept_invitation import AcceptInvitation
from fleetfolk.users.actions.read_invitation import InvitationSecretInput, ReadInvitation
from fleetfolk.users.models import Invitation, InvitationState, State, User
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.web.actors import actor_of
from fleetfolk.users.web.forms import JoinForm
from fleetfolk.users.web.secret_links import private

HELD = "fleetfolk_invitation"
"""The session's key for the hash of the secret that this browser has presented."""

LIMITS = {"link": "30/5m/ip", "accept": "30/5m/ip"}
"""Links that lead nowhere, and attempts to choose a password, from one address in so many minutes."""


@login_not_required
@private
@require_safe
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: sends the browser on to the page where it chooses a password."""
    if not ratelimit.consume(request, app="fleetfolk", action="link", config=LIMITS, limit_get=True, dry_run=True):
        return ratelimit.respond_429(request)
    presented = secret_hash(secret)
    invitation = Invitation.by_secret_hash(presented)
    if invitation is None:
        ratelimit.consume(request, app="fleetfolk", action="link", config=LIMITS, limit_get=True)
        return _over(request, 404)
    if not _is_open(invitation):
        return _over(request, 410)
    request.session[HELD] = presented
    return HttpResponseRedirect(reverse("users:join-form"))


@login_not_required
@private
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join_form(request: HttpRequest) -> HttpResponse:
    """Who invites, where and whom; with a password the person has an account and is signed in."""
    presented = str(request.session.get(HELD, ""))
    invitation = Invitation.by_secret_hash(presented)
    if invitation is None:
        return _over(request, 404)
    if not _is_open(invitation):
        return _over(request, 410)
    person = invitation.user
    if request.user.is_authenticated:
        other = {"invitation": invitation, "present": request.user, "look": look_of(person.organization_id)}
        return render(request, "users/join_other.html", other)
    if request.method == "POST":
        return _accept(request, invitation, presented)
    if invitation.opened_at is None and not _is_prefetch(request):
        perform(
            ReadInvitation,
            actor=actor_of(person, request),
            target_id=person.pk,
            data=InvitationSecretInput(secret_hash=presented),
        )
    return _page(request, invitation, JoinForm(person=person))


@login_not_required
@private
@require_POST
def leave_and_join(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in is signed out, and the invitation goes on."""
    presented = request.session.get(HELD, "")
    logout(request, show_message=False)
    request.session[HELD] = presented
    return HttpResponseRedirect(reverse("users:join-form"))


def _accept(request: HttpRequest, invitation: Invitation, presented: str) -> HttpResponse:
    if not ratelimit.consume(request, app="fleetfolk", action="accept", config=LIMITS):
        return ratelimit.respond_429(request)
    person = invitation.user
    form = JoinForm(request.POST, person=person)
    if not form.is_valid():
        return _page(request, invitation, form, status=422)
    try:
        perform(
            AcceptInvitation,
            actor=actor_of(person, request),
            target_id=person.pk,
            data=form.to_input(secret_hash=presented),
        )
    except ActionError:
        # Used, revoked or made useless a moment ago: the same page as for every link that is over.
        return _over(request, 410)
    request.session.pop(HELD, None)
    account = User.objects.get(pk=person.pk)
    record_authentication(request, account, method="password", email=account.email)
    return perform_login(request, Login(user=account, redirect_url="/"))


def _page(request: HttpRequest, invitation: Invitation, form: JoinForm, *, status: int = 200) -> HttpResponse:
    look = look_of(invitation.user.organization_id)
    context = {"invitation": invitation, "person": invitation.user, "form": form, "look": look}
    return render(request, "users/join.html", context, status=status)


def _over(request: HttpRequest, status: int) -> HttpResponse:
    """One page for every link that does not work, so that it tells nothing of who has an account."""
    request.session.pop(HELD, None)
    return render(request, "users/join_over.html", status=status)


def _is_open(invitation: Invitation) -> bool:
    person = invitation.user
    return (
        invitation.state in (InvitationState.SENT, InvitationState.OPENED)
        and person.state == State.PENDING
        and invitation.is_bound_to(person)
        and not User.objects.filter(email=person.email, activated_at__isnull=False).exists()
    )


def _is_prefetch(request: HttpRequest) -> bool:
    """Whether a program looks at the page on the chance that somebody will open it."""
    if request.method == "HEAD":
        return True
    purpose = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return "prefetch" in purpose or "prerender" in purpose
