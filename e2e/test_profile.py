"""A person's profile: its rows, tags and tabs, by mouse and by keyboard, and why something cannot be done."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog, is_signed_out, toast, undo
from e2e.people import House
from e2e.test_managing_people import at_home, logged
from fleetfolk.organizations.actions import CreateField, CreateFieldInput
from fleetfolk.organizations.models import FieldKind
from fleetfolk.testing.cast import fresh
from fleetfolk.users.models import User


def profile(page: Page, person: User) -> Page:
    """The person's page."""
    page.goto(f"/users/{person.pk}/")
    return page


@pytest.mark.feature("P2")
def test_a_phone_is_corrected_where_it_stands(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = profile(browse(house.ada), bob)
    row = page.locator("#row-phone")
    row.hover()
    row.get_by_role("button", name="Edit Phone").click()
    expect(row.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("0911 33 40 7x")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("is not a phone number")
    expect(row.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.get_by_role("textbox")).to_have_count(0)
    expect(row).to_contain_text("Not set")
    expect(row.get_by_role("button", name="Edit Phone")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("0911 334070")
    page.keyboard.press("Enter")
    expect(row.get_by_role("link")).to_have_attribute("href", "tel:+49911334070")
    expect(row.get_by_role("button", name="Edit Phone")).to_be_focused()
    assert logged(bob, "user.edit")


def test_a_name_changes_in_the_header_too_and_another_s_edit_stays(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    other = house.person("Olga Other", role="Admin")
    page, olgas = profile(browse(house.ada), bob), profile(browse(other), bob)
    for one, row in ((page, "name"), (olgas, "nickname")):
        one.locator(f"#row-{row}").hover()
        one.locator(f"#edit-row-{row}").click()
    olgas.locator("#row-nickname").get_by_role("textbox").fill("Bobby")
    olgas.keyboard.press("Enter")
    expect(olgas.locator("#row-nickname")).to_contain_text("Bobby")
    page.get_by_label("Last name").fill("Tal")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bob Tal")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bobby")
    assert (fresh(bob).name, fresh(bob).nickname) == ("Bob Tal", "Bobby")


@pytest.mark.feature("P1")
def test_tags_are_put_on_and_taken_off_in_the_header(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    house.tag("Heat pump", 2)
    house.tag("VIP", 4)
    page = profile(browse(house.ada), bob)
    add = page.get_by_role("button", name="Tag", exact=True)
    add.click()
    expect(page.get_by_label("Search tags")).to_be_focused()
    page.keyboard.type("vi")
    expect(page.locator("#tag-list button")).to_have_count(1)
    page.locator("#tag-list button").click()
    expect(page.get_by_role("button", name="Remove tag VIP")).to_be_visible()
    expect(add).to_be_focused()
    page.get_by_role("button", name="Remove tag VIP").click()
    expect(page.get_by_role("button", name="Remove tag VIP")).to_have_count(0)
    undo(page, "no longer has the tag VIP")
    expect(page.get_by_role("button", name="Remove tag VIP")).to_be_visible()
    assert [given.tag.name for given in fresh(bob).user_tags.select_related("tag")] == ["VIP"]


def test_the_tabs_by_keyboard_and_back(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = profile(browse(house.ada), bob)
    tabs = page.get_by_role("navigation", name="Profile of Bob Berg")
    tabs.get_by_role("link", name="Action log").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/users/{bob.pk}/action-log/"))
    expect(tabs.get_by_role("link", name="Action log")).to_have_attribute("aria-current", "page")
    expect(page.locator("#tab-body")).to_be_focused()
    page.go_back()
    expect(tabs.get_by_role("link", name="Information")).to_have_attribute("aria-current", "page")
    expect(page.locator("#row-email")).to_be_visible()


def test_the_menu_signs_out_at_once_and_says_why_not(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg", role="Staff")
    bobs = at_home(browse, bob)
    page = profile(browse(house.ada), bob)
    page.get_by_role("button", name="Actions for Bob Berg").click()
    page.get_by_role("menuitem", name="Force log-out").click()
    toast(page, "Bob Berg is signed out everywhere.")
    is_signed_out(bobs)
    staff = house.person("Stella Staff", role="Staff")
    stellas = profile(browse(staff), house.ada)
    stellas.get_by_role("button", name="Actions for").click()
    stellas.get_by_role("menuitem", name="Why can I not").click()
    expect(dialog(stellas)).to_contain_text("holds more than the role Staff")
    expect(dialog(stellas)).to_contain_text("Send device log")
    stellas.keyboard.press("Escape")
    expect(dialog(stellas)).to_have_count(0)
    expect(stellas.get_by_role("button", name="Actions for")).to_be_focused()


@pytest.mark.feature("P2")
def test_an_own_field_is_made_in_settings_and_filled_on_the_profile(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    page.goto("/settings/fields/")
    page.get_by_role("link", name="New field").first.click()
    form = dialog(page)
    form.get_by_label("Name").fill("Contract")
    expect(form.get_by_label("Entries of the list")).to_be_hidden()
    form.get_by_label("Holds").select_option("One of a list")
    form.get_by_label("Entries of the list").fill("Comfort\nComfort Plus")
    form.get_by_role("button", name="Create the field").click()
    toast(page, "The field “Contract” is there.")
    expect(page.locator("#fields")).to_contain_text("One of a list: Comfort, Comfort Plus")
    house.does(CreateField, house.root.pk, CreateFieldInput(name="Next visit", kind=FieldKind.DATE))
    profile(page, bob)
    record = page.get_by_role("region", name="Record")
    record.get_by_text("Contract").hover()
    record.get_by_role("button", name="Edit Contract").click()
    record.get_by_role("combobox").select_option("Comfort Plus")
    record.get_by_role("button", name="Save").click()
    expect(record).to_contain_text("Comfort Plus")
    record.get_by_text("Next visit").hover()
    record.get_by_role("button", name="Edit Next visit").click()
    record.locator("input[type=date]").fill("2030-12-03")
    page.keyboard.press("Enter")
    expect(record).to_contain_text("Tuesday 3 December 2030")


def test_the_rules_are_saved_with_the_own_password(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/settings/")
    page.get_by_label("Remote assistance").select_option("With the person's consent")
    page.get_by_role("button", name="Save the rules").click()
    toast(page, "The rules are saved.")
    page.reload()
    expect(page.get_by_label("Remote assistance")).to_have_value("ask")
