"""Messages that programs send: to those whom the program reaches when they go out."""

from typing import Any

import pytest

from fleetfolk.api.actions.delete_program import DeleteProgram
from fleetfolk.api.models import Program as Row
from fleetfolk.api.tests.asking import Program, reason
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.models import Item, Message, MessageState
from fleetfolk.messages.sending import deliver
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.samples_api import access_of, program_of
from fleetfolk.users.actions.no_input import NoInput

RIGHTS = ("users.view", "messages.view", "messages.send", "segments.view")


@pytest.fixture
def sync(cast: Cast) -> Row:
    return program_of(cast.north, by=cast.ada, rights=RIGHTS)


@pytest.fixture
def program(cast: Cast, sync: Row) -> Program:
    return Program(access_of(sync, by=cast.ada))


def written(program: Program, cast: Cast, *people: Any) -> Any:
    audience = {"users": [person.pk for person in people]}
    return program.do("message.create", target=cast.north.pk, subject="Hello", body="We come.", audience=audience)


def sent(program: Program, cast: Cast) -> Message:
    key = written(program, cast, cast.cleo).json()["target"]["id"]
    assert program.do("message.send", target=key).status_code == 200
    return Message.objects.get(pk=key)


def test_a_programs_message_arrives(cast: Cast, program: Program, sync: Row) -> None:
    message = sent(program, cast)
    deliver(message.pk)
    message.refresh_from_db()
    assert (message.state, message.failure, message.program_id) == (MessageState.SENT, "", sync.pk)
    assert [item.user_id for item in Item.objects.filter(message=message)] == [cast.cleo.pk]


def test_it_is_for_nobody_beyond_the_program(cast: Cast, program: Program) -> None:
    assert reason(written(program, cast, cast.sam)) == "message_audience_out_of_reach"


def test_of_a_program_that_was_shut_out_meanwhile_nothing_arrives(cast: Cast, program: Program, sync: Row) -> None:
    message = sent(program, cast)
    perform(DeleteProgram, actor=actor(cast.ada), target_id=sync.pk, data=NoInput())
    deliver(message.pk)
    message.refresh_from_db()
    assert (message.state, message.failure) == (MessageState.FAILED, "message_author_gone")
    assert not Item.objects.filter(message=message).exists()
