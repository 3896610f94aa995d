"""Turning pushes on and off on one's own page, and what becomes of them when somebody signs in anew."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.pushes import open_pushes_of, pushes_of
from fleetfolk.messages.webpush.vapid import key_of
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_push import asked, subscribed
from fleetfolk.users.models import User

ON, AGAIN, PAGE = "/account/push/", "/account/push/again/", "/account/notifications/"


def browser_of(person: User, **more: str) -> dict[str, str]:
    """What a browser of the person says of itself."""
    with staging():
        said = asked(person)
    return {"endpoint": said.endpoint, "p256dh": said.p256dh, "auth": said.auth, "key": said.server_key, **more}


def state(answer: Any) -> Any:
    assert answer.status_code == 200
    return json.loads(answer.content)


def off(push: PushSubscription) -> str:
    return reverse("push:off", args=[push.pk])


def test_bob_turns_pushes_on_and_off_in_this_browser(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    page = browser.get(PAGE).content.decode()
    assert f'data-push="{key_of(cast.lumen.pk).public}"' in page
    assert "data-push-here" not in page
    assert browser.post(ON, browser_of(cast.bob)).status_code == 302
    page = browser.get(PAGE).content.decode()
    assert "data-push-here" in page
    assert "This browser gets pushes now." in page
    (push,) = open_pushes_of(cast.bob)
    assert off(push) in page
    assert push.endpoint not in page
    browser.post(off(push))
    assert "data-push-here" not in browser.get(PAGE).content.decode()
    assert not pushes_of(cast.bob).exists()


@pytest.mark.parametrize(
    "more", [{"endpoint": ""}, {"endpoint": "https://evil.example/x"}, {"auth": ""}, {"p256dh": "x"}, {"key": "x"}]
)
def test_what_a_browser_would_not_say_is_refused(cast: Cast, signed_in: SignedIn, more: dict[str, str]) -> None:
    assert signed_in(cast.bob).post(ON, browser_of(cast.bob, **more)).status_code == 409
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("ada", 409), ("cleo", 409), ("eve", 409), (None, 302)])
def test_nobody_turns_off_somebody_elses(cast: Cast, signed_in: SignedIn, who: str | None, status: int) -> None:
    push = subscribed(cast.bob)
    browser = signed_in(getattr(cast, who)) if who else Client()
    answer = browser.post(off(push))
    assert answer.status_code == status
    assert push.endpoint not in answer.content.decode()
    assert pushes_of(cast.bob).exists()


def test_nobody_sees_in_which_browsers_somebody_else_gets_them(cast: Cast, signed_in: SignedIn) -> None:
    push = subscribed(cast.bob)
    assert off(push) in signed_in(cast.bob).get(PAGE).content.decode()
    assert "/off/" not in signed_in(cast.ada).get(PAGE).content.decode()


def test_who_signs_in_again_keeps_their_pushes(cast: Cast, signed_in: SignedIn) -> None:
    said = browser_of(cast.bob)
    signed_in(cast.bob).post(ON, said)
    before = pushes_of(cast.bob).get()
    after = signed_in(cast.bob)
    assert state(after.post(AGAIN, said)) == {"state": "on"}
    push = pushes_of(cast.bob).get()
    assert push.session_key == after.session.session_key != before.session_key
    entries = Entry.objects.count()
    assert state(after.post(AGAIN, said)) == {"state": "on"}
    assert Entry.objects.count() == entries


def test_who_signs_in_to_a_browser_of_somebody_else_gets_nothing_of_theirs(cast: Cast, signed_in: SignedIn) -> None:
    said = browser_of(cast.bob)
    signed_in(cast.bob).post(ON, said)
    assert state(signed_in(cast.cleo).post(AGAIN, said)) == {"state": "over"}
    assert state(signed_in(cast.cleo).post(AGAIN, {**said, "before": said["endpoint"], "endpoint": "https://x"})) == {
        "state": "over"
    }
    assert not pushes_of(cast.cleo).exists()


def test_pushes_that_were_turned_off_elsewhere_stay_off(cast: Cast, signed_in: SignedIn) -> None:
    said = browser_of(cast.bob)
    browser = signed_in(cast.bob)
    browser.post(ON, said)
    signed_in(cast.bob).post(off(pushes_of(cast.bob).get()))
    assert state(browser.post(AGAIN, said)) == {"state": "over"}
    assert not pushes_of(cast.bob).exists()


def test_a_browser_with_a_key_of_before_gets_the_one_of_today(
    cast: Cast, signed_in: SignedIn, settings: Settings
) -> None:
    said = browser_of(cast.bob)
    signed_in(cast.bob).post(ON, said)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key-for-this-test"
    browser, key = signed_in(cast.bob), key_of(cast.lumen.pk).public
    assert state(browser.post(AGAIN, said)) == {"state": "renew", "key": key}
    renewed = browser_of(cast.bob, before=said["endpoint"])
    assert renewed["key"] == key != said["key"]
    assert state(browser.post(AGAIN, renewed)) == {"state": "on"}
    assert open_pushes_of(cast.bob).get().endpoint == renewed["endpoint"]


def test_a_browser_whose_maker_moved_it_is_known_by_where_it_was(cast: Cast, signed_in: SignedIn) -> None:
    said = browser_of(cast.bob)
    browser = signed_in(cast.bob)
    browser.post(ON, said)
    moved = browser_of(cast.bob, before=said["endpoint"])
    assert state(browser.post(AGAIN, moved)) == {"state": "on"}
    assert pushes_of(cast.bob).get().endpoint == moved["endpoint"]


def test_pages_say_where_to_ask_and_the_sign_in_page_does_not(cast: Cast, signed_in: SignedIn) -> None:
    for person, path in ((cast.bob, "/"), (cast.ada, "/account/")):
        assert f'<meta name="push-again" content="{AGAIN}" data-viewer="{person.pk}">' in (
            signed_in(person).get(path).content.decode()
        )
    assert "push-again" not in Client().get("/sign-in/").content.decode()
