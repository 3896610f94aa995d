"""The list of people taken along as a file: what it shows now, in the columns that were ticked."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import search
from e2e.people import House


def taken(page: Page) -> list[dict[str, str]]:
    """The rows of the file that the dialog gives."""
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Export CSV").click()
    text = Path(downloading.value.path()).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_the_list_shows_is_taken_along_in_the_columns_that_were_ticked(house: House, browse: Browsers) -> None:
    house.person("Bob Berg")
    house.person("Cleo Staff", role="Staff")
    page = browse(house.ada)
    page.goto("/users/")
    search(page, "bob")
    expect(page.locator("#people tr[data-row]")).to_have_count(1)
    page.get_by_role("link", name="Export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("with its search and filters")
    dialog.get_by_role("checkbox", name="Role").uncheck()
    dialog.get_by_role("checkbox", name="Phone").check()
    (bob,) = taken(page)
    assert bob["Name"] == "Bob Berg"
    assert "Phone" in bob
    assert "Role" not in bob


@pytest.mark.feature("U14")
def test_people_who_were_chosen_are_taken_along(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    house.person("Cleo Staff", role="Staff")
    page = browse(house.ada)
    page.goto("/users/")
    page.locator(f"#pick-{bob.pk}").check()
    page.locator("#bulk-more").click()
    page.get_by_role("menuitem", name="Export CSV").click()
    expect(page.get_by_role("dialog")).to_contain_text("The chosen user")
    assert [row["E-mail"] for row in taken(page)] == [bob.email]
