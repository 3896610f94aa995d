"""Templates: from an empty list to a device model that others may use, and along as a file."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog, search, toast, undo
from e2e.people import House, auditor_role
from e2e.templates import made
from fleetfolk.devices.models import Datastream, EventKind, Template
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging


def add(page: Page) -> None:
    """The dialog of one more part is open."""
    page.locator("#create-part, .ff-empty .btn-primary").first.click()
    expect(dialog(page)).to_be_visible()


def test_the_first_template_is_added_with_its_datastreams(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Templates").click()
    expect(page.get_by_role("heading", name="No templates yet")).to_be_visible()
    page.get_by_role("link", name="Add the first template").click()
    dialog(page).get_by_label("Name", exact=True).fill("Air sensor")
    dialog(page).get_by_label("Picture").select_option(label="Wind")
    dialog(page).get_by_label("Offline after").fill("5")
    dialog(page).get_by_role("button", name="Add the template").click()
    expect(dialog(page).get_by_label("Offline after")).to_be_focused()
    expect(dialog(page)).to_contain_text("between 10 and 604800")
    dialog(page).get_by_label("Offline after").fill("120")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No datastreams yet")).to_be_visible()
    template = Template.objects.get(tenant=house.root)
    add(page)
    expect(dialog(page).get_by_label("Name", exact=True)).to_be_focused()
    expect(dialog(page).get_by_label("Pin")).to_have_value("0")
    page.keyboard.type("Carbon dioxide")
    dialog(page).get_by_label("Minimum").fill("400")
    dialog(page).get_by_label("Maximum").fill("5000")
    dialog(page).get_by_label("Units").fill("ppm")
    dialog(page).get_by_role("button", name="Add the datastream").click()
    toast(page, "The datastream “Carbon dioxide” is there.")
    expect(page.locator("#tab")).to_contain_text("400 … 5,000 ppm")
    expect(page.locator("#create-part")).to_be_visible()
    add(page)
    expect(dialog(page).get_by_label("Pin")).to_have_value("1")
    dialog(page).get_by_label("Name", exact=True).fill("Fan")
    expect(dialog(page).get_by_label("Entries")).to_be_hidden()
    dialog(page).get_by_label("Type").select_option(label="One of a list")
    expect(dialog(page).get_by_label("Minimum")).to_be_hidden()
    dialog(page).get_by_label("Entries").fill("0 Off #6\n1 Slow\n2 Fast #4")
    dialog(page).get_by_label("People can set it").check()
    dialog(page).get_by_role("button", name="Add the datastream").click()
    expect(page.locator("#tab")).to_contain_text("Slow")
    assert [one.name for one in Datastream.objects.filter(template=template).order_by("pin")] == [
        "Carbon dioxide",
        "Fan",
    ]


def test_what_devices_have_reported_keeps_its_type_and_goes_by_a_word(house: House, browse: Browsers) -> None:
    template = made(house)
    with staging():
        device, _token = device_of(house.root, template=template)
        type(device.reported).objects.filter(device=device).update(values={"2": 21.5}, times={"2": 1})
    page = browse(house.ada)
    page.goto(f"/templates/{template.pk}/datastreams/")
    page.get_by_role("button", name="Edit Temperature").click()
    expect(dialog(page)).to_contain_text("reported by 1 device, so its type and pin stay")
    dialog(page).get_by_label("Type").select_option(label="Text")
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page).get_by_label("Type")).to_be_focused()
    expect(dialog(page)).to_contain_text("devices that have reported it, 1")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete Temperature").click()
    expect(dialog(page)).to_contain_text("1 device reports it")
    expect(dialog(page).get_by_role("button", name="Delete the datastream")).to_be_disabled()
    page.keyboard.type("DELETE")
    page.keyboard.press("Enter")
    toast(page, "The datastream “Temperature” is deleted.")
    expect(page.get_by_role("button", name="Delete Temperature")).to_have_count(0)


def test_events_and_metadata_are_added_by_keyboard(house: House, browse: Browsers) -> None:
    template = made(house)
    page = browse(house.ada)
    page.goto(f"/templates/{template.pk}/")
    tabs = page.get_by_role("navigation", name="Template Heat pump")
    tabs.get_by_role("link", name="Events").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/events/$"))
    expect(page.locator("#tab-body")).to_be_focused()
    page.locator("#create-part").press("Enter")
    expect(dialog(page).get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Door open")
    dialog(page).get_by_label("Code").fill("door-open")
    dialog(page).get_by_label("The owner").check()
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("A code has letters")
    expect(dialog(page).get_by_label("Code")).to_be_focused()
    dialog(page).get_by_label("Code").fill("door_open")
    page.keyboard.press("Enter")
    toast(page, "The event “Door open” is there.")
    expect(page.locator("#tab")).to_contain_text("door_open")
    assert EventKind.objects.get(template=template, code="door_open").notify == ["owner"]
    page.go_back()
    expect(page.get_by_role("heading", name="In the firmware")).to_be_visible()


def test_a_template_is_limited_and_archived_and_comes_back(house: House, browse: Browsers) -> None:
    template = made(house)
    house.branch("Nord")
    page = browse(house.ada)
    page.goto(f"/templates/{template.pk}/organizations/")
    expect(page.locator("#tab")).to_contain_text("Every organization")
    page.get_by_role("link", name="Limit…").click()
    dialog(page).get_by_role("button", name="Disable it there").click()
    expect(page.locator("#tab")).not_to_contain_text("Every organization")
    add(page)
    page.keyboard.type("Nord")
    page.keyboard.press("Enter")
    toast(page, "Nord may use “Heat pump”.")
    expect(page.locator("#tab")).to_contain_text("Nord")
    page.get_by_role("button", name="Actions for Heat pump").click()
    page.get_by_role("menuitem", name="Archive…").click()
    dialog(page).get_by_role("button", name="Archive the template").click()
    undo(page, "“Heat pump” is archived.")
    toast(page, "“Heat pump” is back.")
    expect(page.get_by_text("Nothing new is made from this template")).to_have_count(0)
    assert Template.objects.get(pk=template.pk).archived_at is None


def test_a_template_goes_to_another_installation_as_a_file(house: House, browse: Browsers, tmp_path: Path) -> None:
    template = made(house)
    page = browse(house.ada)
    page.goto(f"/templates/{template.pk}/")
    page.get_by_role("button", name="Actions for Heat pump").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as a file").click()
    assert download.value.suggested_filename == "heat-pump.json"
    record = json.loads(download.value.path().read_text(encoding="utf-8"))
    record["datastreams"][0]["pin"] = "V900"
    record["template"]["name"] = "Second pump"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(record), encoding="utf-8")
    page.goto("/templates/import/")
    page.locator('input[type="file"]').set_input_files(wrong)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("datastreams[0].pin")
    record["datastreams"][0]["pin"] = "V90"
    page.get_by_label("Or its text").fill(json.dumps(record))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Import “Second pump”")).to_be_visible()
    expect(page.locator("main")).to_contain_text("gets a new one")
    page.get_by_role("button", name="Import the template").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Second pump")
    assert Template.objects.get(tenant=house.root, name="Second pump").datastreams.filter(pin=90).exists()


def test_whoever_may_only_look_looks(house: House, browse: Browsers) -> None:
    template = made(house)
    role = auditor_role(house)
    with staging():
        role.permissions = sorted({*role.permissions, "templates.view"})
        role.save(update_fields=["permissions"])
    page = browse(house.person("Dana Auditor", role="Auditor"))
    page.goto("/templates/")
    search(page, "hp-12")
    expect(page.locator("#templates mark")).to_have_text("HP-12")
    page.get_by_role("link", name="Heat pump").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heat pump")
    expect(page.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
    page.goto(f"/templates/{template.pk}/datastreams/")
    expect(page.get_by_role("button", name="Edit Mode")).to_have_count(0)
