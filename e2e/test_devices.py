"""The fleet in the console: found, told apart, seen on a map, corrected where it stands, and dealt with."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import answered, at_rest, dialog, search, toast, undo
from e2e.people import House
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import Device, Event, Level, MetadataField, MetadataKind
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User


def fleet(house: House, *names: str, owner: User | None = None, **columns: object) -> list[Device]:
    """Devices of these names, owned by Bob Berg unless somebody else is given."""
    owner = owner or house.person("Bob Berg")
    devices = [device_of(house.root, name, owner=owner)[0] for name in names]
    with staging():
        for number, device in enumerate(devices):
            Device.objects.filter(pk=device.pk).update(serial=f"SN-47{number:02}", **columns)
    return devices


def rows(page: Page) -> list[str]:
    """The devices in the list, from the top."""
    at_rest(page)
    return page.locator("#fleet tr[data-row] .name").all_inner_texts()


def test_a_device_is_found_while_one_types_by_name_serial_or_owner(house: House, browse: Browsers) -> None:
    fleet(house, "Cellar pump", "Attic fan", "Sauna")
    page = browse(house.ada)
    page.goto("/devices/")
    expect(page.locator("#total")).to_contain_text("3 devices")
    page.keyboard.press("/")
    page.keyboard.type("sn-4701")
    answered(page, "sn-4701")
    assert rows(page) == ["Attic fan"]
    expect(page.locator("#fleet mark").first).to_be_visible()
    search(page, "bob berg cellar")
    expect(page.locator("#fleet .name")).to_have_text(["Cellar pump"])
    page.locator("#search").fill("zebra")
    expect(page.get_by_role("heading", name="No device found for “zebra”")).to_be_visible()


def test_a_filter_and_a_sort_have_an_address_that_brings_them_back(house: House, browse: Browsers) -> None:
    devices = fleet(house, "Cellar pump", "Attic fan")
    with staging():
        Device.objects.filter(pk=devices[0].pk).update(deactivated_at=devices[0].created_at)
    page = browse(house.ada)
    page.goto("/devices/")
    page.locator("#chip-status").click()
    page.locator("#f-status").get_by_text("Deactivated").click()
    page.locator("#f-status").get_by_role("button", name="OK").click()
    expect(page.locator("#fleet .name")).to_have_text(["Cellar pump"])
    expect(page).to_have_url(re.compile("status=deactivated"))
    page.goto("/devices/?sort=template&dir=desc")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Template")
    assert rows(page) == ["Attic fan", "Cellar pump"]


def test_the_list_is_walked_by_keys_and_a_device_opens_by_enter(house: House, browse: Browsers) -> None:
    fleet(house, "Attic fan", "Cellar pump")
    page = browse(house.ada)
    page.goto("/devices/")
    page.locator("#fleet .name").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cellar pump")


def test_the_map_shows_those_with_a_place_and_lists_them_beside(house: House, browse: Browsers) -> None:
    fleet(house, "Cellar pump", latitude=50.1, longitude=8.7)
    page = browse(house.ada)
    page.goto("/devices/")
    page.get_by_role("link", name="Map").click()
    expect(page.locator("#places")).to_contain_text("Cellar pump")
    expect(page.locator(".ff-map path.ff-pin")).to_have_count(1)
    expect(page.locator(".ff-map path.ff-land").first).to_be_attached()
    page.locator("#search").fill("nothing like it")
    expect(page.get_by_role("heading", name="None of these devices has a place")).to_be_visible()
    page.locator("#search").fill("cellar")
    expect(page.locator(".ff-map path.ff-pin")).to_have_count(1)


def test_a_field_is_corrected_where_it_stands_by_keyboard(house: House, browse: Browsers) -> None:
    (pump,) = fleet(house, "Cellar pump")
    with staging():
        field = MetadataField.objects.create(
            tenant_id=pump.tenant_id, template_id=pump.template_id, name="Power", kind=MetadataKind.NUMBER, units="kW"
        )
    page = browse(house.ada)
    page.goto(f"/devices/{pump.pk}/")
    page.get_by_role("link", name="Metadata").click()
    expect(page).to_have_url(re.compile("/metadata/$"))
    row = page.locator(f"#row-field-{field.pk}")
    row.hover()
    row.get_by_role("button", name="Edit Power").click()
    expect(row.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("warm")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("This is not a number")
    row.get_by_role("textbox").fill("9,5")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("9.5 kW")
    expect(row.get_by_role("button", name="Edit Power")).to_be_focused()


def test_an_event_is_commented_resolved_and_taken_back(house: House, browse: Browsers) -> None:
    (pump,) = fleet(house, "Cellar pump")
    with staging():
        event = Event.objects.create(
            tenant_id=pump.tenant_id, device=pump, code="leak", level=Level.CRITICAL, title="Leak", description="Wet."
        )
    page = browse(house.ada)
    page.goto(f"/devices/{pump.pk}/timeline/")
    item = page.locator(f"#event-{event.pk}")
    item.locator("summary").click()
    item.get_by_role("textbox", name="Comment on Leak").fill("The seal is old.")
    page.keyboard.press("Enter")
    expect(page.locator(f"#event-{event.pk}")).to_contain_text("The seal is old.")
    item.get_by_role("button", name="Resolve").click()
    expect(item).to_contain_text("Resolved by")
    undo(page, "“Leak” is resolved.")
    expect(item).not_to_contain_text("Resolved by")
    item.get_by_role("button", name="Archive Leak").click()
    toast(page, "“Leak” is archived.")
    expect(item).to_have_count(0)
    page.locator("#tl-show").select_option("archived")
    expect(page.locator(f"#event-{event.pk}")).to_be_visible()


def test_a_device_is_renamed_and_deactivated_from_its_page(house: House, browse: Browsers) -> None:
    (pump,) = fleet(house, "Cellar pump")
    page = browse(house.ada)
    page.goto(f"/devices/{pump.pk}/")
    page.locator("#rename-device").click()
    dialog(page).get_by_label("Name").fill("Boiler")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Boiler")
    page.locator("#more").click()
    page.get_by_role("menuitem", name="Deactivate").click()
    dialog(page).get_by_role("button", name="Deactivate 1 device").click()
    expect(page.locator("#device-header")).to_contain_text("is deactivated")
    undo(page, "Boiler is deactivated.")
    expect(page.locator("#device-header")).not_to_contain_text("is deactivated")
    codes = Entry.objects.filter(target_type="devices.Device", target_id=pump.pk).values_list("code", flat=True)
    assert {"device.rename", "device.deactivate", "device.activate"} <= set(codes)


def test_an_agent_finds_a_customer_by_the_serial_number_of_their_device(house: House, browse: Browsers) -> None:
    fleet(house, "Cellar pump")
    page = browse(house.ada)
    page.goto("/lookup/")
    page.keyboard.type("SN-4700")
    answered(page, "SN-4700")
    hit = page.locator("#hits li").first
    expect(hit).to_contain_text("Bob Berg")
    expect(hit).to_contain_text("Serial number SN-4700 (Cellar pump)")
    expect(page.locator("#pane")).to_contain_text("Cellar pump")


@pytest.mark.feature("N4")
def test_the_profile_shows_somebody_s_devices_and_their_map(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    fleet(house, "Cellar pump", owner=bob, latitude=50.1, longitude=8.7)
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    page.locator("#tab-devices").click()
    expect(page).to_have_url(re.compile("/devices/$"))
    expect(page.locator("#tab-body")).to_contain_text("Cellar pump")
    expect(page.locator(".ff-map path.ff-pin")).to_have_count(1)


def test_the_fleet_is_cards_on_a_phone_and_nothing_scrolls_sideways(house: House, browse: Browsers) -> None:
    (pump,) = fleet(house, "A device with a name that is nearly as long as names may be", latitude=1, longitude=1)
    page = browse(house.ada)
    page.set_viewport_size({"width": 390, "height": 844})
    tabs = ("", "timeline/", "metadata/", "access/", "log/", "connection/")
    for path in ("/devices/", "/devices/map/", *(f"/devices/{pump.pk}/{tab}" for tab in tabs)):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
