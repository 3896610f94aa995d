"""Samples of sessions, second factors and addresses."""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.usersessions.models import UserSession

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import SECRET, Sample, Samples, cleo, own
from fleetfolk.users.actions.accept_email import AcceptEmailInput
from fleetfolk.users.actions.create_factor import CreateFactor, CreateFactorInput
from fleetfolk.users.actions.delete_factor import FactorInput
from fleetfolk.users.actions.edit_email import EmailInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_session import SessionInput
from fleetfolk.users.actions.rotate_email import RotateEmailInput
from fleetfolk.users.models import EMAIL_CHANGE_LASTS, EmailChange, User
from fleetfolk.users.second_factors import CODES, factors_of
from fleetfolk.users.secret import secret_hash

NEW_ADDRESS = "cleo.new@new.example"


def session_of(user: User, key: str = "k" * 32) -> int:
    """A session of the person, as the list knows it."""
    row = UserSession.objects.create(
        user=user, ip="192.0.2.1", session_key=key, user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    )
    return int(row.pk)


def app_of(user: User, secret: str = "") -> int:
    """The person has an authenticator app with this secret."""
    data = CreateFactorInput(kind="totp", secret=secret or generate_totp_secret())
    perform(CreateFactor, actor=actor(user), target_id=user.pk, data=data)
    return int(Authenticator.objects.get(user_id=user.pk, type="totp").pk)


def wish_of(user: User, email: str = NEW_ADDRESS, *, secret: str = SECRET) -> EmailChange:
    """The person's new address waits, and the link carries the secret."""
    with staging():
        return EmailChange.objects.create(
            tenant_id=user.tenant_id,
            user=user,
            email=email,
            secret_hash=secret_hash(secret),
            session_epoch=User.objects.get(pk=user.pk).session_epoch,
            by_label="Ada Lindqvist",
            requested_at=clock.now(),
            expires_at=clock.now() + EMAIL_CHANGE_LASTS - dt.timedelta(minutes=1),
        )


def _rotated_codes(cast: Cast) -> Sample:
    app_of(cast.cleo)
    return own(cast, NoInput())


def _read_codes(cast: Cast) -> Sample:
    if not factors_of(cast.cleo).filter(type=CODES).exists():
        with staging():
            RecoveryCodes.activate(cast.cleo)
    return own(cast, NoInput())


def _rotated_email(cast: Cast) -> Sample:
    wish_of(cast.cleo)
    mailer = system_actor("mailer", tenant_id=cast.lumen.pk)
    return Sample(target_id=cast.cleo.pk, data=RotateEmailInput(secret_hash=secret_hash("another")), permitted=mailer)


def _accepted_email(cast: Cast) -> Sample:
    wish_of(cast.cleo)
    return own(cast, AcceptEmailInput(secret_hash=secret_hash(SECRET)))


def _cancelled_email(cast: Cast) -> Sample:
    wish_of(cast.cleo)
    return own(cast, NoInput())


SAMPLES: Samples = {
    "user.session.revoke": lambda cast: cleo(cast, SessionInput(session_id=session_of(cast.cleo))),
    "user.session.cancel": lambda cast: own(cast, SessionInput(session_id=session_of(cast.cleo))),
    "user.sessions.cancel": lambda cast: own(cast, NoInput()),
    "user.factor.create": lambda cast: own(cast, CreateFactorInput(kind="totp", secret=generate_totp_secret())),
    "user.factor.delete": lambda cast: own(cast, FactorInput(factor_id=app_of(cast.cleo))),
    "user.factor.revoke": lambda cast: cleo(cast, FactorInput(factor_id=app_of(cast.cleo))),
    "user.codes.rotate": _rotated_codes,
    "user.codes.read": _read_codes,
    "user.email.edit": lambda cast: cleo(cast, EmailInput(email=NEW_ADDRESS)),
    "user.email.start": lambda cast: own(cast, EmailInput(email=NEW_ADDRESS)),
    "user.email.rotate": _rotated_email,
    "user.email.accept": _accepted_email,
    "user.email.cancel": _cancelled_email,
}
