"""Devices in the portal: seen, controlled, shared and lost, in pages that are open meanwhile."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from e2e.browsers import Browsers
from e2e.people import House
from e2e.test_assistance import filled, opened, turned_on
from fleetfolk.devices.actions.revoke_share import RevokeShare, RevokeShareInput
from fleetfolk.devices.actions.send_command import SendCommand, SendCommandInput
from fleetfolk.devices.models import Datastream, Device, ShareLevel
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.testing.cast import actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.users.models import User

PHONE = 390


def stream_of(device: Device, pin: int) -> int:
    """The key of the datastream at this pin."""
    return int(Datastream.objects.get(template_id=device.template_id, pin=pin).pk)


def set_by(person: User, device: Device, pin: int, value: str) -> None:
    """Somebody else sets a datastream, while pages are open."""
    data = SendCommandInput(stream_id=stream_of(device, pin), texts=(value,))
    perform(SendCommand, actor=actor(person), target_id=device.pk, data=data)


def set_to(value: str) -> Callable[[Response], bool]:
    """The answer to a control that was set to this: what it shows before may be only what is hoped for."""
    return lambda answer: answer.url.endswith("/set/") and f"value={value}" in (answer.request.post_data or "")


def is_live(page: Page) -> None:
    """The page hears what changes."""
    expect(page.locator('[data-livestate] [data-when="live"]')).to_be_visible()


def test_a_customer_switches_a_device_on_its_tile_and_the_other_telephone_shows_it(
    house: House, browse: Browsers
) -> None:
    bob = house.customer("Bob Berg")
    device_of(bob.organization, "Heat pump", owner=bob)
    one, other = browse(bob, width=PHONE), browse(bob)
    for page in (one, other):
        page.goto("/")
        is_live(page)
    switch = one.get_by_role("switch", name="Heat pump: Power")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(other.get_by_role("switch", name="Heat pump: Power")).to_have_attribute("aria-checked", "true")
    one.reload()
    expect(one.get_by_role("switch", name="Heat pump: Power")).to_have_attribute("aria-checked", "true")
    assert one.evaluate("document.documentElement.scrollWidth") <= PHONE
    one.get_by_role("link", name="Heat pump", exact=True).click()
    expect(one.get_by_role("heading", level=1)).to_have_text("Heat pump")
    assert one.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_every_control_sets_its_datastream_by_keyboard_too(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob)
    page = browse(bob)
    page.goto(f"/my/devices/{device.pk}/")
    is_live(page)
    with page.expect_response(set_to("2")):
        page.get_by_role("button", name="Boost").click()
        expect(page.get_by_role("button", name="Boost")).to_have_attribute("aria-pressed", "true")
    slider = page.get_by_role("slider", name="Target")
    slider.focus()
    # What was set last is sent when the keys rest.
    with page.expect_response(set_to("5.3")):
        for _step in range(3):
            slider.press("ArrowRight")
        expect(page.locator(f"[data-stream='{stream_of(device, 1)}'] output")).to_have_text("5.3 °C")
    page.reload()
    expect(slider).to_have_value("5.3")
    expect(page.get_by_role("button", name="Boost")).to_have_attribute("aria-pressed", "true")


def test_what_somebody_else_sets_is_seen_without_loading_anew(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob)
    page = browse(bob)
    page.goto(f"/my/devices/{device.pk}/")
    is_live(page)
    set_by(house.ada, device, 1, "21.5")
    expect(page.locator(f"[data-stream='{stream_of(device, 1)}'] output")).to_have_text("21.5 °C")
    set_by(house.ada, device, 5, "1")
    expect(page.get_by_role("button", name="Eco")).to_have_attribute("aria-pressed", "true")


def test_a_control_goes_back_where_the_server_refuses(house: House, browse: Browsers) -> None:
    bob, sue = house.customer("Bob Berg"), house.customer("Sue South")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob)
    share = shared_with(device, sue, ShareLevel.CONTROL)
    page = browse(sue)
    browse.watch.tolerated.append("ERR_FAILED")
    page.route("**/live/**", lambda route: route.abort())
    page.goto(f"/my/devices/{device.pk}/")
    expect(page.get_by_text("Connection lost, trying again")).to_be_visible()
    perform(RevokeShare, actor=actor(bob), target_id=device.pk, data=RevokeShareInput(share_id=share.pk))
    switch = page.get_by_role("switch", name="Power")
    switch.click()
    expect(page.locator("[data-toast]")).to_contain_text("does not exist, or it is not yours to see")
    expect(switch).to_have_attribute("aria-checked", "false")


def test_who_may_only_look_is_told_why(house: House, browse: Browsers) -> None:
    bob, sue = house.customer("Bob Berg"), house.customer("Sue South")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob)
    shared_with(device, sue, ShareLevel.VIEW)
    page = browse(sue, width=PHONE)
    page.goto("/")
    expect(page.get_by_role("heading", name="Shared with you")).to_be_visible()
    page.get_by_role("link", name="Heat pump", exact=True).click()
    expect(page.get_by_text("Its owner can let you control it, too")).to_be_visible()
    expect(page.get_by_role("switch", name="Power")).to_be_disabled()
    expect(page.get_by_role("slider", name="Target")).to_be_disabled()


def test_a_revoked_share_takes_the_open_page_away(house: House, browse: Browsers) -> None:
    bob, sue = house.customer("Bob Berg"), house.customer("Sue South")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob)
    bobs, sues = browse(bob), browse(sue)
    bobs.goto(f"/my/devices/{device.pk}/people/")
    bobs.get_by_label("Share with").fill(sue.email)
    bobs.get_by_role("button", name="Share", exact=True).click()
    expect(bobs.locator("[data-toast]")).to_contain_text("is shared with")
    sues.goto(f"/my/devices/{device.pk}/")
    is_live(sues)
    set_by(house.ada, device, 1, "20")
    expect(sues.locator(f"[data-stream='{stream_of(device, 1)}'] output")).to_have_text("20.0 °C")
    bobs.get_by_role("button", name=re.compile("Revoke the share")).click()
    expect(sues.locator('[data-livestate] [data-when="gone"]')).to_contain_text("no longer shared with you")
    expect(sues.locator('[data-livestate] [data-when="gone"]')).to_be_visible()
    expect(sues.locator(f"[data-stream='{stream_of(device, 1)}'] output")).to_have_text("–")
    answer = sues.goto(f"/my/devices/{device.pk}/")
    assert answer is not None
    assert answer.status == 404


def test_the_history_is_a_chart_and_a_table(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob)
    for value in ("20", "21", "22"):
        set_by(bob, device, 1, value)
    page = browse(bob)
    page.goto(f"/my/devices/{device.pk}/?stream={stream_of(device, 1)}")
    expect(page.get_by_role("img", name=re.compile("Target was between 20.0 °C and 22.0 °C"))).to_be_visible()
    expect(page.locator(".ff-chart canvas")).to_be_visible()
    page.get_by_role("link", name="Hour").click()
    expect(page.get_by_role("heading", name="Target, last hour")).to_be_visible()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("table", name="Target, last hour")).to_contain_text("21.0 °C")


def test_a_customer_renames_a_device(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob)
    page = browse(bob, width=PHONE)
    page.goto(f"/my/devices/{device.pk}/")
    page.get_by_role("link", name="About").click()
    page.get_by_role("textbox", name="Name").fill("Cellar pump")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cellar pump")


@pytest.mark.parametrize("act", [False, True])
def test_an_assistant_looks_at_a_dashboard_or_acts_on_it(house: House, browse: Browsers, act: bool) -> None:
    turned_on(house, AssistanceRule.WAIVED)
    bob = house.customer("Bob Berg")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob)
    customer, agent = browse(bob), browse(house.ada)
    customer.goto(f"/my/devices/{device.pk}/")
    is_live(customer)
    opened(agent, bob)
    filled(agent, "Start", act=act)
    agent.get_by_role("link", name="Heat pump", exact=True).click()
    expect(agent).to_have_url(re.compile(rf"/as/[0-9a-f-]+/my/devices/{device.pk}/$"))
    is_live(agent)
    switch = agent.get_by_role("switch", name="Power")
    if act:
        switch.click()
        expect(customer.get_by_role("switch", name="Power")).to_have_attribute("aria-checked", "true")
        expect(switch).to_have_attribute("aria-checked", "true")
    else:
        expect(switch).to_be_disabled()
        expect(agent.get_by_text("You are only looking")).to_be_visible()
    set_by(bob, device, 1, "19.5")
    expect(agent.locator(f"[data-stream='{stream_of(device, 1)}'] output")).to_have_text("19.5 °C")
    customer.goto("/")
    customer.locator("#support-notice").get_by_role("button", name="Stop").click()
    expect(agent).to_have_url(re.compile(r"/assistance/[0-9a-f-]+/$"))
