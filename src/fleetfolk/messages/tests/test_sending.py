"""Sending: who gets a message, when, and once."""

import datetime as dt

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.models import Delivery, Item, Message, MessageState
from fleetfolk.messages.sending import deliver
from fleetfolk.messages.tests.scenes import sent, written
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User


def test_whom_it_is_for_has_it_and_nobody_else(cast: Cast) -> None:
    message = sent(cast, cast.bob, cast.sam, channels=("email",))
    assert message.state == MessageState.SENT
    assert message.recipients == 2
    assert set(Item.objects.values_list("user_id", flat=True)) == {cast.bob.pk, cast.sam.pk}
    assert set(Delivery.objects.values_list("channel", "state")) == {("email", "queued")}
    said = list(Entry.objects.filter(code__startswith="message.").order_by("pk").values_list("code", flat=True))
    assert said == ["message.create", "message.send", "message.items.create", "message.end"]


def test_run_again_nobody_has_it_twice(cast: Cast) -> None:
    message = sent(cast, cast.bob, cast.sam)
    with staging():
        Message.objects.filter(pk=message.pk).update(state="sending", cursor=0)
    deliver(message.pk)
    assert Item.objects.count() == 2
    assert Message.objects.get(pk=message.pk).recipients == 2


def test_it_waits_for_its_moment(cast: Cast) -> None:
    message = written(cast, cast.bob)
    at = clock.now() + dt.timedelta(hours=3)
    perform(SendMessage, actor=actor(cast.ada), target_id=message.pk, data=SendMessageInput(at=at))
    deliver(message.pk)
    assert not Item.objects.exists()
    with clock.at(at):
        deliver(message.pk)
    assert Item.objects.get().user_id == cast.bob.pk


def test_each_gets_it_at_that_hour_of_their_own_zone(cast: Cast) -> None:
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(time_zone="Asia/Tokyo")
        User.objects.filter(pk=cast.sam.pk).update(time_zone="America/New_York")
    message = written(cast, cast.bob, cast.sam)
    at = dt.datetime(2031, 3, 5, 9, 0, tzinfo=dt.UTC)
    data = SendMessageInput(at=at, in_zone=True)
    perform(SendMessage, actor=actor(cast.ada), target_id=message.pk, data=data)
    got: dict[int, int] = {}
    for hours in range(-15, 16):
        with clock.at(at + dt.timedelta(hours=hours)):
            deliver(message.pk)
            for item in Item.objects.all():
                got.setdefault(item.user_id, hours)
    assert got == {cast.bob.pk: -9, cast.sam.pk: 5}
    assert Message.objects.get(pk=message.pk).state == MessageState.SENT


def test_an_author_who_lost_the_right_reaches_nobody(cast: Cast) -> None:
    message = written(cast, cast.bob)
    at = clock.now() + dt.timedelta(hours=3)
    perform(SendMessage, actor=actor(cast.ada), target_id=message.pk, data=SendMessageInput(at=at))
    with staging():
        User.objects.filter(pk=cast.ada.pk).update(role=cast.role("user"))
    with clock.at(at):
        deliver(message.pk)
    assert not Item.objects.exists()
    assert Message.objects.get(pk=message.pk).state == MessageState.FAILED


def test_nobody_writes_to_who_is_out_of_their_reach(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        written(cast, cast.eve)
    assert refused.value.reason == "message_audience_out_of_reach"
