"""Showing that it is still the same person: asked before a sensitive Action, at every form in the same way.

The kernel refuses with `NotProved`. The answer asks for the password inside the dialog that is open, or in one of its
own that carries along what was sent. Sent again with the password, the request goes on as if nothing had been asked.
"""

import time
from dataclasses import replace
from typing import cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fleetfolk.kernel.actor import Actor, Proof
from fleetfolk.kernel.errors import NotProved
from fleetfolk.kernel.reasons import sentence_for

FIELD = "own_password"
"""The field that any form may carry along."""

_METHODS = frozenset({"password", "mfa"})
"""What counts as proof. allauth's own question takes accounts without a password for proved; here they are not."""

_NOT_CARRIED = ("csrfmiddlewaretoken", "password")
"""Fields with these words in their names are not written into a page: they are typed again."""


def proof_of(request: HttpRequest, user: AbstractBaseUser) -> Proof:
    """Whether the person signed in, or gave their password again, in this session and lately."""
    if not hasattr(request, "session"):
        return Proof.OLD
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, user)
    lately = any(record["method"] in _METHODS and record["at"] > since for record in records)
    return Proof.GIVEN if lately else Proof.OLD


def take_proof(request: HttpRequest, actor: Actor) -> Actor:
    """The actor with what the request's password shows, if it carries one; no view sees the password.

    A wrong one is counted as a guess at the sign-in is.
    """
    if request.method != "POST" or FIELD not in request.POST:
        return actor
    sent = request.POST.copy()
    password = str(sent.pop(FIELD)[-1])
    sent._mutable = False
    request.POST = sent  # type: ignore[assignment]
    if not password:
        return actor
    return replace(actor, proof=_proof_by(request, password))


def _proof_by(request: HttpRequest, password: str) -> Proof:
    try:
        right = get_adapter(request).reauthenticate(cast("AbstractBaseUser", request.user), password)
    except ValidationError:
        return Proof.TOO_MANY
    if not right:
        return Proof.WRONG
    reauthenticate_by_password(request)
    return Proof.GIVEN


def ask_for_proof(request: HttpRequest, error: NotProved) -> HttpResponse:
    """The question for the password: in the dialog that sent the request, or in one of its own."""
    context = {
        "name": FIELD,
        "sentence": sentence_for(error),
        "wrong": error.reason != Proof.OLD,
        "action": request.get_full_path(),
        "button": _("Go on"),
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if not any(word in name for word in _NOT_CARRIED)
        ],
    }
    if request.headers.get("HX-Request") != "true":
        return render(request, "console/proof.html", context, status=422)
    inside = request.headers.get("HX-Target") == "dialog-host"
    answer = render(request, f"console/proof.html{'#question' if inside else ''}", context, status=422)
    answer["HX-Retarget"] = "#proof" if inside else "#dialog-host"
    answer["HX-Reswap"] = "innerHTML"
    return answer
