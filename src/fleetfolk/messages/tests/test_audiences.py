"""To whom a message goes that names nobody: a segment, or who was chosen in a list."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fleetfolk.jobs.actions.erase_report import DRAFT_KEPT_FOR
from fleetfolk.jobs.models import Job
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.models import Item, Message
from fleetfolk.messages.sending import deliver
from fleetfolk.messages.tests.scenes import sent, written
from fleetfolk.messages.web import addressees
from fleetfolk.segments.models import Member, Segment
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User


def segment_of(cast: Cast, *people: User) -> Segment:
    """A segment of Lumen Home with these people in it."""
    with staging():
        made = Segment.objects.create(
            tenant=cast.lumen, organization=cast.lumen, name="Winter check", of="users", kind="static"
        )
        for person in people:
            Member.objects.create(tenant=cast.lumen, segment=made, target_id=person.pk, since=timezone.now())
    return made


def chosen(browser: Client, *people: User) -> str:
    """Where the selection of these people leads."""
    ids = ",".join(str(person.pk) for person in people)
    return str(browser.post(reverse("bulk:choose", args=["users", "message"]), {"ids": ids})["Location"])


def got_it() -> set[int]:
    return set(Item.objects.values_list("user_id", flat=True))


def test_a_segment_gets_it_and_nobody_else(cast: Cast) -> None:
    sent(cast, audience={"segment": segment_of(cast, cast.bob, cast.cleo).pk})
    assert got_it() == {cast.bob.pk, cast.cleo.pk}


def test_of_a_segment_only_those_within_reach_get_it(cast: Cast) -> None:
    sent(cast, audience={"segment": segment_of(cast, cast.bob, cast.eve).pk})
    assert got_it() == {cast.bob.pk}


def test_a_segment_that_the_author_may_not_see_is_refused(cast: Cast) -> None:
    made = segment_of(cast, cast.bob)
    with staging():
        Segment.objects.filter(pk=made.pk).update(tenant=cast.evil, organization=cast.evil)
    with pytest.raises(Refused) as refused:
        written(cast, audience={"segment": made.pk})
    assert refused.value.reason == "message_audience"


def test_who_is_in_what_the_author_may_not_ask_is_no_audience(cast: Cast, signed_in: SignedIn) -> None:
    made = segment_of(cast, cast.bob)
    browser = signed_in(cast.ada)
    with staging():
        rules = {"field": "device_online", "op": "is", "value": False}
        Segment.objects.filter(pk=made.pk).update(kind="dynamic", rules=rules)
        assert f"segment:{made.pk}" in browser.get("/messages/people/?find=winter").content.decode()
        role = cast.ada.role
        less = [code for code in role.permissions if code != "devices.view"]
        type(role).objects.filter(pk=role.pk).update(permissions=less)
    with pytest.raises(Refused, match="message_audience"):
        written(cast, audience={"segment": made.pk})
    assert f"segment:{made.pk}" not in browser.get("/messages/people/?find=winter").content.decode()
    assert "1 person" not in browser.get(f"/messages/new/?segment={made.pk}").content.decode()


def test_who_did_not_read_is_reminded_and_nobody_else(cast: Cast, signed_in: SignedIn) -> None:
    first = sent(cast, cast.bob, cast.bea, cast.cleo)
    browser = signed_in(cast.ada)
    assert "Remind who did not read" in browser.get(f"/messages/{first.pk}/").content.decode()
    with staging():
        Item.objects.filter(user=cast.bea).update(read_at=clock.now())
    address = f"/messages/new/?unread={first.pk}"
    page = browser.get(address).content.decode()
    assert "Who has not read “Maintenance”" in page
    assert "2 people" in page
    said = {"unread": str(first.pk), "language": "en", "subject_en": "Once more", "body_en": "Please read."}
    browser.post("/messages/new/", {**said, "do": "keep"})
    reminder = Message.objects.latest("pk")
    assert reminder.audience == {"unread": first.pk}
    assert "Who has not read “Maintenance”" in browser.get(f"/messages/{reminder.pk}/edit/").content.decode()
    with staging():
        Item.objects.filter(user=cast.cleo).update(read_at=clock.now())
    perform(SendMessage, actor=actor(cast.ada), target_id=reminder.pk, data=SendMessageInput())
    deliver(reminder.pk)
    assert set(Item.objects.filter(message=reminder).values_list("user_id", flat=True)) == {cast.bob.pk}
    assert "Who has not read “Maintenance”" in browser.get("/messages/").content.decode()
    with staging():
        Item.objects.update(read_at=clock.now())
    assert "Remind who did not read" not in browser.get(f"/messages/{first.pk}/").content.decode()


def test_nobody_learns_by_a_reminder_who_read_what_they_may_not_see(cast: Cast, signed_in: SignedIn) -> None:
    theirs = sent(cast, cast.bob)
    browser = signed_in(cast.finn)
    page = browser.get(f"/messages/new/?unread={theirs.pk}").content.decode()
    assert "Maintenance" not in page
    assert "0 people" in page
    data = MessageInput(subject="a", body="b", audience={"unread": theirs.pk})
    for by, where in ((cast.finn, cast.north), (cast.eve, cast.evil)):
        with pytest.raises(Refused, match="message_audience"):
            perform(CreateMessage, actor=actor(by), target_id=where.pk, data=data)
    for wrong in (0, "1", True, None, [theirs.pk]):
        with pytest.raises(Refused, match="message_audience"):
            written(cast, audience={"unread": wrong})


def test_who_was_chosen_in_the_list_is_named_in_the_composer(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    address = chosen(browser, cast.bob, cast.cleo, cast.eve)
    assert address.startswith("/messages/new/?job=")
    page = browser.get(address).content.decode()
    assert "2 people" in page  # Eve is of another tenant, and left out without a word.
    assert "Eve Evil" not in page


def test_a_large_selection_is_kept_as_it_is_and_not_for_long(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addressees, "MOST_NAMED", 1)
    browser = signed_in(cast.ada)
    page = browser.get(chosen(browser, cast.bob, cast.cleo, cast.eve)).content.decode()
    assert "A selection" in page
    assert "2 people" in page
    message = written(cast, audience={"job": Job.objects.latest("pk").pk})
    late = SendMessageInput(at=clock.now() + DRAFT_KEPT_FOR + dt.timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        perform(SendMessage, actor=actor(cast.ada), target_id=message.pk, data=late)
    assert refused.value.reason == "message_selection_late"
    perform(SendMessage, actor=actor(cast.ada), target_id=message.pk, data=SendMessageInput())
    assert Message.objects.get(pk=message.pk).state == "sending"


def test_somebody_elses_selection_is_nobodys_audience(cast: Cast, signed_in: SignedIn) -> None:
    chosen(signed_in(cast.ada), cast.bob)
    job = Job.objects.latest("pk")
    with staging():
        Job.objects.filter(pk=job.pk).update(created_by_id=cast.abe.pk)
    with pytest.raises(Refused) as refused:
        written(cast, audience={"job": job.pk})
    assert refused.value.reason == "message_selection"
