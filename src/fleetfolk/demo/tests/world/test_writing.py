"""The demo has segments that are counted, and messages in every state, of which some were read and answered."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from fleetfolk.actionlog.models import Entry
from fleetfolk.demo import writing
from fleetfolk.demo.fleet import build_fleet
from fleetfolk.demo.fleet_life import tell_of_fleet
from fleetfolk.demo.helping import ADA
from fleetfolk.demo.models import Mail, World
from fleetfolk.demo.segmenting import DAYS, OTHER_TESTERS, OWNERS, SILENT, TESTERS, UNSEEN
from fleetfolk.demo.stage import REQUEST_ID, Stage
from fleetfolk.demo.tests.small import NOW
from fleetfolk.demo.writing import tell_of_writing
from fleetfolk.devices.actions.activate_device import ActivateDevice
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Client, Proof
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.models import Item, Message, MessageState, MessageTemplate, Reply
from fleetfolk.segments.models import Member, Passage, Segment
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User


class PowerCut(Exception):
    """Nothing goes on from here."""


@pytest.fixture
def with_fleet(built: World) -> Iterator[World]:
    """The small world with its fleet, of which one heat pump came and fell silent; nothing of it afterwards."""
    stage = transaction.atomic()
    stage._from_testcase = True  # type: ignore[attr-defined]
    with stage:
        build_fleet()
        tell_of_fleet(NOW)
        silent = Device.objects.filter(template__name="Heat pump", state=DeviceState.WAITING).latest("pk")
        by = User.objects.get(email=ADA).as_actor(Client.WEB, proof=Proof.GIVEN)
        with clock.at(NOW - dt.timedelta(days=20)):
            perform(ActivateDevice, actor=by, target_id=silent.pk, data=NoInput())
        yield built
        transaction.set_rollback(True)


def test_segments_are_counted_and_messages_in_every_state(with_fleet: World) -> None:
    tell_of_writing(NOW)
    segments = {segment.name: segment for segment in Segment.objects.filter(name__in=(UNSEEN, SILENT, OWNERS, TESTERS))}
    assert {segment.of for segment in segments.values()} == {"users", "devices"}
    for segment in segments.values():
        assert segment.counted == Member.objects.filter(segment=segment).count() > 0, segment.name
    first = Passage.objects.filter(segment=segments[UNSEEN]).earliest("at").at
    assert first < NOW - dt.timedelta(days=DAYS - 1), "it was counted day by day"

    messages = {message.state: message for message in Message.objects.exclude(audience__has_key="users")}
    assert set(messages) == {MessageState.SENT, MessageState.SCHEDULED, MessageState.DRAFT}
    sent = messages[MessageState.SENT]
    assert sent.recipients == sent.items.count() == OTHER_TESTERS + 1
    assert sent.items.exclude(read_at=None).count() == len(writing._READ_AFTER)
    assert Reply.objects.filter(message=sent).count() == 2
    assert Mail.objects.filter(to__in=sent.items.values("user__email"), sent_at__gte=sent.send_at).exists()
    assert (messages[MessageState.SCHEDULED].send_at or NOW) > NOW
    assert all(place in MessageTemplate.objects.get().body for place in ("{first_name}", "{device}", "{organization}"))
    private = Message.objects.get(audience__has_key="users")
    unread = Item.objects.filter(user__in=private.audience["users"], read_at=None)
    assert set(unread.values_list("message_id", flat=True)) == {private.pk, sent.pk}

    entries, mails = Entry.objects.count(), Mail.objects.count()
    tell_of_writing(NOW)
    assert (Entry.objects.count(), Mail.objects.count()) == (entries, mails), "told once"


def test_interrupted_after_each_act_it_goes_on(with_fleet: World, monkeypatch: pytest.MonkeyPatch) -> None:
    done = Stage.do

    def until_the_power_is_cut(self: Stage, *args: Any, **more: Any) -> Any:
        outcome = done(self, *args, **more)
        if outcome is not None:
            raise PowerCut
        return outcome

    with monkeypatch.context() as power:
        power.setattr(Stage, "do", until_the_power_is_cut)
        cuts = 0
        while not Entry.objects.filter(request_id=REQUEST_ID + writing._LAST).exists():
            with pytest.raises(PowerCut):
                tell_of_writing(NOW)
            cuts += 1
    assert cuts > 25
    tell_of_writing(NOW)
    assert Segment.objects.filter(name__in=(UNSEEN, SILENT, OWNERS, TESTERS)).count() == 4
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 2, "scheduled": 1, "draft": 1}
    assert Reply.objects.count() == 2
    told = Counter(Entry.objects.filter(request_id__startswith=REQUEST_ID).values_list("request_id", flat=True))
    assert max(told.values()) == 1
    assert Member.objects.filter(segment__name=TESTERS).count() == OTHER_TESTERS + 1
