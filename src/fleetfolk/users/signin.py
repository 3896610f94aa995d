"""Signing in: how allauth finds people, refuses them without telling who exists, and reports to the Actions."""

import hashlib
import hmac
from dataclasses import replace
from typing import Any, cast

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fleetfolk.console import proof
from fleetfolk.console.proof import BY_PROVIDER
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.actions.edit_password import EditPassword, EditPasswordInput
from fleetfolk.users.actions.end_session import EndSession
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.start_session import StartSession, StartSessionInput
from fleetfolk.users.models import User
from fleetfolk.users.passkeys import Asked, answered
from fleetfolk.users.second_factors import APP, CODES, PASSKEY, factors_of, may_guess, take_code
from fleetfolk.users.signed_in import signed_in_person
from fleetfolk.users.sso.lookup import provider_of_home, required_provider
from fleetfolk.users.web.actors import actor_of, address_of, client_of

_LOG = structlog.get_logger("fleetfolk.signin")

KNOWN_BROWSER = "fleetfolk-known"
"""Cookie of a browser in which somebody has signed in before: guesses from elsewhere cannot lock that person out."""

KNOWN_BROWSER_LASTS = 180 * 24 * 3600

ENTERED = "fleetfolk_entered"
"""The session's key for what the account was like when its password was right: between that and the second factor it
must not change."""

SIGN_IN_LIMITS = {"account": "10/15m/key", "address": "30/5m/key"}
"""Wrong passwords for one account from one sort of browser, and from one address, in so many minutes."""


class EmailBackend(BaseBackend):
    """Finds the account by its address. Takes the same time whether there is one or not."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The account whose password this is, disabled ones too: allauth asks next whether it may sign in."""
        email, password = str(credentials.get("email", "")).strip().lower(), credentials.get("password")
        if not isinstance(password, str):
            return None
        user = User.objects.filter(email=email, activated_at__isnull=False).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """The signed-in person, where they still may be: disabled means out at the next request."""
        return signed_in_person(user_id)


class AccountAdapter(DefaultAccountAdapter):
    """Where allauth asks us, and where what it does becomes an Action."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail or password is not right. Check both, or set a new password."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait a quarter of an hour, or set a new password by “Forgotten?”."
        ),
        "incorrect_code": _("This code is not right, or was used before. Type the one that is shown now."),
        "enter_current_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves; people are invited."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where the request comes from, as the first of our own proxies says it.

        Raises PermissionDenied where that is unknown: fewer proxies were passed than stand before us (then whatever
        X-Forwarded-For says may be forged), or what they say is no address.
        """
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            hops = len(request.headers.get("X-Forwarded-For", "").split(","))
            _LOG.warning("too_few_proxies", passed=hops, configured=settings.FLEETFOLK_PROXIES)
            raise PermissionDenied from None

    _at_the_sign_in = True

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many wrong guesses, by address or at one account, wait a while.

        A browser that has signed in to the account before is counted apart and by account alone, so strangers' guesses
        cannot keep its owner out, not even from behind the same address. On a new browser the owner gets in by a link
        from their mail.
        """
        email = str(credentials.get("email", "")).strip().lower()
        known = _is_known_browser(request, email)
        counted = [("account", f"{'known' if known else 'strange'}:{email}")]
        if not known:
            counted.append(("address", ratelimit.get_ip(request)))
        self._guesses = [
            ratelimit.consume(request, app="fleetfolk", action=action, key=key, config=SIGN_IN_LIMITS)
            for action, key in counted
        ]
        if not all(self._guesses):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        for usage in getattr(self, "_guesses", []):
            usage.rollback()

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """The right password or passkey was given: who may not sign in is told so, and the attempt is logged."""
        person = cast("User", user)
        if not person.is_active or (not provider_of(request, person) and required_provider(person) is not None):
            try:
                perform(
                    StartSession,
                    actor=actor_of(person, request),
                    target_id=person.pk,
                    data=StartSessionInput(provider=provider_of(request, person)),
                )
            except Refused as refusal:
                request.session.flush()
                return render(request, "account/refused.html", {"sentence": sentence_for(refusal)}, status=403)
            person.refresh_from_db()  # Enabled between the password's check and now.
        request.session[ENTERED] = person.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The session is new, and the sign-in is in the log. A refusal ends what was begun."""
        person = cast("User", user)
        entered = request.session.pop(ENTERED, "never")
        data = StartSessionInput(entered=entered, provider=provider_of(request, person))
        try:
            perform(StartSession, actor=actor_of(person, request), target_id=person.pk, data=data)
        except Refused as refusal:
            clear_login(request)
            request.session.flush()
            sentence = {"sentence": sentence_for(refusal)}
            raise ImmediateHttpResponse(render(request, "account/refused.html", sentence, status=403)) from refusal
        person.refresh_from_db(fields=["last_sign_in_at"])
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """The session is gone, and the sign-out is in the log."""
        user = request.user
        if isinstance(user, User):
            perform(EndSession, actor=actor_of(user, request), target_id=user.pk, data=NoInput())
            UserSession.objects.filter(session_key=request.session.session_key).delete()
        super().logout(request)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether the password is the person's; counted as a guess where it is not."""
        email = cast("User", user).email
        self._at_the_sign_in = False
        found = self.authenticate(self.request, email=email, password=password)
        return found is not None and found.pk == user.pk

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The attempt will be in the log of whose account it is, if it is anybody's: the worker looks that up.

        Here the same is done for every address, so that none can be told from another by the time it takes.
        """
        if self._at_the_sign_in:
            note_failure(request, str(credentials.get("email", "")), "wrong_password")

    def prove_by_code(self, user: AbstractBaseUser, code: str) -> bool:
        """Whether the code is the person's, and used up now. Raises `ValidationError` after too many guesses."""
        factor = guessed_code(self.request, cast("User", user), code)
        if factor is None:
            return False
        post_authentication(self.request, factor, reauthenticated=True)
        return True

    def prove_by_passkey(self, user: AbstractBaseUser, answer: str) -> bool:
        """Whether the passkey is the person's and answered what it was asked."""
        passkey = answered(self.request, Asked.PROOF, answer, user)
        if passkey is None:
            return False
        post_authentication(self.request, passkey, reauthenticated=True)
        return True

    def ways_to_prove(self, user: AbstractBaseUser) -> frozenset[str]:
        """The fields in which the person can show that it is them."""
        kinds = set(factors_of(user).values_list("type", flat=True))
        ways = {
            proof.FIELD: user.has_usable_password(),
            proof.CODE_FIELD: bool(kinds & {APP, CODES}),
            proof.PASSKEY_FIELD: PASSKEY in kinds,
        }
        return frozenset(way for way, there in ways.items() if there)

    def provider_to_prove(self, user: AbstractBaseUser) -> tuple[str, str] | None:
        """The name of the organization whose provider can be asked once more, and the address that asks it."""
        sso = provider_of_home(cast("User", user))
        return None if sso is None else (str(sso), reverse("sso-start", args=[sso.key]))

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Signed in, and the browser is remembered as one of this person's."""
        response = super().post_login(request, user, **kwargs)
        remember_browser(response, cast("User", user).email)
        return response

    def set_password(self, user: AbstractBaseUser, password: str, *, link: str = "") -> None:
        """The person's own new password, through the door.

        The proof is the present password, which the form has asked for, or the token of a link, which is looked at
        once more with the account locked.
        """
        person = cast("User", user)
        perform(
            EditPassword,
            actor=replace(actor_of(person, self.request), proof=Proof.GIVEN),
            target_id=person.pk,
            data=EditPasswordInput(password=password, link=link),
        )
        person.refresh_from_db()

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out needs no message: the page shows it."""


def provider_of(request: HttpRequest, person: User) -> str:
    """The key of the provider that has signed the person in, in this session; empty where none has."""
    records = get_authentication_records(request, person)
    return next((str(one["provider"]) for one in reversed(records) if one["method"] == BY_PROVIDER), "")


def guessed_code(request: HttpRequest, person: User, code: str) -> Authenticator | None:
    """The factor whose code this is, used up now; a wrong one is counted. Raises `ValidationError` after too many."""
    guess = may_guess(request, person, known_browser=_is_known_browser(request, person.email))
    if guess is None:
        raise AccountAdapter(request).validation_error("too_many_login_attempts")
    factor = take_code(person, code)
    if factor is not None:
        guess.rollback()
    return factor


def note_failure(request: HttpRequest, email: str, reason: str) -> None:
    """The worker will write the attempt down, if there is an account with this address."""
    enqueue(
        "users.note_failed_sign_in",
        email=email.strip().lower()[:254],
        reason=reason,
        client=client_of(request),
        address=address_of(request),
    )


def remember_browser(response: HttpResponse, email: str) -> None:
    """The response sets the cookie by which this browser is known to this account."""
    response.set_signed_cookie(
        KNOWN_BROWSER,
        _account_key(email),
        salt=KNOWN_BROWSER,
        max_age=KNOWN_BROWSER_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_known_browser(request: HttpRequest, email: str) -> bool:
    try:
        held = request.get_signed_cookie(KNOWN_BROWSER, salt=KNOWN_BROWSER, max_age=KNOWN_BROWSER_LASTS)
    except (KeyError, signing.BadSignature):
        return False
    return held is not None and hmac.compare_digest(held, _account_key(email))


def _account_key(email: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}:{email}".encode()).hexdigest()[:32]
