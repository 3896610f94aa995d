"""Pushes of messages, from sending to the browser that reads them: through a real push service on this machine."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from pytest_django.fixtures import Settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.cancel_message import CancelMessage
from fleetfolk.messages.actions.create_push import CreatePush
from fleetfolk.messages.actions.edit_channels import EditChannels, EditChannelsInput
from fleetfolk.messages.models import Channel, Delivery, DeliveryState, Item, Message
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.pushes import pushes_of
from fleetfolk.messages.pushing import MOST_FAILURES, carry_pushes, forget_idle
from fleetfolk.messages.tests.scenes import sent
from fleetfolk.messages.webpush.vapid import key_of
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.https_service import Scripted
from fleetfolk.testing.push_service import PushBrowser, PushService, push_service
from fleetfolk.testing.samples_push import asked, subscribed
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.models import User


@dataclass
class Scene:
    """The cast, and a push service at which people subscribe."""

    cast: Cast
    service: PushService

    def browser(self, person: User) -> PushBrowser:
        """The person has turned pushes on in it."""
        made = self.service.browser(key_of(person.tenant_id).public)
        with staging():
            said = asked(person, endpoint=made.endpoint, p256dh=made.p256dh, auth=made.auth)
        perform(CreatePush, actor=actor(person), target_id=person.pk, data=said)
        return made

    def send(self, *people: User, **more: object) -> Message:
        return sent(self.cast, *people, **{"channels": [Channel.PUSH], **more})

    def carry(self) -> int:
        return carry_pushes(trust=self.service.trust)

    def fared(self, message: Message, person: User) -> Delivery:
        return Delivery.objects.get(message=message, user=person, channel=Channel.PUSH)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    with push_service(tmp_path_factory.mktemp("push")) as service:
        yield service


@pytest.fixture
def scene(cast: Cast, running: PushService, settings: Settings) -> Scene:
    settings.FLEETFOLK_PUSH_HOSTS = running.host
    running.script.clear()
    running.asked.clear()
    return Scene(cast, running)


def later(**more: float) -> dt.datetime:
    return clock.now() + dt.timedelta(**more)


def test_bobs_browsers_say_who_writes_and_what_about(scene: Scene) -> None:
    telephone, laptop = scene.browser(scene.cast.bob), scene.browser(scene.cast.bob)
    message = scene.send(scene.cast.bob, subject="Wartung am Montag 🔧", body="We come on *Monday*, secretly.")
    assert scene.carry() == 1
    item = Item.objects.get(user=scene.cast.bob)
    for browser in (telephone, laptop):
        (push,) = browser.received
        assert push.said == {
            "id": message.pk,
            "title": "Lumen Home",
            "text": "Wartung am Montag 🔧",
            "url": f"/account/messages/{item.pk}/?by=push",
        }
        assert b"secretly" not in push.text
        assert push.headers["TTL"] == str(7 * 24 * 3600)
        assert push.headers["Urgency"] == "normal"
    fared = scene.fared(message, scene.cast.bob)
    assert (fared.state, fared.due_at) == (DeliveryState.SENT, None)
    assert all(push.last_ok_at for push in pushes_of(scene.cast.bob))
    assert scene.carry() == 0


def test_the_push_is_in_the_language_of_whoever_reads_it(scene: Scene) -> None:
    browser = scene.browser(scene.cast.bob)
    with staging():
        User.objects.filter(pk=scene.cast.bob.pk).update(language="de")
        message = scene.send(scene.cast.bob)
        Message.objects.filter(pk=message.pk).update(variants={"de": {"subject": "Wartung", "body": "Hallo"}})
    scene.carry()
    assert browser.received[0].said["text"] == "Wartung"


def test_opening_the_push_is_known(scene: Scene, signed_in: Callable[[User], object]) -> None:
    browser = scene.browser(scene.cast.bob)
    message = scene.send(scene.cast.bob)
    scene.carry()
    page = signed_in(scene.cast.bob).get(browser.received[0].said["url"])  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert scene.fared(message, scene.cast.bob).state == DeliveryState.OPENED


def test_whoever_has_no_browser_gets_no_push_and_no_row(scene: Scene) -> None:
    subscribed(scene.cast.cleo)
    with staging():
        Session.objects.all().delete()  # Cleo is signed out.
    message = scene.send(scene.cast.bob, scene.cast.cleo)
    assert not Delivery.objects.filter(message=message).exists()


def test_a_person_who_is_signed_out_meanwhile_gets_none(scene: Scene) -> None:
    browser = scene.browser(scene.cast.bob)
    message = scene.send(scene.cast.bob)
    with staging():
        Session.objects.all().delete()
    scene.carry()
    assert not browser.received
    assert (scene.fared(message, scene.cast.bob).state, scene.fared(message, scene.cast.bob).why) == (
        DeliveryState.FAILED,
        "no browser",
    )


def test_a_person_who_is_disabled_meanwhile_gets_none(scene: Scene) -> None:
    browser = scene.browser(scene.cast.bob)
    message = scene.send(scene.cast.bob)
    perform(DisableUser, actor=actor(scene.cast.ada), target_id=scene.cast.bob.pk, data=ReasonInput())
    scene.carry()
    assert not browser.received
    assert scene.fared(message, scene.cast.bob).state == DeliveryState.FAILED


def test_a_person_who_wants_no_pushes_gets_none(scene: Scene) -> None:
    browser = scene.browser(scene.cast.bob)
    first = scene.send(scene.cast.bob)
    perform(EditChannels, actor=actor(scene.cast.bob), target_id=scene.cast.bob.pk, data=EditChannelsInput(push=False))
    second = scene.send(scene.cast.bob)
    scene.carry()
    assert not browser.received
    assert {scene.fared(message, scene.cast.bob).state for message in (first, second)} == {DeliveryState.UNSUBSCRIBED}


def test_there_is_a_most_a_day(scene: Scene) -> None:
    browser = scene.browser(scene.cast.bob)
    messages = [scene.send(scene.cast.bob, subject=f"Message {number}") for number in range(5)]
    scene.carry()
    states = [scene.fared(message, scene.cast.bob).state for message in messages]
    assert states == [DeliveryState.SENT] * 3 + [DeliveryState.CAPPED] * 2
    assert len(browser.received) == 3


def test_what_is_cancelled_meanwhile_or_over_goes_nowhere(scene: Scene) -> None:
    browser = scene.browser(scene.cast.bob)
    over = scene.send(scene.cast.bob, expires_at=later(hours=1))
    with clock.at(later(hours=2)):
        scene.carry()
    assert scene.fared(over, scene.cast.bob).why == "expired"
    cancelled = scene.send(scene.cast.bob)
    with staging():
        Message.objects.filter(pk=cancelled.pk).update(state="sending")
    perform(CancelMessage, actor=actor(scene.cast.ada), target_id=cancelled.pk, data=NoInput())
    scene.carry()
    assert not browser.received


def test_a_message_that_is_soon_over_does_not_wait_longer_at_the_service(scene: Scene) -> None:
    browser = scene.browser(scene.cast.bob)
    scene.send(scene.cast.bob, expires_at=later(hours=1))
    scene.carry()
    assert 3500 < int(browser.received[0].headers["TTL"]) <= 3600


def test_a_browser_that_is_gone_is_forgotten(scene: Scene) -> None:
    gone, there = scene.browser(scene.cast.bob), scene.browser(scene.cast.bob)
    scene.service.forget(gone)
    message = scene.send(scene.cast.bob)
    scene.carry()
    assert len(there.received) == 1
    assert [push.endpoint for push in pushes_of(scene.cast.bob)] == [there.endpoint]
    assert scene.fared(message, scene.cast.bob).state == DeliveryState.SENT
    entry = Entry.objects.get(code="user.push.delete")
    assert (entry.actor_label, entry.facts["cause"], entry.target_id) == ("Fleetfolk", "gone", scene.cast.bob.pk)


def test_where_the_only_browser_is_gone_it_is_said(scene: Scene) -> None:
    scene.service.forget(scene.browser(scene.cast.bob))
    message = scene.send(scene.cast.bob)
    scene.carry()
    fared = scene.fared(message, scene.cast.bob)
    assert (fared.state, fared.why) == (DeliveryState.FAILED, "410")


@pytest.mark.parametrize("answer", [Scripted(status=429, headers={"Retry-After": "1200"}), Scripted(status=503)])
def test_a_service_that_is_busy_is_asked_again_when_it_says(scene: Scene, answer: Scripted) -> None:
    browser = scene.browser(scene.cast.bob)
    scene.service.script.append(answer)
    message = scene.send(scene.cast.bob)
    scene.carry()
    fared = scene.fared(message, scene.cast.bob)
    wait = 1200 if answer.headers else 60
    assert (fared.state, fared.why) == (DeliveryState.QUEUED, str(answer.status))
    assert fared.due_at is not None
    assert abs((fared.due_at - clock.now()).total_seconds() - wait) < 5
    with clock.at(later(seconds=wait - 10)):
        assert scene.carry() == 0
    with clock.at(later(seconds=wait + 10)):
        assert scene.carry() == 1
    assert len(browser.received) == 1
    assert scene.fared(message, scene.cast.bob).state == DeliveryState.SENT


def test_a_browser_that_has_it_does_not_get_it_again_with_another(scene: Scene) -> None:
    first, second = scene.browser(scene.cast.bob), scene.browser(scene.cast.bob)
    answer = scene.service.answer
    scene.service.answer = partial(_busy_for, second.endpoint, answer)  # type: ignore[method-assign]
    message = scene.send(scene.cast.bob)
    scene.carry()
    assert (len(first.received), len(second.received)) == (1, 0)
    assert scene.fared(message, scene.cast.bob).state == DeliveryState.QUEUED
    scene.service.answer = answer  # type: ignore[method-assign]
    with clock.at(later(minutes=2)):
        scene.carry()
    assert (len(first.received), len(second.received)) == (1, 1)
    assert scene.fared(message, scene.cast.bob).state == DeliveryState.SENT


def _busy_for(endpoint: str, answer: Callable[..., Scripted], path: str, *said: object) -> Scripted:
    return Scripted(status=503) if endpoint.endswith(path) else answer(path, *said)


def test_there_is_an_end_to_trying(scene: Scene) -> None:
    scene.browser(scene.cast.bob)
    message = scene.send(scene.cast.bob)
    now = clock.now()
    for attempt in range(10):
        scene.service.script.append(Scripted(status=500))
        with clock.at(now + dt.timedelta(days=attempt * 0.9)):
            scene.carry()
    fared = scene.fared(message, scene.cast.bob)
    assert (fared.state, fared.why, fared.tries) == (DeliveryState.FAILED, "500", 6)
    assert len(scene.service.asked) == 6


def test_a_service_out_of_reach_is_asked_again(scene: Scene, settings: Settings) -> None:
    scene.browser(scene.cast.bob)
    message = scene.send(scene.cast.bob)
    with staging():
        PushSubscription.objects.update(endpoint="https://localhost:1/push/x")
    settings.FLEETFOLK_PUSH_HOSTS = "localhost:1"
    scene.carry()
    fared = scene.fared(message, scene.cast.bob)
    assert (fared.state, fared.why) == (DeliveryState.QUEUED, "ConnectionRefusedError")


@pytest.mark.parametrize("status", [302, 400, 403, 413])
def test_a_browser_whose_service_refuses_all_the_time_is_forgotten(scene: Scene, status: int) -> None:
    scene.browser(scene.cast.bob)
    for number in range(MOST_FAILURES):
        assert pushes_of(scene.cast.bob).exists()
        scene.service.script.append(Scripted(status=status, headers={"Location": "https://localhost/"}))
        with clock.at(later(days=number)):
            message = scene.send(scene.cast.bob)
            scene.carry()
        assert scene.fared(message, scene.cast.bob).why == str(status)
    assert not pushes_of(scene.cast.bob).exists()
    assert len(scene.service.asked) == MOST_FAILURES


def test_a_host_that_is_no_longer_allowed_is_not_posted_to(scene: Scene, settings: Settings) -> None:
    browser = scene.browser(scene.cast.bob)
    message = scene.send(scene.cast.bob)
    settings.FLEETFOLK_PUSH_HOSTS = "fcm.googleapis.com"
    scene.carry()
    assert not browser.received
    assert not scene.service.asked
    assert scene.fared(message, scene.cast.bob).why == "address"


def test_a_browser_of_a_key_that_nobody_has_any_more_is_forgotten(scene: Scene, settings: Settings) -> None:
    browser, kept = scene.browser(scene.cast.bob), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-for-this-test", [kept]
    scene.send(scene.cast.bob)
    scene.carry()
    assert len(browser.received) == 1  # The service knows the former key; it is still signed with.
    settings.SECRET_KEY_FALLBACKS = []
    message = scene.send(scene.cast.bob)
    scene.carry()
    assert scene.fared(message, scene.cast.bob).why == "key"
    assert not pushes_of(scene.cast.bob).exists()


def test_a_worker_that_was_killed_after_posting_leaves_it_to_the_next(scene: Scene) -> None:
    """The browser gets the same push again under the same topic and tag, so that it takes the first one's place."""
    browser = scene.browser(scene.cast.bob)
    message = scene.send(scene.cast.bob)
    with staging():
        rows = Delivery.objects.filter(message=message)
        before = rows.get()
        scene.carry()
        PushSubscription.objects.update(last_message=0)
        rows.update(state=DeliveryState.QUEUED, due_at=before.due_at, tries=1)
    scene.carry()
    first, second = browser.received
    assert first.said == second.said
    assert first.headers["Topic"] == second.headers["Topic"]


def test_browsers_without_a_session_are_forgotten_after_a_while(scene: Scene) -> None:
    scene.browser(scene.cast.bob)
    scene.browser(scene.cast.cleo)
    assert forget_idle() == 0
    with staging():
        bobs = pushes_of(scene.cast.bob).get()
        Session.objects.filter(session_key=bobs.session_key).delete()
    assert forget_idle() == 0
    with staging():
        PushSubscription.objects.update(created_at=later(days=-61))
    assert forget_idle() == 1
    assert not pushes_of(scene.cast.bob).exists()
    assert pushes_of(scene.cast.cleo).exists()
