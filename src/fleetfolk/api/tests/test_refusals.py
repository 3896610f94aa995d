"""What is refused of keys and programs, case by case."""

import pytest

from fleetfolk.api.actions.create_program import MOST as MOST_PROGRAMS
from fleetfolk.api.actions.create_token import MOST as MOST_KEYS
from fleetfolk.api.actions.edit_program import EditProgram, EditProgramInput
from fleetfolk.api.models import NAME_LENGTH, PersonalToken, Program
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.refusals import Change, after, given, refuses
from fleetfolk.testing.samples_api import program_of
from fleetfolk.testing.sampling import Sample


def _programs(cast: Cast, _sample: Sample) -> None:
    Program.objects.bulk_create(
        Program(tenant=cast.lumen, organization=cast.north, name=f"P {number}", client_id=f"{number}", permissions=[])
        for number in range(MOST_PROGRAMS)
    )


def _keys(cast: Cast, _sample: Sample) -> None:
    PersonalToken.objects.bulk_create(
        PersonalToken(
            tenant=cast.lumen,
            user=cast.cleo,
            name=f"K {number}",
            secret_hash=f"{number}",
            session_epoch=0,
            expires_at=clock.now(),
        )
        for number in range(MOST_KEYS)
    )


def _another(cast: Cast, sample: Sample) -> None:
    program_of(cast.north, by=cast.ada, name=sample.data.name)


CASES: list[tuple[str, Change, str]] = [
    ("user.token.create", given(name="  "), "token_name"),
    ("user.token.create", given(name="x" * (NAME_LENGTH + 1)), "token_name"),
    ("user.token.create", given(scopes=("users.nonsense",)), "token_scopes"),
    ("user.token.create", after(_keys), "token_many"),
    ("program.create", given(permissions=("users.nonsense",)), "token_scopes"),
    ("program.create", after(_another), "token_name_taken"),
    ("program.create", after(_programs), "token_many"),
    ("program.edit", after(_another), "token_name_taken"),
    ("program.secret.revoke", given(secret_id=2**40), "program_secret_gone"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)


def test_what_a_program_may_without_a_second_look_is_a_change_of_its_own(cast: Cast) -> None:
    program = program_of(cast.north, by=cast.ada)
    data = EditProgramInput(name=program.name, permissions=program.permissions, sensitive=True)
    done = perform(EditProgram, actor=actor(cast.ada), target_id=program.pk, data=data)
    assert [(change.field, change.before, change.after) for change in done.changes] == [("sensitive", False, True)]
    assert Program.objects.get(pk=program.pk).sensitive
