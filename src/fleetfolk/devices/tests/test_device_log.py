"""Support has a person's device log sent, and gets no more than they may read."""

import csv
import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.devices import tasks
from fleetfolk.devices.actions.send_log import SendLog, SendLogInput
from fleetfolk.devices.models import Datastream, Device, Event, Minute, Point
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Place
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true"}


def said(device: Device, *, days_ago: int = 0) -> None:
    """The device connected, had an event, and reported two values."""
    at = clock.now() - dt.timedelta(days=days_ago, seconds=5)
    about: dict[str, Any] = {"tenant_id": device.tenant_id, "device": device, "at": at}
    Event.objects.create(code="online", level="info", title="Online", **about)
    Event.objects.create(code="leak", level="critical", title="=Leak", description="under the sink", **about)
    streams = {stream.pin: stream for stream in Datastream.objects.filter(template=device.template)}
    minute = at.replace(second=0, microsecond=0)
    Minute.objects.create(
        device_id=device.pk, stream_id=streams[2].pk, minute=minute, count=2, total=43.0, least=21.0, most=22.0
    )
    Point.objects.create(device_id=device.pk, stream_id=streams[4].pk, at=at, text="all well")


def sent(person: User, by: User, place: Place | None = None) -> list[dict[str, str]]:
    """The rows of the table in the mail that the worker makes."""
    perform(SendLog, actor=replace(actor(by), place=place), target_id=person.pk, data=SendLogInput())
    job = ProcrastinateJob.objects.filter(task_name="devices.send_log").latest("id")
    tasks.send_log.func(**job.args)
    message: Any = mail.outbox[-1]
    assert message.to == [by.email]
    name, content, media = message.attachments[0]
    assert (name, media) == ("device-log.csv", "text/csv")
    text = content if isinstance(content, str) else content.decode("utf-8")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_mail_has_connections_events_and_values_newest_first(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    said(device)
    said(device, days_ago=6)
    said(device, days_ago=8)
    answer = signed_in(cast.ada).post(f"/users/{cast.bob.pk}/devices/log/send/", headers=HTMX)
    assert answer.status_code == 204
    rows = sent(cast.bob, cast.ada)
    assert len(rows) == 8
    assert [row["Time"] for row in rows] == sorted((row["Time"] for row in rows), reverse=True)
    assert {row["Kind"] for row in rows} == {"Connection", "Event", "Value"}
    assert {row["What"]: row["Value"] for row in rows} == {
        "Online": "",
        "'=Leak": "under the sink",
        "Temperature": "21.5",
        "Note": "all well",
    }


def test_the_log_holds_no_more_than_who_asks_may_read(cast: Cast) -> None:
    own, _token = device_of(cast.berg, "Own", owner=cast.bob)
    elsewhere, _token = device_of(cast.south, "Elsewhere", owner=cast.bob)
    shared, _token = device_of(cast.south, "Shared")
    shared_with(shared, cast.bob)
    for device in (own, elsewhere, shared):
        said(device)
    assert {row["Device"] for row in sent(cast.bob, cast.finn)} == {"Own"}
    assert {row["Device"] for row in sent(cast.bob, cast.ada)} == {"Own", "Elsewhere", "Shared"}


def test_the_log_holds_no_more_than_may_be_read_in_the_place_where_it_was_asked_for(cast: Cast) -> None:
    for place, name in ((cast.berg, "Own"), (cast.south, "Elsewhere")):
        said(device_of(place, name, owner=cast.bob)[0])
    north = Place(organization_id=cast.north.pk, path=cast.north.path, name="North", home=False)
    assert {row["Device"] for row in sent(cast.bob, cast.ada, north)} == {"Own"}
    assert {row["Device"] for row in sent(cast.bob, cast.ada)} == {"Own", "Elsewhere"}


def test_who_lost_the_right_meanwhile_gets_no_mail(cast: Cast) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    said(device)
    perform(SendLog, actor=actor(cast.finn), target_id=cast.bob.pk, data=SendLogInput())
    with staging():
        cast.finn.disabled_at = clock.now()
        cast.finn.save(update_fields=["disabled_at"])
    tasks.send_log.func(user_id=cast.bob.pk, by_id=cast.finn.pk, days=7)
    assert not mail.outbox


def test_without_devices_there_is_no_log_and_the_menu_says_why(cast: Cast, signed_in: SignedIn) -> None:
    with pytest.raises(Refused, match="device_log_empty"):
        perform(SendLog, actor=actor(cast.ada), target_id=cast.bob.pk, data=SendLogInput())
    browser = signed_in(cast.ada)
    assert "Send device log" not in browser.get(f"/users/{cast.bob.pk}/menu/").content.decode()
    assert "has no devices whose reports" in browser.get(f"/users/{cast.bob.pk}/why/", headers=HTMX).content.decode()
    device_of(cast.berg, owner=cast.bob)
    assert "Send device log" in browser.get(f"/users/{cast.bob.pk}/menu/").content.decode()
