"""Passkeys (Web Authentication Level 3): asked for and looked at. allauth keeps them.

What the browser is asked is kept in its session and taken out when the answer comes, so an answer counts once, for what
it was asked for, and for a few minutes. Every passkey must verify its owner (a finger, a face, a PIN): so it stands for
two factors, and a stolen key alone opens nothing.
"""

import json
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, cast

from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fleetfolk.users.models import User
from fleetfolk.users.second_factors import PASSKEY, factors_of

HELD = "fleetfolk_passkey"
"""The session's key for what this browser was asked last."""

LASTS = 600
"""Seconds in which the answer must come."""

LARGEST = 20_000
"""Characters of the largest answer that is looked at."""


class Asked(StrEnum):
    """What a passkey is asked for. An answer to one question is none to another."""

    ADD = "add"
    SIGN_IN = "sign-in"
    SECOND = "second"
    PROOF = "proof"


def ask_to_add(request: HttpRequest, user: User) -> dict[str, Any]:
    """The options for `navigator.credentials.create`: a passkey for this person that none of theirs is yet."""
    entity = get_adapter().get_public_key_credential_user_entity(user)
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(**entity),
        credentials=_credentials(_passkeys_of(user)),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _hold(request, Asked.ADD, state)
    return dict(options)


def ask(request: HttpRequest, purpose: Asked, user: AbstractBaseUser | None = None) -> dict[str, Any]:
    """The options for `navigator.credentials.get`. Without a person, any passkey of ours may answer."""
    options, state = _server().authenticate_begin(
        credentials=_credentials(_passkeys_of(user)) if user is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _hold(request, purpose, state)
    return dict(options)


def added(request: HttpRequest, text: str) -> dict[str, Any] | None:
    """The browser's new passkey, verified, as it is kept. None where the answer does not fit the question."""
    state, answer = _take(request, Asked.ADD), _parsed(text)
    if state is None or answer is None:
        return None
    try:
        _server().register_complete(state, RegistrationResponse.from_dict(answer))
    except (ValueError, TypeError, KeyError, AttributeError):  # Whatever is wrong in what a browser sent.
        return None
    return answer


def answered(
    request: HttpRequest, purpose: Asked, text: str, user: AbstractBaseUser | None = None
) -> Authenticator | None:
    """The passkey that answered, of this person or, without one, of whom it says. None where the answer is wrong."""
    state, answer = _take(request, purpose), _parsed(text)
    if state is None or answer is None:
        return None
    try:
        response = AuthenticationResponse.from_dict(answer)
        owner = user if user is not None else _owner(response)
        passkeys = _passkeys_of(owner) if owner is not None else []
        used = _server().authenticate_complete(state, _credentials(passkeys), response)
    except (ValueError, TypeError, KeyError, AttributeError):  # Whatever is wrong in what a browser sent.
        return None
    for passkey in passkeys:
        if _credential(passkey).credential_id == used.credential_id:
            passkey.user = cast("User", owner)
            return passkey
    return None


def _server() -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(**get_adapter().get_public_key_credential_rp_entity())
    return Fido2Server(entity, verify_origin=lambda origin: origin == settings.FLEETFOLK_ORIGIN)


def _owner(response: AuthenticationResponse) -> User | None:
    handle = response.response.user_handle
    if not handle:
        return None
    key = url_str_to_user_pk(bytes(handle).decode("ascii"))  # type: ignore[no-untyped-call]
    return User.objects.filter(pk=key).first()


def _passkeys_of(user: AbstractBaseUser) -> list[Authenticator]:
    return list(factors_of(user).filter(type=PASSKEY))


def _credential(passkey: Authenticator) -> AttestedCredentialData:
    response = RegistrationResponse.from_dict(passkey.data["credential"])
    return cast("AttestedCredentialData", response.response.attestation_object.auth_data.credential_data)


def _credentials(passkeys: Sequence[Authenticator]) -> list[AttestedCredentialData]:
    return [_credential(passkey) for passkey in passkeys]


def _hold(request: HttpRequest, purpose: Asked, state: dict[str, Any]) -> None:
    request.session[HELD] = {"purpose": purpose.value, "at": time.time(), "state": dict(state)}


def _take(request: HttpRequest, purpose: Asked) -> dict[str, Any] | None:
    held = request.session.pop(HELD, None)
    if held is None or held["purpose"] != purpose or held["at"] < time.time() - LASTS:
        return None
    return cast("dict[str, Any]", held["state"])


def _parsed(text: str) -> dict[str, Any] | None:
    if len(text) > LARGEST:
        return None
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
