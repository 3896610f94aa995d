"""Coming back from a provider of SAML: it has the browser post what it says, from its own site."""

from typing import Final

from allauth.core.internal import ratelimit
from allauth.socialaccount.sessions import LoginSession
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.users.models_sso import SingleSignOn, SsoKind
from fleetfolk.users.sso.claims import Unproved
from fleetfolk.users.web.sso import LIMITS, at_key, entered, failed, spoken

KEPT: Final = 120
"""Seconds for which an answer waits for the browser's next request."""

LONGEST: Final = 200_000
_STORE, _COOKIE = "saml_answer", "fleetfolk-saml"


@csrf_exempt
@sensitive_post_parameters("SAMLResponse")
@login_not_required
@never_cache
@require_POST
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The answer waits for a request of our own site: in one from another, browsers send no session.

    Nothing is looked at here and nobody is signed in; what belongs to no question is thrown away at the next step.
    """
    sso = _saml_at(key)
    if not ratelimit.consume(request, app="fleetfolk", action="sso", config=LIMITS):
        return ratelimit.respond_429(request)
    said = request.POST.get("SAMLResponse", "")
    if not said or len(said) > LONGEST:
        return failed(request, sso, Unproved("no answer, or one that is too long"))
    response = HttpResponseRedirect(reverse("saml_finish", args=[key]))
    request.COOKIES.pop(_COOKIE, None)  # What others have left there is none of this answer's.
    waiting = LoginSession(request, _STORE, _COOKIE)
    waiting.store["answer"] = said
    waiting.store.set_expiry(KEPT)
    waiting.save(response)
    return response


@login_not_required
@never_cache
@require_safe
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever comes back is signed in, or reads why not."""
    sso = _saml_at(key)
    if not ratelimit.consume(request, app="fleetfolk", action="sso", config=LIMITS, limit_get=True):
        return ratelimit.respond_429(request)
    waiting = LoginSession(request, _STORE, _COOKIE)
    said = str(waiting.store.get("answer", ""))
    waiting.delete()
    try:
        came = spoken(sso).returned(request, sso, said)
    except Unproved as reason:
        return failed(request, sso, reason)
    return entered(request, sso, came)


@login_not_required
@require_safe
def metadata(request: HttpRequest, key: str) -> HttpResponse:
    """What we say of ourselves, for the provider. It is no secret."""
    sso = _saml_at(key)
    return HttpResponse(spoken(sso).metadata_of(sso), content_type="application/samlmetadata+xml")


def _saml_at(key: str) -> SingleSignOn:
    sso = at_key(key)
    if sso.kind != SsoKind.SAML:
        raise Http404
    return sso
