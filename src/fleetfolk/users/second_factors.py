"""Second factors: which a person has, and whether a code is right and not used yet.

allauth keeps the rows. A code of an app is looked at here: one step of the clock earlier or later is taken, for clocks
that are a little wrong, and no step twice.
"""

from collections.abc import Iterable

from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from fleetfolk.access.models_switches import held_at_home
from fleetfolk.kernel import clock
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

APP = Authenticator.Type.TOTP
PASSKEY = Authenticator.Type.WEBAUTHN
CODES = Authenticator.Type.RECOVERY_CODES
FACTORS = (APP, PASSKEY)
"""What counts as a second factor. Recovery codes stand in for one and are none of their own."""

STEP = 30
"""Seconds for which an app shows one code."""

GUESSES = {"code": "10/15m/key"}
"""Wrong codes for one account from one sort of browser in so many minutes."""

PASSKEYS_MOST = 20
"""So many passkeys a person may have."""


def factors_of(user: AbstractBaseUser) -> QuerySet[Authenticator]:
    """The person's factors and recovery codes, the oldest first."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk)
    return rows.order_by("created_at", "pk")


def has_factor(user: AbstractBaseUser) -> bool:
    """Whether the person's password alone does not sign in."""
    return bool(factors_of(user).filter(type__in=FACTORS).exists())


def may_guess(request: HttpRequest, user: AbstractBaseUser, *, known_browser: bool) -> ratelimit.RateLimitUsage | None:
    """A guess that counts, to be taken back where it was right. None where there were too many.

    Browsers in which the person has signed in before are counted apart, so that whoever has only the password cannot
    keep its owner out.
    """
    key = f"{'known' if known_browser else 'strange'}:{user.pk}"
    usage: ratelimit.RateLimitUsage | None = ratelimit.consume(
        request, app="fleetfolk", action="code", key=key, config=GUESSES
    )
    return usage


def take_code(user: AbstractBaseUser, code: str) -> Authenticator | None:
    """The factor whose code this is. The code is used up: it is never right again."""
    for factor in factors_of(user).filter(type__in=(APP, CODES)):
        if _take_step(factor, code) if factor.type == APP else _take_recovery_code(factor, code):
            return factor
    return None


def step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The step of the clock at which an app with this secret shows the code, now or a step apart. None where none."""
    now = int(clock.now().timestamp()) // STEP
    steps: Iterable[int] = (now, now - 1, now + 1)
    for step in steps:
        if step > after and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def _take_recovery_code(kept: Authenticator, code: str) -> bool:
    return bool(kept.wrap().validate_code(code))  # type: ignore[no-untyped-call]


def _take_step(factor: Authenticator, code: str) -> bool:
    with transaction.atomic():
        locked = Authenticator.objects.select_for_update().filter(pk=factor.pk).first()
        if locked is None:
            return False
        step = step_of(decrypt(locked.data["secret"]), code, after=locked.data.get("last_step", 0))
        if step is None:
            return False
        locked.data["last_step"] = step
        locked.save(update_fields=["data"])
        return True


def must_have_factor(person: User) -> bool:
    """Whether the person's organization asks a second factor of them: of everybody, or of whoever sees others."""
    rules = rules_of(person.organization)
    return rules.second_factor or (rules.second_factor_staff and VIEW_USERS.code in held_at_home(person))
