"""`/oauth2/token`: a program exchanges its secret for a token (RFC 6749, client credentials), and that for the next."""

import base64
import binascii
from typing import Final
from urllib.parse import unquote_plus

from allauth.core.internal import ratelimit
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from fleetfolk.api.issuing import Issued, exchange, issue, secret_of

ATTEMPTS: Final = {"token": "120/m/ip"}
"""Wrong secrets from one address. Nobody guesses 256 bits; this keeps the noise down."""

_SAID: Final = {
    "invalid_request": "Send grant_type, with client_id and client_secret as Basic or in the body.",
    "invalid_client": "Client ID is not found or password is wrong.",
    "invalid_grant": "The refresh token is unknown, over or used already.",
    "unsupported_grant_type": "The grant types are client_credentials and refresh_token.",
    "temporarily_unavailable": "Too many wrong secrets. Wait a minute.",
}


@csrf_exempt
@sensitive_post_parameters("client_secret", "refresh_token")
def token(request: HttpRequest) -> JsonResponse:
    """A token, or why not. Both ways of naming oneself are taken: Basic, or fields of the body or of the address."""
    client = _client(request)
    if request.method != "POST" or client is None:
        return _refusal("invalid_request", 400 if request.method == "POST" else 405)
    secret_id = secret_of(*client)
    if secret_id is None:
        used = ratelimit.consume(request, app="fleetfolk", action="token", config=ATTEMPTS)
        return _refusal("invalid_client", 401) if used else _refusal("temporarily_unavailable", 429)
    match _given(request, "grant_type"):
        case "client_credentials":
            return _answer(issue(secret_id))
        case "refresh_token":
            issued = exchange(client[0], _given(request, "refresh_token"))
            return _answer(issued) if issued else _refusal("invalid_grant")
        case other:
            return _refusal("unsupported_grant_type" if other else "invalid_request")


def _client(request: HttpRequest) -> tuple[str, str] | None:
    """What the program calls itself, and its secret."""
    header = request.headers.get("Authorization", "")
    if header[:6].lower() == "basic ":
        try:
            name, _colon, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return unquote_plus(name), unquote_plus(secret)
    name, secret = _given(request, "client_id"), _given(request, "client_secret")
    return (name, secret) if name and secret else None


def _given(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name) or request.GET.get(name) or "")


def _answer(issued: Issued) -> JsonResponse:
    return _private(
        JsonResponse(
            {
                "access_token": issued.access,
                "token_type": "Bearer",
                "expires_in": int(issued.lasts.total_seconds()),
                "refresh_token": issued.refresh,
            }
        )
    )


def _refusal(error: str, status: int = 400) -> JsonResponse:
    answer = JsonResponse({"error": error, "error_description": _SAID[error]}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="fleetfolk"'
    if status == 405:
        answer["Allow"] = "POST"
    return _private(answer)


def _private(answer: JsonResponse) -> JsonResponse:
    answer["Cache-Control"] = "no-store"
    return answer
