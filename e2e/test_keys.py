"""Keys in the browser: made with a proof, shown once, tried on the page that says what programs can do, and revoked."""

import json

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House


@pytest.mark.feature("B9")
def test_a_key_is_made_tried_and_revoked(house: House, browse: Browsers) -> None:
    house.person("Bob Berg")
    page = browse(house.ada)
    page.goto("/account/keys/")
    page.get_by_role("link", name="New key").click()
    made = dialog(page)
    made.get_by_label("Name").fill("CI")
    made.get_by_text("Only look").click()
    made.get_by_role("button", name="Make the key").click()
    key = dialog(page).locator("#key").inner_text()
    assert key.startswith("ffp_")
    dialog(page).get_by_role("button", name="Close").last.click()
    expect(page.locator("#own-keys")).to_contain_text("CI")
    expect(page.locator("#own-keys")).to_contain_text("never used")

    page.goto("/api/reference/")
    page.get_by_label("Key", exact=True).fill(key)
    listing = page.locator("#listUsers")
    listing.locator("summary").click()
    listing.get_by_label("q (query, optional)").fill("bob")
    listing.get_by_role("button", name="Send").click()
    expect(listing.locator("[data-status]")).to_contain_text("200")
    said = json.loads(listing.locator("[data-answer]").inner_text())
    assert [person["name"] for person in said["items"]] == ["Bob Berg"]

    page.goto("/account/keys/")
    expect(page.locator("#own-keys")).to_contain_text("last used")
    page.get_by_role("link", name="Revoke the key “CI”").click()
    dialog(page).get_by_role("button", name="Revoke key").click()
    toast(page, "The key “CI” opens nothing any more.")
    expect(page.locator("#own-keys")).not_to_contain_text("CI")


@pytest.mark.feature("B9")
def test_a_program_is_let_in_and_shut_out(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/settings/programs/")
    page.get_by_role("link", name="Let a program in").first.click()
    made = dialog(page)
    made.get_by_label("Name").fill("Sync")
    made.get_by_text("Do what I choose").click()
    made.get_by_text("Choose rights").click()
    made.get_by_label("View users", exact=True).check()
    made.get_by_role("button", name="Add program").click()
    expect(dialog(page).locator("#client")).to_contain_text("oa2-client-id_")
    expect(dialog(page).locator("#secret")).to_contain_text("ffs_")
    dialog(page).get_by_role("button", name="Close").last.click()
    programs = page.locator("#programs")
    expect(programs).to_contain_text("Sync")
    expect(programs).to_contain_text("1 right")
    programs.get_by_role("link", name="Delete the program “Sync”").click()
    dialog(page).get_by_role("button", name="Delete program").click()
    toast(page, "The program “Sync” is shut out.")
    expect(programs).not_to_contain_text("Sync")
