"""Samples of keys: of people and of programs."""

import datetime as dt
from collections.abc import Sequence

from fleetfolk.api.actions.cancel_token import TokenInput
from fleetfolk.api.actions.create_program import CreateProgram, CreateProgramInput
from fleetfolk.api.actions.create_secret import CreateSecret, SecretInput
from fleetfolk.api.actions.create_source import CreateSourceInput
from fleetfolk.api.actions.create_token import CreateToken, CreateTokenInput
from fleetfolk.api.actions.edit_program import EditProgramInput
from fleetfolk.api.actions.revoke_secret import RevokeSecretInput
from fleetfolk.api.issuing import issue
from fleetfolk.api.models import PersonalToken, Program, ProgramSecret
from fleetfolk.api.secrets import PERSONAL, PROGRAM, key_hash, new_client_id, new_key
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.sampling import Sample, Samples, cleo, north, own
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

RIGHTS = ("users.view", "users.disable", "users.invite", "users.edit", "devices.view", "roles.view")


def token_input(
    secret: str, *, scopes: Sequence[str] = RIGHTS, sensitive: bool = False, name: str = "CI", days: float = 30
) -> CreateTokenInput:
    """A key of this secret."""
    return CreateTokenInput(
        name=name,
        secret_hash=key_hash(secret),
        secret_end=secret[-4:],
        scopes=scopes,
        expires_at=clock.now() + dt.timedelta(days=days),
        sensitive=sensitive,
    )


def key_of(
    person: User, *, scopes: Sequence[str] = RIGHTS, sensitive: bool = False, name: str = "CI", days: float = 30
) -> str:
    """The person has a key of their own: its secret."""
    secret = new_key(PERSONAL)
    data = token_input(secret, scopes=scopes, sensitive=sensitive, name=name, days=days)
    perform(CreateToken, actor=actor(person), target_id=person.pk, data=data)
    return secret


def program_of(
    organization: Organization, *, by: User, rights: Sequence[str] = RIGHTS, sensitive: bool = False, name: str = "Sync"
) -> Program:
    """A program of the organization, without a secret."""
    client_id = new_client_id()
    data = CreateProgramInput(name=name, client_id=client_id, permissions=rights, sensitive=sensitive)
    perform(CreateProgram, actor=actor(by), target_id=organization.pk, data=data)
    return Program.objects.select_related("organization").get(client_id=client_id)


def secret_for(program: Program, *, by: User) -> str:
    """The program has a secret: what it is."""
    secret = new_key(PROGRAM)
    data = SecretInput(secret_hash=key_hash(secret), secret_end=secret[-4:])
    perform(CreateSecret, actor=actor(by), target_id=program.pk, data=data)
    return secret


def access_of(program: Program, *, by: User) -> str:
    """A token of the program."""
    secret = secret_for(program, by=by)
    return issue(ProgramSecret.objects.get(secret_hash=key_hash(secret)).pk).access


def _program(cast: Cast, data: object) -> Sample:
    program = program_of(cast.north, by=cast.ada)
    return Sample(target_id=program.pk, data=data, permitted=actor(cast.ada))


def _revoked_secret(cast: Cast) -> Sample:
    program = program_of(cast.north, by=cast.ada)
    secret_for(program, by=cast.ada)
    data = RevokeSecretInput(secret_id=ProgramSecret.objects.get(program=program).pk)
    return Sample(target_id=program.pk, data=data, permitted=actor(cast.ada))


def token_id(person: User) -> int:
    """The key of a key that the person has."""
    key_of(person)
    return int(PersonalToken.objects.get(user=person).pk)


SAMPLES: Samples = {
    "user.token.create": lambda cast: own(cast, token_input(new_key(PERSONAL))),
    "user.token.cancel": lambda cast: own(cast, TokenInput(token_id=token_id(cast.cleo))),
    "user.token.revoke": lambda cast: cleo(cast, TokenInput(token_id=token_id(cast.cleo))),
    "program.create": lambda cast: north(
        cast, CreateProgramInput(name="Sync", client_id=new_client_id(), permissions=RIGHTS)
    ),
    "program.edit": lambda cast: _program(cast, EditProgramInput(name="Sync 2", permissions=("users.view",))),
    "program.secret.create": lambda cast: _program(
        cast, SecretInput(secret_hash=key_hash("another"), secret_end="ther")
    ),
    "program.secret.revoke": _revoked_secret,
    "organization.source.create": lambda cast: north(
        cast, CreateSourceInput(source="blynk.example", kind="device", source_key="7", made_id=cast.north.pk)
    ),
    "program.delete": lambda cast: _program(cast, NoInput()),
}
