"""Mails of events: to whom they concern, not too many, none lost, none to somebody who may not know."""

import datetime as dt
import re
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices import event_mails
from fleetfolk.devices.actions.edit_notices import EditNotices, EditNoticesInput
from fleetfolk.devices.actions.revoke_share import RevokeShare, RevokeShareInput
from fleetfolk.devices.event_mails import A_DAY, APART, FOR_CRITICAL, count_events, release
from fleetfolk.devices.models import Device, Event, EventKind, EventMail, EventMailDay, EventNotice, Level, Quiet
from fleetfolk.devices.notices import mail_off_token
from fleetfolk.devices.tasks import send_event_mail
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User

NOTHING: frozenset[str] = frozenset({"info", "warning", "critical", "content"})


def kind_of(device: Device, code: str = "leak", **said: object) -> EventKind:
    with staging():
        EventKind.objects.filter(template=device.template, code=code).update(**said)
    return EventKind.objects.get(template=device.template, code=code)


def reports(device: Device, code: str = "leak", *, times: int = 1, description: str = "Under the sink") -> Event:
    """The device reports it, as the gateway writes it down."""
    kind = EventKind.objects.get(template=device.template, code=code)
    about = {"tenant_id": device.tenant_id, "device": device, "kind": kind, "code": code, "level": kind.level}
    said = {"title": kind.name, "description": description, "at": clock.now(), **about}
    events = [Event.objects.create(**said) for _time in range(times)]
    EventNotice.objects.bulk_create(EventNotice(event=event) for event in events)
    return events[-1]


def work() -> list[str]:
    """The worker does what waits. Returns the addresses that were written to."""
    before = len(mail.outbox)
    while count_events() or release():
        pass
    jobs = ProcrastinateJob.objects.filter(task_name="devices.send_event_mail", status="todo")
    for job in jobs.order_by("id"):
        send_event_mail(**job.args)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return [one.to[0].partition("@")[0] for one in mail.outbox[before:]]


def later(minutes: float = 16) -> None:
    """So many minutes have gone since the last mails."""
    with staging():
        for row in EventMail.objects.exclude(sent_at=None):
            assert row.sent_at
            EventMail.objects.filter(pk=row.pk).update(sent_at=row.sent_at - dt.timedelta(minutes=minutes))


@pytest.fixture
def cellar(cast: Cast) -> Device:
    return device_of(cast.berg, owner=cast.bob)[0]


def test_owner_and_shared_are_told_with_device_event_time_and_link(cast: Cast, cellar: Device) -> None:
    shared_with(cellar, cast.sue)
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(time_zone="Asia/Tokyo")
    event = reports(cellar)
    assert sorted(work()) == ["bob", "sue"]
    told = next(one for one in mail.outbox if one.to == [cast.bob.email])
    assert told.subject == "Cellar: Leak"
    assert "Under the sink" in told.body
    assert f"{event.at + dt.timedelta(hours=9):%H:%M} (Asia/Tokyo)" in told.body
    assert f"/my/devices/{cellar.pk}/timeline/" in told.body
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told.extra_headers["List-Unsubscribe"].strip("<>") in told.body
    assert work() == []


def test_only_whom_the_kind_names_is_told(cast: Cast, cellar: Device) -> None:
    shared_with(cellar, cast.sue)
    reports(cellar, "filter_dirty")
    assert work() == ["bob"]
    kind_of(cellar, notify=["staff"])
    reports(cellar)
    # The nearest organization upwards where somebody sees all timelines is the household's own.
    assert work() == ["bea"]
    assert f"/devices/{cellar.pk}/timeline/" in mail.outbox[-1].body


def test_staff_is_that_of_the_organization_above_where_there_is_none_nearer(cast: Cast, cellar: Device) -> None:
    with staging():
        User.objects.filter(pk=cast.bea.pk).update(disabled_at=clock.now())
    kind_of(cellar, notify=["staff"])
    reports(cellar)
    assert sorted(work()) == ["cleo", "finn"]


def test_a_device_that_floods_does_not_flood_people(cast: Cast, cellar: Device) -> None:
    reports(cellar)
    assert work() == ["bob"]
    reports(cellar, times=7)
    assert work() == []
    later()
    assert work() == ["bob"]
    assert "7 times since your last mail" in mail.outbox[-1].body
    later()
    assert work() == []
    # Another kind of the same device is another matter.
    reports(cellar, times=3)
    reports(cellar, "filter_dirty")
    assert work() == ["bob", "bob"]


def test_nobody_gets_more_than_so_many_a_day_and_critical_ones_have_their_own_share(cast: Cast, cellar: Device) -> None:
    for _time in range(A_DAY):
        reports(cellar, "filter_dirty")
        work()
        later()
    assert len(mail.outbox) == A_DAY - FOR_CRITICAL
    for _time in range(A_DAY):
        reports(cellar)
        work()
        later()
    assert len(mail.outbox) == A_DAY
    assert "the last mail of this kind today" in mail.outbox[-1].body
    # On the next day what was held back is told, counted.
    with staging():
        EventMailDay.objects.update(day=clock.now().date() - dt.timedelta(days=1))
    assert sorted(work()) == ["bob", "bob"]
    assert f"{A_DAY - FOR_CRITICAL} times since" in mail.outbox[-2].body


def test_a_crash_loses_no_event_and_tells_none_twice(cast: Cast, cellar: Device) -> None:
    reports(cellar, times=3)
    with patch.object(event_mails, "concerned", side_effect=MemoryError), pytest.raises(MemoryError):
        count_events()
    assert EventNotice.objects.count() == 3
    assert count_events() == 3
    with patch.object(event_mails, "enqueue", side_effect=MemoryError), pytest.raises(MemoryError):
        release()
    assert EventMail.objects.get().waiting == 3
    assert not EventMailDay.objects.filter(count__gt=0).exists()
    assert work() == ["bob"]
    assert "3 times" in mail.outbox[-1].body
    assert work() == []


def disabled(cast: Cast, device: Device) -> None:
    User.objects.filter(pk=cast.sue.pk).update(disabled_at=clock.now())


def deactivated(cast: Cast, device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(deactivated_at=clock.now())


def deleted(cast: Cast, device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(deleted_at=clock.now())


def not_told_any_more(cast: Cast, device: Device) -> None:
    EventKind.objects.filter(template=device.template, code="leak").update(notify=[])


def without_the_right(cast: Cast, device: Device) -> None:
    Role.objects.filter(pk=cast.sue.role_id).update(permissions=[])


def quiet(cast: Cast, device: Device) -> None:
    Quiet.objects.create(tenant=cast.lumen, user=cast.sue, device=device, levels=[Level.CRITICAL])


@pytest.mark.parametrize("end", [disabled, deactivated, deleted, not_told_any_more, without_the_right, quiet])
def test_whoever_may_not_know_any_more_gets_no_mail_that_waited(
    cast: Cast, cellar: Device, end: Callable[[Cast, Device], None]
) -> None:
    shared_with(cellar, cast.sue)
    kind_of(cellar, notify=["shared"])
    reports(cellar)
    count_events()
    release()
    with staging():
        end(cast, cellar)
    assert work() == []


def test_a_share_that_was_revoked_or_has_ended_is_told_nothing(cast: Cast, cellar: Device) -> None:
    share = shared_with(cellar, cast.sue)
    kind_of(cellar, notify=["shared"])
    reports(cellar)
    count_events()
    release()
    perform(RevokeShare, actor=actor(cast.bob), target_id=cellar.pk, data=RevokeShareInput(share_id=share.pk))
    assert work() == []
    other = shared_with(cellar, cast.sue)
    with staging():
        type(other).objects.filter(pk=other.pk).update(ends_at=clock.now())
    later()
    reports(cellar)
    assert work() == []


def test_one_chooses_by_level_and_device_and_it_is_in_the_log(cast: Cast, cellar: Device, signed_in: SignedIn) -> None:
    attic = device_of(cast.berg, "Attic", owner=cast.bob)[0]
    bobs = signed_in(cast.bob)
    page = bobs.get("/account/notifications/").content.decode()
    assert len(re.findall(r'name="on"[^>]* checked', page)) == 12
    every = {f"{key}-{level}" for key in (0, cellar.pk, attic.pk) for level in NOTHING}
    bobs.post("/account/notifications/", {"on": sorted(every - {f"{cellar.pk}-critical", "0-warning"})})
    for device in (cellar, attic):
        reports(device)
        reports(device, "filter_dirty")
    work()
    assert [one.subject for one in mail.outbox] == ["Attic: Leak"]
    entry = Entry.objects.filter(code="user.notices.edit").latest("at")
    assert {"field": "Cellar", "before": "critical, warning, info, content", "after": "warning, info, content"} in list(
        entry.changes
    )
    bobs.post("/account/notifications/", {"none": "1"})
    later()
    reports(attic)
    assert work() == []
    assert "You get no mails about devices." in bobs.get("/account/notifications/").content.decode()


def test_one_chooses_for_devices_that_one_sees_only(cast: Cast, cellar: Device) -> None:
    for key in (device_of(cast.south)[0].pk, device_of(cast.evil)[0].pk, 999_999):
        data = EditNoticesInput(quiet={key: NOTHING})
        with pytest.raises(Refused, match="notice_device"):
            perform(EditNotices, actor=actor(cast.bob), target_id=cast.bob.pk, data=data)
    data = EditNoticesInput(quiet={None: frozenset({"loud"})})
    with pytest.raises(Refused, match="notice_level"):
        perform(EditNotices, actor=actor(cast.bob), target_id=cast.bob.pk, data=data)


def test_one_click_in_the_mail_program_ends_the_mails_of_the_device(cast: Cast, cellar: Device) -> None:
    reports(cellar)
    work()
    path = re.search(r"/mail-off/[\w.-]+/", mail.outbox[-1].extra_headers["List-Unsubscribe"])
    assert path
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(path[0])
    assert "No more mails about Cellar?" in page.content.decode()
    assert not Quiet.objects.exists()
    assert stranger.post(path[0], {"List-Unsubscribe": "One-Click"}).status_code == 200
    later()
    reports(cellar)
    assert work() == []
    entry = Entry.objects.filter(code="user.notices.edit").latest("at")
    assert entry.actor_id == str(cast.bob.pk)
    assert stranger.post(path[0], {"all": "1"}).status_code == 200
    assert Quiet.objects.get(device=None).levels == sorted(NOTHING)


def test_a_link_that_nobody_signed_ends_nothing(cast: Cast, cellar: Device) -> None:
    token = mail_off_token(cast.bob.pk, cellar.pk)
    forged = f"{cast.sue.pk}-{cellar.pk}.{token.partition('.')[2]}"
    elsewhere = mail_off_token(cast.bob.pk, device_of(cast.evil)[0].pk)
    for wrong in (forged, f"{token}x", "1-1", elsewhere, mail_off_token(cast.bob.pk, 999_999)):
        assert Client().post(f"/mail-off/{wrong}/").status_code == 410
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(disabled_at=clock.now())
    assert Client().post(f"/mail-off/{token}/").status_code == 410
    assert not Quiet.objects.exists()


def test_mails_are_apart_as_long_as_is_said() -> None:
    assert dt.timedelta(minutes=10) <= APART <= dt.timedelta(hours=1)
