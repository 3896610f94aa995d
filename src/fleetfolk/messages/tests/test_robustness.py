"""A message is brought once whatever breaks, stops when somebody says so, and is gone with whom it was for."""

import datetime as dt
from typing import Any
from unittest.mock import patch

import pytest

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.messages import sending
from fleetfolk.messages.actions import create_items
from fleetfolk.messages.actions.cancel_message import CancelMessage
from fleetfolk.messages.actions.create_items import CreateItems
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.models import Delivery, Item, Message, MessageState
from fleetfolk.messages.sending import deliver
from fleetfolk.messages.tests.scenes import sent, written
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.users import erasing, tasks
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import RESTORABLE_FOR, User


def begun(cast: Cast, *people: User, **more: Any) -> Message:
    message = written(cast, *people, **more)
    perform(SendMessage, actor=actor(cast.ada), target_id=message.pk, data=SendMessageInput())
    return message


class Killed(BaseException):
    """The worker is gone in the middle."""


def test_killed_after_any_chunk_it_goes_on_where_it_stopped(cast: Cast) -> None:
    everybody = (cast.abe, cast.finn, cast.cleo, cast.bob, cast.bea, cast.sam)
    message = begun(cast, *everybody, channels=("email",))
    done = []

    def dying(*args: Any, **kwargs: Any) -> Any:
        outcome = perform(*args, **kwargs)
        done.append(outcome)
        raise Killed

    with patch.object(create_items, "CHUNK", 2):
        for _time in range(3):
            with patch.object(sending, "perform", dying), pytest.raises(Killed):
                deliver(message.pk)
        deliver(message.pk)
    now = Message.objects.get(pk=message.pk)
    assert (now.state, now.recipients) == (MessageState.SENT, len(everybody))
    assert sorted(Item.objects.values_list("user_id", flat=True)) == sorted(one.pk for one in everybody)
    assert Delivery.objects.count() == len(everybody)


def test_killed_inside_a_chunk_nothing_of_it_is_there(cast: Cast) -> None:
    message = begun(cast, cast.bob, cast.sam)
    with patch.object(Message, "save", side_effect=Killed), pytest.raises(Killed):
        deliver(message.pk)
    assert not Item.objects.exists()
    deliver(message.pk)
    assert Item.objects.count() == 2


def test_stopped_before_anybody_has_it_it_is_a_draft_again(cast: Cast) -> None:
    message = begun(cast, cast.bob)
    perform(CancelMessage, actor=actor(cast.ada), target_id=message.pk, data=NoInput())
    deliver(message.pk)
    assert Message.objects.get(pk=message.pk).state == MessageState.DRAFT
    assert not Item.objects.exists()


def test_stopped_in_the_middle_who_has_it_keeps_it_and_no_mail_goes(cast: Cast) -> None:
    message = begun(cast, cast.bob, cast.sam, channels=("email",))
    with patch.object(create_items, "CHUNK", 1):
        perform(CreateItems, actor=sending.postman(message), target_id=message.pk, data=NoInput())
    perform(CancelMessage, actor=actor(cast.ada), target_id=message.pk, data=NoInput())
    deliver(message.pk)
    assert Message.objects.get(pk=message.pk).state == MessageState.CANCELLED
    assert Item.objects.count() == 1
    assert Delivery.objects.get().state == "failed"


def test_nobody_but_the_postman_puts_messages_into_inboxes(cast: Cast) -> None:
    message = begun(cast, cast.bob)
    for who in (actor(cast.ada), system_actor("worker", tenant_id=cast.lumen.pk)):
        with pytest.raises(Denied):
            perform(CreateItems, actor=who, target_id=message.pk, data=NoInput())
    assert not Item.objects.exists()


def test_with_a_person_goes_what_was_written_to_them_alone(cast: Cast) -> None:
    alone, both = sent(cast, cast.bob, subject="Dear Bob"), sent(cast, cast.bob, cast.sam)
    with staging():
        past = clock.now() - RESTORABLE_FOR - dt.timedelta(days=1)
        User.objects.filter(pk=cast.bob.pk).update(deletion_requested_at=past)
    tasks.erase_deleted(timestamp=0)
    assert not Message.objects.filter(pk=alone.pk).exists()
    assert Message.objects.get(pk=both.pk).audience == {"users": [cast.sam.pk]}
    assert list(Item.objects.values_list("user_id", flat=True)) == [cast.sam.pk]


def test_an_author_who_is_erased_is_named_no_more(cast: Cast) -> None:
    message = sent(cast, cast.bob)
    with staging():
        erasing.erase_rows(fresh(cast.ada))
    assert Message.objects.get(pk=message.pk).created_by_label == erasing.pseudonym_of(cast.ada.pk)
