"""Taking one's data along, leaving and coming back, and a colleague who is hidden for a while."""

import json
import re
import zipfile

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import choose, dialog, find, is_led_out, row, toast, undo
from e2e.people import House, mail_to
from fleetfolk.testing.cast import PASSWORD, fresh
from fleetfolk.users.models import State


def link_in(text: str) -> str:
    """The address with a secret in a mail."""
    found = re.search(r"http://\S+/(?:exports|account/undo)/\S+", text)
    assert found, f"no link in: {text}"
    return found[0]


@pytest.mark.feature("B8")
def test_bob_asks_for_his_data_gets_a_mail_and_opens_the_file_once(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    page = browse(bob, minutes_ago=30)
    page.goto("/account/data/")
    page.get_by_role("button", name="Request the file").click()
    dialog(page).get_by_label("Your own password").fill(PASSWORD)
    page.keyboard.press("Enter")
    toast(page, "Your data is being gathered.")
    expect(page.locator("#making")).to_contain_text("The file is ready. Its link is in a mail to you")
    expect(page.locator("#files")).to_contain_text("Link mailed")
    expect(page.get_by_role("button", name="Request the file")).to_be_visible()
    link = link_in(mail_to(bob.email, containing="/exports/"))
    page.goto(link)
    assert link not in page.url, "the secret has left the address"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        profile = json.loads(archive.read("profile.json"))
        assert {file["name"] for file in manifest["files"]} <= set(archive.namelist())
        assert (profile["first_name"], profile["email"]) == ("Bob", bob.email)
        assert b"user.data.export" in archive.read("action_log.jsonl")
    page.goto(link)
    expect(page.locator("main")).to_contain_text("downloaded already")
    page.goto("/account/data/")
    expect(page.locator("main")).to_contain_text("Downloaded")


@pytest.mark.feature("C6", "B8")
def test_bob_deletes_his_account_and_changes_his_mind(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    page, elsewhere = browse(bob), browse(bob)
    elsewhere.goto("/account/")
    page.goto("/account/data/")
    page.get_by_role("link", name="Delete my account…").click()
    button = dialog(page).get_by_role("button", name="Delete my account")
    expect(button).to_be_disabled()
    dialog(page).get_by_label("Type DELETE to confirm").fill("DELETE")
    button.click()
    question = dialog(page).get_by_label("Your own password")
    expect(question).to_be_focused()
    question.fill(PASSWORD)
    button.click()
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    assert fresh(bob).state == State.DELETION_PENDING
    is_led_out(elsewhere)
    page.goto(link_in(mail_to(bob.email, containing="/account/undo/")))
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_role("heading", name="Your account stays")).to_be_visible()
    assert fresh(bob).state == State.ACTIVE
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(bob.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_title(re.compile("Home"))


@pytest.mark.feature("N8")
def test_ada_deactivates_bob_finds_him_by_his_status_and_brings_him_back(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page, his = browse(house.ada), browse(bob)
    his.goto("/")
    find(page, "Bob Berg")
    choose(page, bob, "Deactivate…")
    dialog(page).get_by_label("Reason").fill("On leave")
    dialog(page).get_by_role("button", name="Deactivate 1 user").click()
    toast(page, "Bob Berg is deactivated.")
    expect(row(page, bob)).to_have_count(0)
    is_led_out(his)
    page.goto("/users/?status=deactivated")
    expect(row(page, bob)).to_contain_text("Deactivated")
    choose(page, bob, "Activate")
    toast(page, "Bob Berg is active again.")
    expect(row(page, bob)).to_have_count(0)
    find(page, "Bob Berg")
    expect(row(page, bob)).to_be_visible()


def test_ada_takes_a_deactivation_back_at_once(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Deactivate…")
    dialog(page).get_by_role("button", name="Deactivate 1 user").click()
    undo(page, "Bob Berg is deactivated.")
    toast(page, "Bob Berg is active again.")
    expect(row(page, bob)).to_be_visible()


@pytest.mark.feature("N7")
def test_ada_exports_all_data_of_bob(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Export all data…")
    dialog(page).get_by_role("button", name="Export all data").click()
    expect(dialog(page)).to_contain_text("The file is ready. Its link is in a mail to you")
    page.goto(link_in(mail_to(house.ada.email, containing="/exports/")))
    expect(page.get_by_role("heading", name="All data of Bob Berg")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert zipfile.is_zipfile(download.value.path())
    page.goto("/jobs/")
    page.get_by_role("link", name="All data of Bob Berg").click()
    expect(page.locator("main")).to_contain_text("in a mail to")
