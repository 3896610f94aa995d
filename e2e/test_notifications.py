"""Mails of events: an event reaches a person's mailbox, and a link in it ends them."""

import re

from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import toast
from e2e.people import House, mail_to
from fleetfolk.devices.models import Device
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.users.models import User

PHONE = 390


def cellar(house: House) -> tuple[Device, str, User]:
    """Bob's device with its token."""
    bob = house.customer("Bob Berg")
    device, token = device_of(bob.organization, "Cellar", owner=bob, template=template_of(house.root))
    return device, token, bob


def test_an_event_is_mailed_and_one_link_ends_that(house: House, browse: Browsers) -> None:
    device, token, bob = cellar(house)
    stranger = browse(width=PHONE)
    reported = stranger.request.get(f"/external/api/logEvent?token={token}&code=leak&description=Under+the+sink")
    assert reported.ok
    text = mail_to(bob.email, containing="Under the sink")
    assert f"/my/devices/{device.pk}/timeline/" in text
    link = re.search(r"http://\S+/mail-off/\S+", text)
    assert link
    stranger.goto(link[0])
    stranger.get_by_role("button", name="No mails about Cellar").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Done")
    assert stranger.evaluate("document.documentElement.scrollWidth") <= PHONE
    page = browse(bob, width=PHONE)
    page.goto("/account/notifications/")
    expect(page.get_by_label("Cellar: Critical")).not_to_be_checked()
    expect(page.get_by_label("All devices: Critical")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_one_chooses_what_is_mailed(house: House, browse: Browsers) -> None:
    _device, _token, bob = cellar(house)
    page = browse(bob)
    page.goto("/account/")
    page.get_by_role("link", name="Notifications").click()
    page.get_by_label("Cellar: Warning").uncheck()
    of_devices = page.locator("form").filter(has=page.get_by_label("Cellar: Warning"))
    of_devices.get_by_role("button", name="Save", exact=True).click()
    toast(page, "Your choice is saved.")
    expect(page.get_by_label("Cellar: Warning")).not_to_be_checked()
    page.get_by_role("button", name="No mails at all").click()
    expect(page.get_by_text("You get no mails about devices.").first).to_be_visible()
    expect(page.get_by_label("All devices: Critical")).not_to_be_checked()
