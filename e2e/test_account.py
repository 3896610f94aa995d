"""One's own account, as a customer and as staff: details, theme, language, sign-in."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import search
from e2e.people import House
from fleetfolk.testing.cast import fresh
from fleetfolk.users.models import User


def shown_theme(page: Page) -> str:
    return str(page.evaluate("document.documentElement.dataset.bsTheme"))


def someone(house: House, role: str) -> User:
    return house.customer("Bob Berg") if role == "User" else house.person("Bob Berg", role=role)


@pytest.mark.parametrize("role", ["User", "Staff"])
def test_bob_changes_his_details_and_a_mistake_is_said_beside_its_field(
    house: House, browse: Browsers, role: str
) -> None:
    bob = someone(house, role)
    page = browse(bob)
    page.goto("/account/")
    page.get_by_label("Phone").fill("12")
    page.get_by_label("Last name").fill("Berg-Müller")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Last name")).to_have_value("Berg-Müller")
    page.get_by_label("Phone").fill("030 901820")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-toast]")).to_contain_text("Your profile is saved.")
    expect(page.get_by_label("Phone")).to_have_value("030 901820")
    bob = fresh(bob)
    assert (bob.name, bob.phone, bob.time_zone) == ("Bob Berg-Müller", "+4930901820", "Asia/Tokyo")


@pytest.mark.parametrize("role", ["User", "Staff"])
def test_the_theme_is_there_at_once_stays_and_goes_along_to_the_next_browser(
    house: House, browse: Browsers, role: str
) -> None:
    bob = someone(house, role)
    page = browse(bob)
    page.goto("/account/")
    assert shown_theme(page) == "light"
    with page.expect_response(lambda answer: answer.url.endswith("/account/theme/")) as kept:
        page.get_by_role("radio", name="Dark").check()
    assert kept.value.status == 204
    assert shown_theme(page) == "dark"
    page.reload()
    assert shown_theme(page) == "dark"
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    elsewhere = browse(bob)
    elsewhere.goto("/account/")
    assert shown_theme(elsewhere) == "dark"


def test_the_theme_can_be_chosen_in_the_menu_and_follows_the_device_again(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"), theme="dark")
    page.goto("/")
    assert shown_theme(page) == "dark"
    for choice, shown in (("Light", "light"), ("As the device", "dark")):
        page.get_by_role("button", name="Your menu").click()
        with page.expect_response(lambda answer: answer.url.endswith("/account/theme/")):
            page.get_by_role("menuitemradio", name=choice).click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", shown)
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_the_sidebar_leads_staff_to_their_account_and_its_tabs_have_addresses(house: House, browse: Browsers) -> None:
    page = browse(house.person("Cleo Staff", role="Staff"))
    page.goto("/users/")
    page.locator(".ff-me").click()
    page.get_by_role("menuitem", name="Your account").click()
    expect(page).to_have_url(re.compile("/account/$"))
    for tab, address in (("Security", "security"), ("Activity", "action-log"), ("Support", "support")):
        page.get_by_role("navigation", name="Your account").get_by_role("link", name=tab).click()
        expect(page).to_have_url(re.compile(f"/account/{address}/"))
        expect(page.get_by_role("navigation", name="Your account").locator("[aria-current=page]")).to_have_text(tab)


def test_own_activity_opens_line_by_line_and_can_be_narrowed(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"))
    page.goto("/account/")
    page.get_by_label("Nickname").fill("Bobby")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-toast]")).to_contain_text("Your profile is saved.")
    page.goto("/account/action-log/")
    search(page, "profile")
    row = page.locator("tr[data-row]", has_text="Edit own profile")
    expect(row).to_be_visible()
    row.get_by_role("button", name=re.compile("^Details of")).click()
    expect(page.locator("tr.ff-detail .ff-diff")).to_contain_text("Bobby")
