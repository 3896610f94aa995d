"""One person over time: the log and the activity in tabs of their page, and their own log."""

import re

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import search
from e2e.people import House
from e2e.test_action_log import eventful
from fleetfolk.users.models import User


@pytest.mark.feature("P3")
def test_the_log_of_a_person_has_two_views_and_opens(house: House, browse: Browsers) -> None:
    eventful(house)
    bob = User.objects.get(tenant=house.root, last_name="Berg")
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    page.get_by_role("link", name="Action log").last.click()
    expect(page).to_have_url(re.compile(f"/users/{bob.pk}/action-log/"))
    lines = page.locator("#log tr[data-row]")
    expect(lines.filter(has_text="Disable user")).to_have_count(1)
    page.get_by_role("link", name="By Robert").click()
    expect(page).to_have_url(re.compile("as=by"))
    expect(lines.filter(has_text="Disable user")).to_have_count(0)
    page.get_by_role("link", name="On Robert").click()
    expect(page).to_have_url(re.compile("as=on"))
    search(page, "user.edit")
    expect(lines).to_have_count(1)
    lines.first.get_by_role("button", name=re.compile("^Details of")).click()
    expect(page.locator("tr.ff-detail")).to_contain_text("Robert")
    expect(page.locator("#log-chart svg").first).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Export CSV").click()
    assert "user.edit" in downloading.value.path().read_text(encoding="utf-8-sig")
    page.go_back()
    expect(page.get_by_role("link", name="By Robert")).to_be_visible()


@pytest.mark.feature("N5")
def test_activity_is_one_stream_that_is_searched_and_paged(house: House, browse: Browsers) -> None:
    eventful(house)
    bob = User.objects.get(tenant=house.root, last_name="Berg")
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    card = page.locator("section", has=page.get_by_role("heading", name="Last hour"))
    expect(card).to_contain_text("Ada Lindqvist disabled Robert Berg")
    card.get_by_role("link", name="All activity").click()
    expect(page).to_have_url(re.compile(f"/users/{bob.pk}/activity/"))
    stream = page.locator("#stream")
    expect(stream).to_contain_text("Signed in")
    page.locator("#kind-sign-in").click()
    expect(stream).not_to_contain_text("disabled")
    expect(stream).to_contain_text("Signed in")
    page.locator("#kind-all").click()
    search(page, "disab")
    expect(stream.locator("li")).to_have_count(1)
    page.get_by_label("Search activity").fill("xylophon")
    expect(page.get_by_role("heading", name="Nothing called “xylophon”")).to_be_visible()
    page.get_by_role("link", name="Show everything").click()
    expect(stream).to_contain_text("Signed in")
    stream.get_by_role("link", name="Signed in").first.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.feature("B1")
def test_a_customer_reads_their_own_log_and_nobody_else_s(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    house.person("Bea Berg")
    page = browse(bob)
    page.goto("/account/action-log/")
    lines = page.locator("#log tr[data-row]")
    expect(lines.filter(has_text="Invite user")).to_have_count(1)
    expect(lines.filter(has_text="Ada Lindqvist").first).to_be_visible()
    expect(page.locator("#log")).not_to_contain_text("Bea")
    page.get_by_role("link", name="By you").click()
    expect(lines.filter(has_text="Invite user")).to_have_count(0)
    lines.filter(has_text="Sign in").first.get_by_role("button", name=re.compile("^Details of")).click()
    expect(page.locator("tr.ff-detail").first).to_contain_text("Exact")


def test_the_devices_tab_says_what_will_be_there(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    page.locator("#tab-devices").click()
    expect(page.get_by_role("heading", name="Bob Berg has no devices")).to_be_visible()
    expect(page).to_have_url(re.compile("/devices/"))
