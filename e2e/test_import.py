"""The main job: people of another system, from its own export, in the list and managed."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import at_rest, choose, dialog, find, row, search, toast
from e2e.people import House, mail_to
from fleetfolk.demo.models import Mail
from fleetfolk.users.models import User

EXPORTS = Path(__file__).parent.parent / "src/fleetfolk/users/tests/importing/exports"


def drop(page: Page, name: str, content: bytes) -> None:
    """The file is dragged onto the page."""
    transfer = page.evaluate_handle(
        """([name, bytes]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], name, {type: "text/csv"}));
          return transfer;
        }""",
        [name, list(content)],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.locator("[data-drop]").dispatch_event(event, {"dataTransfer": transfer})
    expect(page.locator("[data-drop-name]")).to_have_text(name)


def upload(page: Page, name: str, content: bytes) -> None:
    """The file is read, and its columns are shown."""
    page.goto("/users/")
    page.get_by_role("link", name="Import").click()
    drop(page, name, content)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Columns of the file")).to_be_visible()


def import_all(page: Page) -> None:
    """Every row is checked, and what can go in has gone in."""
    page.get_by_role("button", name="Check all rows").click()
    page.get_by_role("button", name=re.compile("^Import ")).click(timeout=30_000)
    expect(page.locator("#job-panel")).to_contain_text("Took", timeout=30_000)


def figures(page: Page) -> dict[str, str]:
    """The figures of a report by their names."""
    shown = page.locator(".ff-stats > div")
    return {
        shown.nth(at).locator("dt").inner_text(): re.findall(r"[\d,]+", shown.nth(at).locator("dd").inner_text())[0]
        for at in range(shown.count())
    }


@pytest.mark.parametrize(
    "file", [pytest.param("excel-german-sep-line.csv", id="Vorname;Name;E-Mail;Handy;Standort;Schlagwörter")]
)
def test_a_list_from_german_excel_goes_in_and_is_found_edited_disabled_and_restored(
    house: House, browse: Browsers, file: str
) -> None:
    house.location("Filiale Köln; Süd")
    page = browse(house.ada)
    upload(page, "kunden.csv", (EXPORTS / file).read_bytes())
    expect(page.get_by_label("Vorname")).to_have_value("first_name")
    expect(page.get_by_label("Handy")).to_have_value("phone")
    page.get_by_label("Handy").select_option("Leave out")
    at_rest(page)
    page.get_by_label("Handy").select_option("Phone")
    preview = page.locator("section", has=page.get_by_role("heading", name="Preview"))
    expect(preview).to_contain_text("Jörg Weber")
    expect(preview).to_contain_text("+4915123456789")
    import_all(page)
    assert figures(page)["New"] == "1"
    assert figures(page)["Left out"] == "1"
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the rows left out").click()
    report = downloading.value.path().read_bytes().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(report)))
    assert any("Krämer" in cell for cell in lines[1]), report

    joerg = User.objects.get(email="joerg@weber.example")
    find(page, "koln joerg")
    search(page, "weber köln")
    expect(row(page, joerg).locator("mark", has_text="Weber").first).to_be_visible()
    expect(row(page, joerg)).to_contain_text("Jörg Weber")
    expect(row(page, joerg)).to_contain_text("Pending")
    choose(page, joerg, "Edit…")
    dialog(page).get_by_label("Last name").fill("Weber-Krüger")
    dialog(page).get_by_role("button", name="Save").click()
    expect(row(page, joerg)).to_contain_text("Weber-Krüger")
    choose(page, joerg, "Disable…")
    dialog(page).get_by_role("button", name="Disable 1 user").click()
    expect(row(page, joerg)).to_contain_text("Disabled")
    choose(page, joerg, "Enable")
    expect(row(page, joerg)).to_contain_text("Pending")
    choose(page, joerg, "Delete…")
    dialog(page).get_by_label("Type DELETE to confirm").fill("DELETE")
    dialog(page).get_by_role("button", name="Delete 1 user").click()
    expect(row(page, joerg)).to_contain_text("Deletion pending")
    choose(page, joerg, "Restore")
    toast(page, "Jörg Weber-Krüger is restored.")
    expect(row(page, joerg)).to_contain_text("Pending")
    assert not Mail.objects.filter(to=joerg.email).exists()


@pytest.mark.parametrize(
    ("file", "people"),
    [
        pytest.param(
            "hubspot.csv",
            2,
            id="HubSpot: Record ID,First Name,Last Name,Email,Phone Number,Contact owner,… with a mark",
        ),
        pytest.param(
            "google-contacts-2016-utf-16.csv", 2, id="Google Contacts 2016: Name,Given Name,…,E-mail 1 - Value, UTF-16"
        ),
        pytest.param(
            "thingsboard-users-widget.csv",
            2,
            id="ThingsBoard: Created time;First name;Last name;Email;Authority;Customer title",
        ),
    ],
)
def test_exports_of_other_systems_go_in_and_again_changes_nobody(
    house: House, browse: Browsers, file: str, people: int
) -> None:
    page = browse(house.ada)
    content = (EXPORTS / file).read_bytes()
    upload(page, file, content)
    _leave_out(page, "organization", "role", "location")
    import_all(page)
    assert figures(page)["New"] == str(people)
    upload(page, file, content)
    _leave_out(page, "organization", "role", "location")
    page.get_by_role("button", name="Check all rows").click()
    expect(page.locator("#check-panel")).to_contain_text("There is nothing to add or change.", timeout=30_000)
    assert User.objects.filter(tenant=house.root).count() == people + 1


def _leave_out(page: Page, *fields: str) -> None:
    """No column feeds these fields: their values belong to the other system."""
    for field in fields:
        chosen = page.locator(f'#columns select:has(option[value="{field}"]:checked)')
        if chosen.count():
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                chosen.select_option("Leave out")
            expect(chosen).to_have_count(0)
            at_rest(page)


def test_invitations_of_an_import_go_out_only_where_asked_for(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    upload(page, "team.csv", b"Name,E-mail\nRosa Parks,rosa@parks.example\n")
    page.get_by_label("Send invitations").check()
    import_all(page)
    assert "/join/" in mail_to("rosa@parks.example")


def test_an_import_that_runs_is_cancelled_and_what_is_in_stays(house: House, browse: Browsers) -> None:
    rows = "".join(f"Person {number},person.{number}@many.example\n" for number in range(12_000))
    page = browse(house.ada)
    upload(page, "many.csv", f"Name,E-mail\n{rows}".encode())
    page.get_by_role("button", name="Check all rows").click()
    page.get_by_role("button", name=re.compile("^Import ")).click(timeout=90_000)
    page.get_by_role("button", name=re.compile("^Cancel")).click()
    expect(page.locator("#job-panel")).to_contain_text("Cancelled", timeout=30_000)
    assert User.objects.filter(tenant=house.root).count() < 12_000


def test_a_file_that_is_no_list_of_people_is_refused_in_a_sentence(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/users/import/")
    drop(page, "picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".form-hint.bad")).to_be_visible()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
