"""The question for one's own password, where the last one was given a while ago."""

import re

from playwright.sync_api import Locator, Page, expect

from e2e.browsers import Browsers
from e2e.pages import choose, dialog, find, row, toast, undo
from e2e.people import House
from fleetfolk.testing.cast import PASSWORD, fresh
from fleetfolk.users.models import State


def question(page: Page) -> Locator:
    return dialog(page).get_by_label("Your own password")


def test_the_open_dialog_asks_keeps_what_was_typed_and_goes_on(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada, minutes_ago=11)
    find(page, "Bob Berg")
    choose(page, bob, "Delete…")
    dialog(page).get_by_label("Type DELETE to confirm").fill("DELETE")
    dialog(page).get_by_label("Reason").fill("Left the firm")
    button = dialog(page).get_by_role("button", name="Delete 1 user")
    button.click()
    expect(question(page)).to_be_focused()
    expect(dialog(page).get_by_label("Reason")).to_have_value("Left the firm")
    question(page).fill("not the password")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("This is not your password.")
    expect(question(page)).to_be_focused()
    expect(question(page)).to_have_value("")
    assert fresh(bob).is_active
    question(page).fill(PASSWORD)
    button.click()
    toast(page, "Bob Berg is deleted.")
    expect(dialog(page)).to_have_count(0)
    assert fresh(bob).state == State.DELETION_PENDING


def test_an_undo_that_is_sensitive_opens_a_dialog_that_asks(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    house.disabled(bob)
    page = browse(house.ada, minutes_ago=11)
    find(page, "Bob Berg")
    choose(page, bob, "Enable")
    undo(page, "Bob Berg is enabled.")
    expect(dialog(page)).to_contain_text("Confirm that it is you")
    expect(question(page)).to_be_focused()
    question(page).fill("not the password")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("This is not your password.")
    question(page).fill(PASSWORD)
    dialog(page).get_by_role("button", name="Go on").click()
    toast(page, "Bob Berg is disabled.")
    expect(row(page, bob)).to_contain_text("Disabled")


def test_a_file_that_asks_first_is_fetched_and_the_page_stays(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    house.disabled(bob)
    page = browse(house.ada, minutes_ago=11)
    page.goto("/action-log/?q=user.disable")
    link = page.get_by_role("link", name="Export CSV")
    link.click()
    expect(dialog(page)).to_contain_text("Confirm that it is you")
    question(page).fill("not the password")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("This is not your password.")
    question(page).fill(PASSWORD)
    with page.expect_download() as downloading:
        dialog(page).get_by_role("button", name="Go on").click()
    assert "user.disable" in downloading.value.path().read_text("utf-8-sig")
    expect(dialog(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/action-log/\?q=user\.disable$"))
    expect(link).to_be_focused()
    with page.expect_download():
        link.click()
    expect(dialog(page)).to_have_count(0)
