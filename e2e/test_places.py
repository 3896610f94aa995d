"""Locations: added, put on the map, filled with people and devices, called what one likes, and deleted."""

from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House
from fleetfolk.devices.models import Device
from fleetfolk.organizations.models import Location
from fleetfolk.testing.cast import fresh
from fleetfolk.testing.devices import device_of


def test_a_job_site_with_its_people_and_devices(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    house.person("Cleo Tal")
    device, _token = device_of(house.root, "Cellar pump")
    page = browse(house.ada)
    page.goto("/locations/")
    page.get_by_role("link", name="Choose the word…").click()
    dialog(page).get_by_label("Word").select_option(label="Job site")
    dialog(page).get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add the first job site").click()
    dialog(page).get_by_label("Name").fill("Depot")
    dialog(page).get_by_label("Coordinates").fill("53.55")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("Write it as two numbers")
    expect(dialog(page).get_by_label("Coordinates")).to_be_focused()
    dialog(page).get_by_label("Coordinates").fill("53.55, 9.99")
    page.keyboard.press("Enter")
    toast(page, "“Depot” is there.")
    page.goto("/locations/")
    page.locator("#places").get_by_role("link", name="Depot", exact=True).first.click()
    page.get_by_role("link", name="Assign people").click()
    expect(dialog(page).get_by_role("checkbox")).to_have_count(3)
    dialog(page).get_by_label("Search").fill("bob")
    expect(dialog(page).get_by_role("checkbox")).to_have_count(1)
    dialog(page).get_by_role("checkbox").check()
    dialog(page).get_by_role("button", name="Assign").click()
    toast(page, "1 assigned to Depot.")
    expect(page.locator("#place")).to_contain_text("Bob Berg")
    assert fresh(bob).location == Location.objects.get(organization=house.root)
    page.get_by_role("link", name="Assign devices").click()
    dialog(page).get_by_role("checkbox").check()
    dialog(page).get_by_role("button", name="Assign").click()
    expect(page.locator("#place")).to_contain_text("Cellar pump")
    page.get_by_role("button", name="Take Bob Berg away from here").click()
    toast(page, "Bob Berg is no longer assigned.")
    expect(page.locator("#place")).to_contain_text("Nobody is assigned here.")
    page.get_by_role("button", name="Delete").click()
    expect(dialog(page)).to_contain_text("people 0, devices 1")
    dialog(page).get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", name="No job sites yet")).to_be_visible()
    assert Device.objects.get(pk=device.pk).location_id is None
