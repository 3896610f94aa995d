"""The action log: everything that happened, found again, opened and taken along."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import search
from e2e.people import House
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput


def eventful(house: House) -> None:
    """Bob was invited, joined, was edited and disabled."""
    bob = house.person("Bob Berg")
    data = EditUserInput(first_name="Robert", last_name="Berg", phone="+4930901820", location_id=None, time_zone="")
    house.does(EditUser, bob.pk, data)
    house.disabled(bob)


@pytest.mark.feature("B1")
def test_what_happened_is_found_by_name_code_and_period_and_opens(house: House, browse: Browsers) -> None:
    eventful(house)
    page = browse(house.ada)
    page.goto("/action-log/")
    lines = page.locator("#log tr[data-row]")
    expect(lines.filter(has_text="Disable user")).to_have_count(1)
    search(page, "user.edit")
    expect(lines).to_have_count(1)
    expect(lines.first.locator("mark").first).to_have_text("user.edit")
    lines.first.get_by_role("button", name=re.compile("^Details of")).click()
    detail = page.locator("tr.ff-detail")
    expect(detail).to_contain_text("Bob")
    expect(detail).to_contain_text("Robert")
    page.get_by_role("link", name="Hour", exact=False).first.click()
    expect(page).to_have_url(re.compile("period="))
    expect(lines).to_have_count(1)


def test_the_log_filters_by_client_result_and_person(house: House, browse: Browsers) -> None:
    eventful(house)
    cleo = house.person("Cleo Staff", role="Staff")
    refused = browse(cleo)
    answer = refused.request.post(f"/users/{house.ada.pk}/sessions/end/")
    assert answer.status == 403
    page = browse(house.ada)
    page.goto("/action-log/")
    page.locator("#chip-result").click()
    page.locator("#f-result").get_by_role("checkbox", name="Done").check()
    page.locator("#f-result").get_by_role("button", name="OK").click()
    expect(page.locator("#chip-result")).to_contain_text("Done")
    page.locator("#chip-person").click()
    page.get_by_label("Find a person").fill("robert")
    page.locator("#f-person").get_by_role("radio", name=re.compile("Robert")).check()
    page.locator("#f-person").get_by_role("button", name="OK").click()
    expect(page.locator("#chip-person")).to_contain_text("Robert Berg")
    expect(page.locator("#log tr[data-row]").first).to_be_visible()


def test_a_search_that_finds_nothing_says_so_and_is_dropped(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/action-log/")
    search(page, "xylophon")
    expect(page.get_by_role("heading", name="No action called “xylophon”")).to_be_visible()
    page.get_by_role("link", name="Drop the filters").click()
    expect(page.locator("#log tr[data-row]").first).to_be_visible()


def test_the_log_is_downloaded_as_csv_as_it_is_filtered(house: House, browse: Browsers) -> None:
    eventful(house)
    page = browse(house.ada)
    page.goto("/action-log/?q=user.disable")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Export CSV").click()
    text = downloading.value.path().read_bytes().decode("utf-8-sig")
    entries = list(csv.DictReader(io.StringIO(text)))
    assert [entry["code"] for entry in entries] == ["user.disable"]
    assert entries[0]["actor"] == "Ada Lindqvist"
    assert entries[0]["target"] == "Robert Berg"
    page.goto("/action-log/")
    expect(page.locator("#log")).to_contain_text("log.export")
