"""Whoever must have a second factor sets one up first."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.users.models import User
from fleetfolk.users.signin import provider_of
from fleetfolk.users.sso.lookup import provider_at

OPEN = frozenset(
    {
        *("security:required", "security:add-app", "security:add-passkey", "security:new-passkey-options"),
        *("account_logout", "account_reauthenticate", "security:passkey-options"),
        *("sso-start", "openid_connect_callback", "saml_acs", "saml_finish"),
        *("security:email", "security:email-form", "mfa_authenticate", "mfa_login_webauthn"),
        *("alive", "ready", "metrics", "assistance:end", "assistance:stop", "account:theme"),
    }
)
"""What is open before: the way to a second factor, and the ways out."""


class SecondFactorMiddleware:
    """Leads people without a second factor to the page that adds one, where their organization asks for it.

    It is asked at every request, from what the statement that loads the person says: a rule that is turned on holds
    for whoever is signed in already. An assistant's own second factor was asked for when they signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page that adds one, instead of what was asked for."""
        actor = getattr(request, "actor", None)
        if actor is None or actor.assisted_by is not None or not getattr(request.user, "must_add_factor", False):
            return self.get_response(request)
        if _is_the_providers_to_ask(request):
            return self.get_response(request)
        try:
            name = resolve(request.path_info).view_name
        except Resolver404:
            name = ""
        if name in OPEN:
            return self.get_response(request)
        there = reverse("security:required")
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(there)
        return HttpResponseRedirect(there)


def _is_the_providers_to_ask(request: HttpRequest) -> bool:
    """Whether a provider has signed the person in here that is trusted, now, to ask for a second factor itself."""
    key = provider_of(request, cast("User", request.user))
    sso = provider_at(key) if key else None
    return sso is not None and sso.trusts_factor
