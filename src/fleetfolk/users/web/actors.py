"""The actor of a web request: made from the request, never ambient."""

import re
from dataclasses import replace

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from fleetfolk.console.proof import proof_of
from fleetfolk.kernel.actor import Actor, Client
from fleetfolk.users.models import User

_APPS = re.compile(r"Fleetfolk/[0-9.]+ \((Android|iOS)")


def actor_of(user: User, request: HttpRequest) -> Actor:
    """The person, acting through this request."""
    return replace(
        user.as_actor(client_of(request), proof=proof_of(request, user)),
        request_id=getattr(request, "request_id", ""),
        address=address_of(request),
        assisted_by=getattr(request, "assistance", None),
    )


def client_of(request: HttpRequest) -> Client:
    """The program that asks, as it says itself."""
    app = _APPS.search(request.headers.get("User-Agent", ""))
    if app is None:
        return Client.WEB
    return Client.ANDROID if app[1] == "Android" else Client.IOS


def address_of(request: HttpRequest) -> str | None:
    """The client's address as allauth finds it behind the configured number of proxies; None where it cannot tell."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return None
