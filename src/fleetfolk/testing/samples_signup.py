"""Samples of signing up by oneself."""

import datetime as dt

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import PASSWORD, Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import SECRET, Sample, Samples, north
from fleetfolk.users.actions.accept_registration import AcceptRegistrationInput
from fleetfolk.users.actions.edit_sign_up import EditSignUp, EditSignUpInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.rotate_registration import RotateRegistrationInput
from fleetfolk.users.actions.start_registration import StartRegistrationInput
from fleetfolk.users.models_signup import CONFIRM_WITHIN, Registration, SignUp, SignUpInto, SignUpMode
from fleetfolk.users.secret import secret_hash

ADDRESS = "stella@stranger.example"
HERE = EditSignUpInput(mode=SignUpMode.OPEN, into=SignUpInto.HERE)
OWN = EditSignUpInput(mode=SignUpMode.OPEN)


def doorkeeper(cast: Cast) -> Actor:
    """Who opens to strangers."""
    return system_actor("doorkeeper", tenant_id=cast.lumen.pk)


def offered(cast: Cast, place: Organization, said: EditSignUpInput = HERE) -> SignUp:
    """Ada has said so of signing up at the place."""
    perform(EditSignUp, actor=actor(cast.ada), target_id=place.pk, data=said)
    return SignUp.objects.get(organization=place)


def asked(cast: Cast, place: Organization, email: str = ADDRESS, secret: str = SECRET) -> Registration:
    """A stranger has asked to sign up there; their link carries the secret."""
    now = clock.now()
    with staging():
        return Registration.objects.create(
            tenant=cast.lumen,
            organization=place,
            email=email,
            secret_hash=secret_hash(secret),
            requested_at=now,
            expires_at=now + CONFIRM_WITHIN,
        )


def confirmed(cast: Cast, place: Organization, email: str = ADDRESS) -> Registration:
    """A stranger has confirmed the address, and waits to be let in."""
    row = asked(cast, place, email)
    with staging():
        row.first_name, row.last_name, row.password, row.secret_hash = "Stella", "Stranger", "!", ""
        row.confirmed_at = row.requested_at
        row.save()
    return row


def accepting(secret: str = SECRET, *, first: str = "Stella", last: str = "Stranger") -> AcceptRegistrationInput:
    """What the holder of the link says."""
    return AcceptRegistrationInput(
        secret_hash=secret_hash(secret), first_name=first, last_name=last, password=PASSWORD, time_zone="Europe/Berlin"
    )


def _at(cast: Cast, data: object, by: Actor) -> Sample:
    offered(cast, cast.north)
    return Sample(target_id=cast.north.pk, data=data, permitted=by)


def _asked(cast: Cast, data: object, by: Actor) -> Sample:
    offered(cast, cast.north)
    return Sample(target_id=asked(cast, cast.north).pk, data=data, permitted=by)


def _waiting(cast: Cast) -> Sample:
    offered(cast, cast.north)
    return Sample(target_id=confirmed(cast, cast.north).pk, data=NoInput(), permitted=actor(cast.ada))


def _over(cast: Cast) -> Sample:
    offered(cast, cast.north)
    with staging():
        row = asked(cast, cast.north)
        row.expires_at -= dt.timedelta(days=2)
        row.save()
    return Sample(target_id=cast.north.pk, data=NoInput(), permitted=system_actor("caretaker", tenant_id=cast.lumen.pk))


SAMPLES: Samples = {
    "organization.signup.edit": lambda cast: north(cast, HERE),
    "organization.signup.rotate": lambda cast: _at(cast, NoInput(), actor(cast.ada)),
    "user.registration.start": lambda cast: _at(cast, StartRegistrationInput(email=ADDRESS), doorkeeper(cast)),
    "user.registration.rotate": lambda cast: _asked(
        cast,
        RotateRegistrationInput(secret_hash=secret_hash("another")),
        system_actor("mailer", tenant_id=cast.lumen.pk),
    ),
    "user.registration.accept": lambda cast: _asked(cast, accepting(), doorkeeper(cast)),
    "user.registration.grant": _waiting,
    "user.registration.revoke": _waiting,
    "user.registration.erase": _over,
}
