"""Signing in: how allauth finds people, refuses them without telling who exists, and reports to the Actions."""

import hashlib
import hmac
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.actions.edit_password import EditPassword, EditPasswordInput
from fleetfolk.users.actions.start_session import StartSession, StartSessionInput
from fleetfolk.users.models import User
from fleetfolk.users.web.actors import actor_of

KNOWN_BROWSER = "fleetfolk-known"
"""Cookie of a browser in which somebody has signed in before: guesses from elsewhere cannot lock that person out."""

KNOWN_BROWSER_LASTS = 180 * 24 * 3600

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
        return User.objects.select_related("organization", "role", "tenant").filter(pk=user_id, is_active=True).first()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Where allauth asks us, and where what it does becomes an Action."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves; people are invited."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail, built from the configured origin and never from the request's Host."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.FLEETFOLK_ORIGIN}{path.replace('UID-KEY', key)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many wrong guesses, by address or at one account, wait a while.

        A browser that has signed in to the account before is counted apart, so strangers' guesses cannot keep its
        owner out.
        """
        email = str(credentials.get("email", "")).strip().lower()
        browser = "known" if _is_known_browser(request, email) else "strange"
        self._guesses = [
            ratelimit.consume(request, app="fleetfolk", action=action, key=key, config=SIGN_IN_LIMITS)
            for action, key in (("account", f"{browser}:{email}"), ("address", self.get_client_ip(request)))
        ]
        if not all(self._guesses):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        for usage in getattr(self, "_guesses", []):
            usage.rollback()

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """The right password was given: who may not sign in is told so, and the attempt is logged."""
        person = cast("User", user)
        if not person.is_active:
            try:
                perform(
                    StartSession,
                    actor=actor_of(person, request),
                    target_id=person.pk,
                    data=StartSessionInput(),
                )
            except Refused as refusal:
                return render(request, "account/refused.html", {"sentence": sentence_for(refusal)}, status=403)
        return cast("HttpResponse | None", super().pre_login(request, user, **kwargs))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The session is new, and the sign-in is in the log."""
        person = cast("User", user)
        perform(StartSession, actor=actor_of(person, request), target_id=person.pk, data=StartSessionInput())
        person.refresh_from_db(fields=["last_sign_in_at"])
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Signed in, and the browser is remembered as one of this person's."""
        response = cast("HttpResponse", super().post_login(request, user, **kwargs))
        remember_browser(response, cast("User", user).email)
        return response

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """The person's own new password, through the door."""
        person = cast("User", user)
        perform(
            EditPassword,
            actor=actor_of(person, self.request),
            target_id=person.pk,
            data=EditPasswordInput(password=password),
        )
        person.refresh_from_db()

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out needs no message: the page shows it."""


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
