"""Somebody with an account is invited as a guest, works in two organizations, and is out the moment it ends."""

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House, mail_to

PHONE = 390


@pytest.mark.feature("U16", "B3")
def test_a_guest_is_invited_accepts_switches_and_is_out_the_moment_it_ends(house: House, browse: Browsers) -> None:
    north, south = house.branch("North"), house.branch("South")
    host = house.person("Nora North", role="Admin", at=north)
    house.person("Otto Nord", at=north)
    mira = house.person("Mira South", role="Admin", at=south)

    page = browse(host)
    page.goto("/users/")
    page.locator("#invite").click()
    dialog(page).locator("#as-guest").click()
    expect(dialog(page).get_by_role("heading", name="Invite guest")).to_be_visible()
    dialog(page).get_by_label("E-mail").fill(mira.email)
    dialog(page).get_by_label("Role").select_option(label="Staff")
    dialog(page).get_by_role("button", name="Invite").click()
    toast(page, f"Invitation sent to {mira.email}")
    page.goto("/guests/")
    expect(page.locator("#guests")).to_contain_text(mira.email)
    expect(page.locator("#guests")).not_to_contain_text("Mira")

    guest = browse(mira, width=PHONE)
    assert "/account/organizations/" in mail_to(mira.email, containing="as a guest of North")
    guest.goto("/account/organizations/")
    expect(guest.get_by_role("heading", name="You are invited")).to_be_visible()
    guest.get_by_role("button", name="Accept").click()
    toast(guest, "You are a guest of North now")
    expect(guest.get_by_role("heading", name="You are invited")).to_have_count(0)
    guest.get_by_role("button", name="Work in North").click()
    expect(guest.locator(".ff-placebar")).to_contain_text("You work in North")
    expect(guest.locator("#people")).to_contain_text("Otto Nord")
    expect(guest.locator("#people")).not_to_contain_text("Mira")

    # At home again, and back by the switcher, found as one types.
    guest.locator(".ff-placebar").get_by_role("button").click()
    expect(guest.locator(".ff-placebar")).to_have_count(0)
    guest.get_by_role("button", name="Menu").click()
    guest.locator("#choose-place").click()
    dialog(guest).get_by_label("Find an organization").fill("nor")
    dialog(guest).get_by_role("button", name="North").click()
    expect(guest.locator(".ff-placebar")).to_contain_text("You work in North")

    # The other browser ends it: the open page is sent home at its next click.
    page.reload()
    page.get_by_role("button", name="End Mira South").click()
    toast(page, "no guest any more")
    guest.get_by_role("link", name="Otto Nord").first.click()
    expect(guest.locator(".ff-placebar")).to_have_count(0)
    toast(guest, "You cannot work in North any more")
    expect(guest.locator("#people")).to_contain_text("Mira South")
