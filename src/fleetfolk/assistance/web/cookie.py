"""The cookie of one assistance: it goes to that assistance's own address and to no other page."""

import uuid
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from fleetfolk.assistance.models import Assistance

PREFIX: Final = "/as/"


def name() -> str:
    """What the cookie is called. Browsers take a `__Secure-` cookie over https alone."""
    return "__Secure-fleetfolk-assist" if settings.HTTPS else "fleetfolk-assist"


def address_of(public_id: uuid.UUID) -> str:
    """Where the customer's view is served to the assistant."""
    return f"{PREFIX}{public_id}/"


def give(response: HttpResponseBase, row: Assistance, secret: str) -> None:
    """The browser has the secret: no script can read it, and no other site's request carries it."""
    response.set_cookie(
        name(),
        secret,
        path=address_of(row.public_id),
        max_age=int((row.ends_at - row.started_at).total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def take_away(response: HttpResponseBase, public_id: uuid.UUID) -> None:
    """The browser forgets the secret."""
    response.delete_cookie(name(), path=address_of(public_id), samesite="Strict")


def secret_in(request: HttpRequest) -> str:
    """The secret that the browser shows; empty where it shows none."""
    return request.COOKIES.get(name(), "")
