"""Showing that it is still the same person: asked before a sensitive Action, at every form in the same way.

The kernel refuses with `NotProved`. The answer asks for the password, a code or a passkey inside the dialog that is
open, or in one of its own that carries along what was sent. Sent again with the proof, the request goes on as if
nothing had been asked.
"""

import time
from dataclasses import replace
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fleetfolk.kernel.actor import Actor, Proof
from fleetfolk.kernel.errors import NotProved
from fleetfolk.kernel.reasons import sentence_for

FIELD, CODE_FIELD, PASSKEY_FIELD = "own_password", "own_code", "own_passkey"
FIELDS = (PASSKEY_FIELD, CODE_FIELD, FIELD)
"""The fields that any form may carry along."""

BY_PROVIDER = "socialaccount"
"""What allauth calls it when an organization's provider has signed somebody in."""

_METHODS = frozenset({"password", "mfa", BY_PROVIDER})
"""What counts as proof. allauth's own question takes accounts without a password for proved; here they are not."""

_ASTRAY = 60
"""Seconds by which the clocks of two machines that serve pages may differ."""

_NOT_CARRIED = ("csrfmiddlewaretoken", "password")
"""Fields with these words in their names are not written into a page: they are typed again."""


class Prover(Protocol):
    """What the accounts' adapter knows of a person's second factors. The console knows neither."""

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether the password is theirs. Raises `ValidationError` after too many guesses."""

    def prove_by_code(self, user: AbstractBaseUser, code: str) -> bool:
        """Whether the code is theirs, and used up now. Raises `ValidationError` after too many guesses."""

    def prove_by_passkey(self, user: AbstractBaseUser, answer: str) -> bool:
        """Whether the passkey is theirs and answered what it was asked."""

    def ways_to_prove(self, user: AbstractBaseUser) -> frozenset[str]:
        """Which of `FIELDS` the person can fill in."""

    def provider_to_prove(self, user: AbstractBaseUser) -> tuple[str, str] | None:
        """Whose provider can be asked, and at which address; None where there is none."""


def proof_of(request: HttpRequest, user: AbstractBaseUser, *, within: float | None = None) -> Proof:
    """Whether the person signed in, or showed again that it is them, in this session and lately: ``within`` seconds,
    where an act takes less than the installation does.
    """
    if not hasattr(request, "session"):
        return Proof.OLD
    lasts = app_settings.REAUTHENTICATION_TIMEOUT
    now = time.time()
    since = now - (lasts if within is None else min(within, lasts))
    records = get_authentication_records(request, user)
    # What lies ahead was given before the clock was set back, nobody knows how long ago.
    lately = any(record["method"] in _METHODS and since < record["at"] <= now + _ASTRAY for record in records)
    return Proof.GIVEN if lately else Proof.OLD


def take_proof(request: HttpRequest, actor: Actor) -> Actor:
    """The actor with what the request's password, code or passkey shows, if it carries one; no view sees it.

    A wrong one is counted as a guess at the sign-in is. Of several that are filled in, one is looked at. In a remote
    assistance there is nothing to prove: the person is not there, and nobody tries passwords in their name.
    """
    if actor.assisted_by is not None:
        return actor
    if request.method != "POST" or not any(field in request.POST for field in FIELDS):
        return actor
    sent = request.POST.copy()
    given = {field: str(sent.pop(field)[-1]) for field in FIELDS if field in sent}
    sent._mutable = False
    request.POST = sent  # type: ignore[assignment]
    for field in FIELDS:
        if given.get(field):
            return replace(actor, proof=_proof_by(request, field, given[field]))
    return actor


def _proof_by(request: HttpRequest, field: str, given: str) -> Proof:
    prover, user = _prover(request), cast("AbstractBaseUser", request.user)
    try:
        match field:
            case "own_password":
                if not prover.reauthenticate(user, given):
                    return Proof.WRONG
                reauthenticate_by_password(request)
                return Proof.GIVEN
            case "own_code":
                return Proof.GIVEN if prover.prove_by_code(user, given) else Proof.WRONG_FACTOR
            case _:
                return Proof.GIVEN if prover.prove_by_passkey(user, given) else Proof.WRONG_FACTOR
    except ValidationError:
        return Proof.TOO_MANY


def _provider(request: HttpRequest, *, looked_at: bool) -> dict[str, str] | None:
    """Whose provider can be asked once more, and the address that does and leads back to the page."""
    found = _prover(request).provider_to_prove(cast("AbstractBaseUser", request.user))
    if found is None:
        return None
    here = request.get_full_path() if looked_at else urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    return {"name": found[0], "url": f"{found[1]}?{urlencode({'process': 'prove', 'next': here})}"}


def _prover(request: HttpRequest) -> Prover:
    return cast("Prover", get_adapter(request))


def ask_for_proof(request: HttpRequest, error: NotProved) -> HttpResponse:
    """The question: in the dialog that sent the request, or in one of its own.

    A page that is only looked at is asked for at the page that proves, which leads back to it.
    """
    looked_at = request.method in ("GET", "HEAD")
    here, prove = request.get_full_path(), reverse("account_reauthenticate")
    context: dict[str, Any] = {
        "ways": _prover(request).ways_to_prove(cast("AbstractBaseUser", request.user)),
        "provider": _provider(request, looked_at=looked_at),
        "sentence": sentence_for(error),
        "wrong": error.reason != Proof.OLD,
        "action": f"{prove}?{urlencode({'next': here})}" if looked_at and request.path != prove else here,
        "button": _("Go on"),
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if not any(word in name for word in _NOT_CARRIED)
        ],
    }
    status = 200 if looked_at else 422
    if request.headers.get("HX-Request") != "true":
        return render(request, "console/proof.html", context, status=status)
    inside = request.headers.get("HX-Target") == "dialog-host" and not looked_at
    answer = render(request, f"console/proof.html{'#question' if inside else ''}", context, status=status)
    answer["HX-Retarget"] = "#proof" if inside else "#dialog-host"
    answer["HX-Reswap"] = "innerHTML"
    return answer
