"""Pushes: a browser is asked for once, a message comes to it, and opens where it should."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, Worker, expect

from e2e.browsers import Browsers
from e2e.pages import toast
from e2e.people import House
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.models import Channel, Delivery, DeliveryState
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.testing.cast import PASSWORD, actor
from fleetfolk.testing.push_service import PushBrowser, PushService
from fleetfolk.users.models import User

pytestmark = pytest.mark.whole_browser
PHONE = 390
PAGE = "/account/notifications/"
# Chromium would ask its maker for an address. Everything else is its own: permission, service worker, notification.
SUBSCRIBED = """
([endpoint, p256dh, auth]) => {
  const subscriptionOf = (key) => ({
    endpoint,
    options: { applicationServerKey: key.buffer ?? key },
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
    unsubscribe: async () => !localStorage.removeItem("browser"),
  });
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem("browser", JSON.stringify([...applicationServerKey]));
    return subscriptionOf(applicationServerKey);
  };
  PushManager.prototype.getSubscription = async () => {
    const key = localStorage.getItem("browser");
    return key && subscriptionOf(new Uint8Array(JSON.parse(key)));
  };
}
"""


def browser_at(pushes: PushService, page: Page) -> PushBrowser:
    """Whatever subscribes in this browser has its address at our service."""
    made = pushes.browser()
    page.context.grant_permissions(["notifications"])
    said = [made.endpoint, made.p256dh, made.auth]
    page.add_init_script(f"({SUBSCRIBED})({said})")
    return made


def worker_of(page: Page) -> Worker:
    """The service worker, which stands between the pages and the network."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page.context.service_workers[0]


def written_to(person: User, by: User, subject: str) -> None:
    """A message for the person, with a push."""
    words = MessageInput(
        subject=subject, body="We come on Monday.", audience={"users": [person.pk]}, channels=[Channel.PUSH]
    )
    made = perform(CreateMessage, actor=actor(by), target_id=by.organization_id, data=words)
    perform(SendMessage, actor=actor(by), target_id=made.target.pk, data=SendMessageInput())


def received(browser: PushBrowser) -> Any:
    """What came to the browser; the worker of the installation brings it."""
    until = time.monotonic() + 30
    while not browser.received and time.monotonic() < until:
        time.sleep(0.05)
    return browser.received[-1]


def shown(page: Page, text: str) -> list[dict[str, str]]:
    """The notifications after the browser's own push service has handed over this text."""
    session = page.context.new_cdp_session(page)
    versions: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda said: versions.extend(said["registrations"]))
    session.send("ServiceWorker.enable")
    until = time.monotonic() + 30
    while not versions and time.monotonic() < until:
        page.wait_for_timeout(50)
    registration = versions[-1]["registrationId"]
    origin = page.evaluate("location.origin")
    session.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registration, "data": text})
    look = """async () => {
      const registration = await navigator.serviceWorker.ready;
      for (let look = 0; look < 100; look++) {
        const shown = await registration.getNotifications();
        if (shown.length) return shown.map(({title, body, tag, data}) => ({title, body, tag, url: data.url}));
        await new Promise((again) => setTimeout(again, 50));
      }
      return [];
    }"""
    return page.evaluate(look)  # type: ignore[no-any-return]


def test_a_message_comes_to_a_browser_that_asked_for_pushes(
    house: House, browse: Browsers, pushes: PushService
) -> None:
    bob = house.customer("Bob Berg")
    page = browse(bob, width=PHONE)
    browser = browser_at(pushes, page)
    page.goto(PAGE)
    page.get_by_role("button", name="Turn on in this browser").click()
    toast(page, "This browser gets pushes now.")
    expect(page.locator("#pushes").get_by_text("This browser", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Turn on in this browser")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE

    written_to(bob, house.ada, "Wartung am Montag 🔧")
    push = received(browser)
    assert (push.said["title"], push.said["text"]) == (house.root.name, "Wartung am Montag 🔧")

    (notification,) = shown(page, push.text.decode())
    assert notification == {
        "title": house.root.name,
        "body": "Wartung am Montag 🔧",
        "tag": f"message-{push.said['id']}",
        "url": push.said["url"],
    }
    # Only a hand can open a window, so what would be opened is opened here.
    opened = worker_of(page).evaluate(
        """async () => {
          let opened = null;
          clients.openWindow = async (url) => { opened = url; };
          const [notification] = await registration.getNotifications();
          const event = new NotificationEvent("notificationclick", { notification });
          const done = [];
          event.waitUntil = (promise) => done.push(promise);
          self.dispatchEvent(event);
          await Promise.all(done);
          return [opened, (await registration.getNotifications()).length];
        }"""
    )
    assert opened[1] == 0
    page.goto(opened[0])
    expect(page.get_by_text("We come on Monday.")).to_be_visible()
    assert Delivery.objects.get(user=bob, channel=Channel.PUSH).state == DeliveryState.OPENED


def test_pushes_follow_whoever_is_signed_in(house: House, browse: Browsers, pushes: PushService) -> None:
    bob, cleo = house.customer("Bob Berg"), house.customer("Cleo Cook")
    page = browse(bob)
    browser_at(pushes, page)
    page.goto(PAGE)
    page.get_by_role("button", name="Turn on in this browser").click()
    toast(page, "This browser gets pushes now.")
    first = PushSubscription.objects.get(user=bob).session_key

    def sign_in(person: User) -> None:
        page.goto("/")
        page.get_by_role("button", name="Your menu").click()
        page.get_by_role("menuitem", name="Sign out").click()
        page.get_by_label("E-mail").fill(person.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("button", name="Your menu")).to_be_visible()

    sign_in(bob)
    until = time.monotonic() + 20
    while PushSubscription.objects.get(user=bob).session_key == first and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert PushSubscription.objects.get(user=bob).session_key != first
    sign_in(cleo)
    until = time.monotonic() + 20  # The page's policy forbids Playwright's own waiting: it asks by eval.
    while page.evaluate("localStorage.getItem('browser')") is not None and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert page.evaluate("localStorage.getItem('browser')") is None
    assert not PushSubscription.objects.filter(user=cleo).exists()
    page.goto(PAGE)
    expect(page.get_by_role("button", name="Turn on in this browser")).to_be_visible()


def test_pushes_are_turned_off_where_they_are_and_from_elsewhere(
    house: House, browse: Browsers, pushes: PushService
) -> None:
    bob = house.customer("Bob Berg")
    page, elsewhere = browse(bob), browse(bob, width=PHONE)
    for one in (page, elsewhere):
        browser_at(pushes, one)
        one.goto(PAGE)
        one.get_by_role("button", name="Turn on in this browser").click()
        toast(one, "This browser gets pushes now.")
    page.reload()
    rows = page.locator("#pushes li")
    expect(rows).to_have_count(2)
    rows.filter(has_text="This browser").get_by_role("button").click()
    toast(page, "That browser gets no more pushes.")
    expect(page.get_by_role("button", name="Turn on in this browser")).to_be_visible()
    rows.get_by_role("button").click()
    toast(page, "That browser gets no more pushes.")
    assert not PushSubscription.objects.filter(user=bob).exists()


def test_a_browser_that_may_show_nothing_says_how_to_allow_it(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"), width=PHONE)
    page.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page.goto(PAGE)
    expect(page.get_by_text("This browser was told to show no notifications")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on in this browser")).to_be_hidden()


def test_on_an_iphone_it_is_said_that_the_pages_belong_on_the_home_screen_first(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"), width=PHONE)
    page.add_init_script(
        "delete window.PushManager; Object.defineProperty(navigator, 'userAgent', {get: () => 'iPhone Safari'})"
    )
    page.goto(PAGE)
    expect(page.get_by_text("Add to Home Screen")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on in this browser")).to_be_hidden()
