"""Signing in by the provider of an organization: finding it, going there, coming back."""

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fleetfolk.console.proof import BY_PROVIDER
from fleetfolk.console.typed import typed
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import ActionError, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.actions.accept_identity import AcceptIdentity
from fleetfolk.users.actions.accept_newcomer import AcceptNewcomer
from fleetfolk.users.actions.create_identity import CreateIdentity, IdentityInput
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SingleSignOn, SsoIdentity, SsoKind
from fleetfolk.users.sso.claims import Claim, Returned, Unproved
from fleetfolk.users.sso.lookup import is_home, provider_at, provider_for, serves
from fleetfolk.users.web.actors import actor_of, address_of, client_of

_LOG = structlog.get_logger("fleetfolk.users")

LIMITS: Final = {"sso": "120/m/ip"}
"""Ways to providers and back, from one address. Each makes us ask over the network."""

PROCESSES: Final = ("login", "prove")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """By whose provider an address signs in. The answer is of its domain alone: nobody learns who has an account.

    It is posted, so that addresses stand in no address of ours.
    """
    email = typed(request.POST, "login", longest=254)
    sso = provider_for(email) if "@" in email else None
    context = {"email": email, "provider": None if sso is None else sso.organization.name, "url": ""}
    if sso is not None:
        back = get_next_redirect_url(request)
        context["url"] = reverse("sso-start", args=[sso.key]) + (f"?{urlencode({'next': back})}" if back else "")
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"users/sso_find.html{'#sso-offer' if part else ''}", context)


@login_not_required
@never_cache
@require_safe
def start(request: HttpRequest, key: str) -> HttpResponse:
    """The browser is on its way to the provider."""
    sso = at_key(key)
    process = request.GET.get("process", "login")
    if process not in PROCESSES:
        raise Http404
    back = get_next_redirect_url(request)
    if request.user.is_authenticated != (process == "prove"):
        return HttpResponseRedirect(back or "/")
    if not ratelimit.consume(request, app="fleetfolk", action="sso", config=LIMITS, limit_get=True):
        return ratelimit.respond_429(request)
    try:
        there: HttpResponse = spoken(sso).asked(request, sso, process=process, back=back)
    except Unproved as reason:
        return failed(request, sso, reason)
    return there


@login_not_required
@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Whoever comes back from a provider of OpenID Connect is signed in, or reads why not."""
    sso = at_key(provider_id)
    if sso.kind != SsoKind.OIDC:
        raise Http404
    if not ratelimit.consume(request, app="fleetfolk", action="sso", config=LIMITS, limit_get=True):
        return ratelimit.respond_429(request)
    try:
        came = spoken(sso).returned(request, sso)
    except Unproved as reason:
        return failed(request, sso, reason)
    return entered(request, sso, came)


def entered(request: HttpRequest, sso: SingleSignOn, came: Returned) -> HttpResponse:
    """What follows from what the provider said: a session, a proof, or a sentence that says why not."""
    if came.process == "prove":
        return _proved(request, sso, came)
    if request.user.is_authenticated:
        return HttpResponseRedirect("/")
    try:
        person = _person(request, sso, came.claim)
    except ActionError as refusal:
        _LOG.info("sso_refused", provider=sso.pk, reason=refusal.reason)
        return _refused(request, refusal)
    record_authentication(request, person, BY_PROVIDER, provider=sso.key)
    stages = {AuthenticateStage.key: {"handled": True}} if sso.trusts_factor else {}
    login = Login(user=person, redirect_url=came.back, state={"stages": stages})
    try:
        return perform_login(request, login)
    except ImmediateHttpResponse as answer:
        return answer.response


def _person(request: HttpRequest, sso: SingleSignOn, claim: Claim) -> User:
    """Who this is: who was linked with the subject; else whose address it is; else somebody who joins.

    Every refusal is an `ActionError`. Whoever may not sign in is no less found: the sign-in refuses them in its words.
    """
    linked = SsoIdentity.objects.select_related("user__organization", "user__role").filter(
        sso=sso, issuer=sso.issuer, subject=claim.subject
    )
    known = linked.first()
    if known is not None:
        if not is_home(sso, known.user.organization):
            raise Refused("sso_unknown", organization=sso.organization.name)
        return known.user
    if not claim.verified:
        raise Refused("sso_unverified", organization=sso.organization.name)
    if not serves(sso, claim.email):
        raise Refused("sso_unknown", organization=sso.organization.name)
    data = IdentityInput(sso_id=sso.pk, claim=claim)
    people = User.objects.select_related("organization", "role").filter(
        tenant_id=sso.tenant_id, organization__path__startswith=sso.organization.path, email=claim.email
    )
    person = people.filter(activated_at__isnull=False).first()
    if person is not None:
        if person.is_active:
            perform(CreateIdentity, actor=actor_of(person, request), target_id=person.pk, data=data)
        return person
    waiting = people.filter(activated_at__isnull=True, invitation__revoked_at=None).order_by("created_at").last()
    if waiting is not None:
        perform(AcceptIdentity, actor=actor_of(waiting, request), target_id=waiting.pk, data=data)
        return people.get(pk=waiting.pk)
    if sso.role_id is None:
        raise Refused("sso_unknown", organization=sso.organization.name)
    doorkeeper = replace(
        system_actor("doorkeeper", tenant_id=sso.tenant_id, client=client_of(request)),
        request_id=getattr(request, "request_id", ""),
        address=address_of(request),
    )
    outcome = perform(AcceptNewcomer, actor=doorkeeper, target_id=sso.organization_id, data=data)
    return people.get(pk=outcome.target.pk)


def _proved(request: HttpRequest, sso: SingleSignOn, came: Returned) -> HttpResponse:
    """The person who is signed in has shown once more that it is them."""
    mine = SsoIdentity.objects.filter(sso=sso, issuer=sso.issuer, subject=came.claim.subject, user=request.user.pk)
    if not request.user.is_authenticated or not mine.exists():
        return _refused(request, Refused("sso_other"))
    record_authentication(request, request.user, BY_PROVIDER, provider=sso.key, reauthenticated=True)
    return HttpResponseRedirect(came.back or "/")


def at_key(key: str) -> SingleSignOn:
    """The provider at this key, where people can sign in by it; else 404."""
    sso = provider_at(key)
    if sso is None:
        raise Http404
    return sso


def spoken(sso: SingleSignOn) -> Any:
    """The language of the provider: imported by whoever needs it, because each brings large libraries along."""
    if sso.kind == SsoKind.SAML:
        from fleetfolk.users.sso import saml  # noqa: PLC0415

        return saml
    from fleetfolk.users.sso import oidc  # noqa: PLC0415

    return oidc


def failed(request: HttpRequest, sso: SingleSignOn, reason: Unproved) -> HttpResponse:
    """The cause is for the operator's log: what a stranger sends must not teach them what is looked at."""
    _LOG.warning("sso_failed", provider=sso.pk, reason=str(reason)[:300])
    return _refused(request, Refused("sso_failed", organization=sso.organization.name))


def _refused(request: HttpRequest, refusal: ActionError) -> HttpResponse:
    return render(request, "account/refused.html", {"sentence": sentence_for(refusal)}, status=403)


def start_of(sso: SingleSignOn) -> str:
    """The address that leads to the provider at once, on our own host."""
    return settings.FLEETFOLK_ORIGIN + reverse("sso-start", args=[sso.key])
