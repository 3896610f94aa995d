"""A stranger signs up and claims a device, on a telephone; and an operator who looks at each one by hand."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House, link_in, mail_to
from e2e.templates import enabled
from fleetfolk.devices.models import Device
from fleetfolk.devices.tokens import new_code
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.samples_activation import claim_of
from fleetfolk.users.models import User

PHONE = 390
PASSWORD = "three blue kettles sing"


def boxed(house: House, code: str) -> Device:
    """A device in its box, with the code on it."""
    template = template_of(house.root)
    enabled(house, template)
    device, _token = device_of(house.root, "Heat pump", template=template)
    claim_of(device, code=code)
    return device


def offer(page: Page, mode: str, *, into: str = "new organization", approve: bool = False) -> str:
    """Ada says who may sign up, and gets the link."""
    page.goto("/settings/sign-up/")
    page.get_by_label("Who may sign up by themselves").select_option(mode)
    page.get_by_text(re.compile(into)).click()
    page.get_by_label("Somebody lets each one in by hand").set_checked(approve)
    page.get_by_role("button", name="Save", exact=True).click()
    toast(page, "Saved.")
    link = page.locator("#sign-up-link")
    expect(link).to_be_visible()
    return link.inner_text()


def ask(page: Page, link: str, email: str) -> None:
    page.goto(link)
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send the mail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")


def confirm(page: Page, email: str, first: str, last: str) -> None:
    page.goto(link_in(mail_to(email)))
    expect(page.locator("body")).to_contain_text(email)
    page.get_by_label("First name").fill(first)
    page.get_by_label("Last name").fill(last)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()


@pytest.mark.feature("U15")
def test_a_stranger_signs_up_on_a_telephone_and_claims_a_device(house: House, browse: Browsers) -> None:
    code = new_code()
    device = boxed(house, code)
    page = browse(house.ada)
    link = offer(page, "Everybody")
    expect(page.locator("img.ff-qr")).to_have_js_property("complete", True)

    email, phone = house.address("Stella"), browse(width=PHONE)
    ask(phone, f"{link}?code={code}", email)
    confirm(phone, email, "Stella", "Stranger")
    expect(phone).to_have_url(re.compile(r"/my/devices/claim/"))
    expect(phone.get_by_label("Code")).to_have_value(code)
    phone.get_by_role("button", name="Add the device").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Heat pump")
    stella = User.objects.select_related("organization").get(email=email)
    device.refresh_from_db()
    assert (device.owner_id, device.organization_id) == (stella.pk, stella.organization_id)
    assert stella.organization.name == "Stranger family"
    assert stella.time_zone == "Europe/Berlin"

    page.reload()
    expect(page.locator("#sign-up")).to_contain_text("Stella Stranger")

    again = browse(width=PHONE)
    ask(again, link, house.ada.email)
    assert "There is an account with it already" in mail_to(house.ada.email, containing="already")


def test_ada_lets_somebody_in_by_hand_and_turns_another_down(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    link = offer(page, "Everybody", into="this organization", approve=True)
    for name in ("Stella", "Otto"):
        visitor, email = browse(), house.address(name)
        ask(visitor, link, email)
        confirm(visitor, email, name, "Stranger")
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Somebody lets you in")
    page.reload()
    page.get_by_role("button", name="Let Stella Stranger in").click()
    toast(page, "Stella Stranger is in")
    expect(page.get_by_role("link", name="Stella Stranger")).to_be_visible()
    page.get_by_role("button", name="Turn Otto Stranger down").click()
    dialog(page).get_by_role("button", name="Turn down").click()
    toast(page, "The sign-up is gone.")
    expect(page.locator("#sign-up")).not_to_contain_text("Otto")
    stella = User.objects.get(first_name="Stella", tenant=house.root)

    visitor = browse(width=PHONE)
    visitor.goto("/sign-in/")
    visitor.get_by_label("E-mail").fill(stella.email)
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor).to_have_url(re.compile(r"/$"))


def test_the_page_of_settings_says_what_is_wrong_beside_the_field(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/settings/sign-up/")
    page.get_by_label("Who may sign up by themselves").select_option("Who has an address of these domains")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Domains")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Domains").fill("@example.com, lumen.example")
    page.get_by_role("button", name="Save", exact=True).click()
    toast(page, "Saved.")
    link = page.locator("#sign-up-link").inner_text()
    page.get_by_role("button", name="Change the link").click()
    dialog(page).get_by_role("button", name="Change the link").click()
    toast(page, "The link is another one")
    expect(page.locator("#sign-up-link")).not_to_have_text(link)
    stranger = browse(width=PHONE)
    answer = stranger.goto(link)
    assert answer is not None
    assert answer.status == 404
