"""Scenes of devices: the fleet, one device, sites, how devices come in, and what customers see of theirs.

All but a few only look, and what one looks at is there once (`e2e.fleet`): the scenes of one group play one after the
other in one page. So each begins by going somewhere.
"""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.fleet import Fleet
from e2e.pages import dialog
from e2e.test_assistance import filled, opened, turned_on
from e2e.test_import import drop
from fleetfolk.organizations.models import AssistanceRule

Way = Callable[[Page, Fleet], object]
GROUPS: dict[str, dict[str, Way]] = {}
"""By group, in the order of playing: the ways to its scenes."""
NOBODY_YET = "nothing"
"""The group whose person is the Ada of a tenant without devices."""
PORTAL = frozenset({"portal", "portal-device"})
"""The groups whose person is Bob, a customer."""
ASSISTED = "assisted"
CSV = "Name,Serial number\nKellerpumpe,SN-9001\n,SN-9002\n"


def scene(group: str, name: str) -> Callable[[Way], Way]:
    """The function leads to the scene of this name."""

    def register(way: Way) -> Way:
        GROUPS.setdefault(group, {})[name] = way
        return way

    return register


def at(group: str, name: str, address: str, *, shows: str = "main") -> None:
    """The scene is a page: its address, in which `{pump}` is that device's key; and what is there once it is drawn."""

    @scene(group, name)
    def _(page: Page, fleet: Fleet) -> None:
        page.goto(_address(address, fleet))
        expect(page.locator(shows).first).to_be_visible()


def asked(group: str, name: str, address: str, opener: str) -> None:
    """The scene is a dialog: on which page, and what opens it."""

    @scene(group, name)
    def _(page: Page, fleet: Fleet) -> None:
        page.goto(_address(address, fleet))
        page.locator(opener).first.click()
        expect(dialog(page)).to_be_visible()


def chosen(group: str, name: str, entry: str) -> None:
    """The scene is a dialog that an entry of the heat pump's menu opens."""

    @scene(group, name)
    def _(page: Page, fleet: Fleet) -> None:
        page.goto(f"/devices/{fleet.pump.pk}/connection/")
        page.locator("#more").click()
        page.get_by_role("menuitem", name=entry).click()
        expect(dialog(page)).to_be_visible()


def _address(address: str, fleet: Fleet) -> str:
    keys = {name: getattr(fleet, name).pk for name in ("pump", "asleep", "van", "long", "japanese", "site", "bob")}
    return address.format(**keys)


at(NOBODY_YET, "devices-none", "/devices/")
at(NOBODY_YET, "devices-map-none", "/devices/map/")
at(NOBODY_YET, "device-tokens-no-template", "/devices/tokens/")
at(NOBODY_YET, "devices-deleted-none", "/devices/deleted/")

at("fleet", "devices", "/devices/", shows="#fleet tr[data-row]")
at("fleet", "devices-filtered", "/devices/?q=w%C3%A4rme&status=online", shows="#fleet mark")
at("fleet", "devices-nobody-found", "/devices/?q=xylophon")
at("fleet", "devices-map", "/devices/map/", shows=".ff-map path.ff-pin")
at("fleet", "devices-deleted", "/devices/deleted/")
at("fleet", "person-with-devices", "/users/{bob}/devices/", shows=".ff-map path.ff-pin")
at("fleet", "find-device", "/find/?q=pump")
at("fleet", "lookup-device", "/lookup/?q=SN-4700", shows="#hits mark")


@scene("fleet", "devices-filter-open")
def _(page: Page, _fleet: Fleet) -> None:
    page.goto("/devices/?status=online")
    page.locator("#chip-status").click()
    expect(page.locator("#f-status").get_by_role("checkbox").first).to_be_visible()


@scene("fleet", "devices-menu-open")
def _(page: Page, fleet: Fleet) -> None:
    page.goto("/devices/")
    page.locator(f"#more-{fleet.pump.pk}").click()
    expect(page.get_by_role("menuitem").first).to_be_visible()


@scene("fleet", "palette-devices")
def _(page: Page, _fleet: Fleet) -> None:
    page.goto("/devices/")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("pump")
    expect(page.get_by_role("option").first).to_be_visible()


@scene("fleet", "devices-failing")
def _(page: Page, _fleet: Fleet) -> None:
    page.goto("/devices/")
    page.context.set_offline(True)
    page.get_by_label("Search devices").fill("pump")
    expect(page.locator("[data-failure]")).to_be_visible()
    page.context.set_offline(False)


at("device", "device", "/devices/{pump}/", shows="#history canvas")
at("device", "device-timeline", "/devices/{pump}/timeline/")
at("device", "device-timeline-nothing", "/devices/{pump}/timeline/?level=content")
at("device", "device-metadata", "/devices/{pump}/metadata/")
at("device", "device-metadata-editing", "/devices/{pump}/metadata/place/", shows="#row-place input:not([type=hidden])")
at("device", "device-access", "/devices/{pump}/access/")
at("device", "device-log", "/devices/{pump}/log/")
at("device", "device-connection", "/devices/{pump}/connection/")
at("device", "device-long-name", "/devices/{long}/")
at("device", "device-japanese", "/devices/{japanese}/metadata/")
asked("device", "dialog-device-rename", "/devices/{pump}/connection/", "#rename-device")
asked("device", "dialog-token-replace", "/devices/{pump}/connection/", "#rotate")
asked("device", "dialog-share-change", "/devices/{pump}/access/", "[id^=share-edit]")
chosen("device", "dialog-device-owner", "Set owner…")
chosen("device", "dialog-device-transfer", "Transfer…")
chosen("device", "dialog-device-deactivate", "Deactivate…")
chosen("device", "dialog-device-delete", "Delete…")

at("coming-in", "device-tokens", "/devices/tokens/")
at("coming-in", "device-import", "/devices/import/")
asked("coming-in", "dialog-device-create", "/devices/", "#add-device")


@scene("coming-in", "device-token-shown")
def _(page: Page, _fleet: Fleet) -> None:
    page.goto("/devices/")
    page.locator("#add-device").click()
    dialog(page).get_by_label("Name").fill("Attic")
    dialog(page).get_by_role("button", name="Add device").click()
    expect(dialog(page).locator("#token")).to_be_visible()


@scene("coming-in", "device-import-report")
def _(page: Page, _fleet: Fleet) -> None:
    page.goto("/devices/import/")
    drop(page, "geräte.csv", CSV.encode())
    page.get_by_label("Template where the row names none").select_option(label="Heat pump")
    page.get_by_text("Only check the rows").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#job-panel")).to_contain_text("Took", timeout=30_000)


at("sites", "sites", "/locations/", shows=".ff-map path.ff-pin")
at("sites", "site", "/locations/{site}/", shows=".ff-map path.ff-pin")
at("sites", "sites-nothing-found", "/locations/?q=xylophon")
asked("sites", "dialog-site-new", "/locations/", "#create-place")
asked("sites", "dialog-site-word", "/locations/", "#choose-word")
asked("sites", "dialog-site-people", "/locations/{site}/", "#assign-people")
asked("sites", "dialog-site-devices", "/locations/{site}/", "#assign-devices")
asked("sites", "dialog-site-delete", "/locations/{site}/", "#delete-place")

at("portal", "portal-tiles", "/", shows="#tiles [data-when=live]")
at("portal", "portal-claim", "/my/devices/claim/")
at("portal", "portal-set-up", "/my/devices/set-up/")
at("portal", "portal-no-connection", "/offline/")
at("portal", "portal-asked-fields", "/account/", shows="#asked-title")


@scene("portal", "portal-claim-wrong")
def _(page: Page, _fleet: Fleet) -> None:
    page.goto("/my/devices/claim/")
    page.get_by_label("Code").fill("sqr_" + "x" * 32)
    page.get_by_role("button", name="Add the device").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()


@scene("portal", "portal-data-making")
def _(page: Page, _fleet: Fleet) -> None:
    page.goto("/account/data/")
    button = page.get_by_role("button", name="Request the file")
    if button.is_visible():
        button.click()
    expect(page.locator("#making")).to_be_visible()


at("portal-device", "portal-device", "/my/devices/{pump}/", shows="#history canvas")
at("portal-device", "portal-device-offline", "/my/devices/{asleep}/", shows=".ff-dashboard.asleep")
at("portal-device", "portal-device-on-the-map", "/my/devices/{van}/", shows=".ff-map path.ff-pin")
at("portal-device", "portal-device-timeline", "/my/devices/{pump}/timeline/")
at("portal-device", "portal-device-people", "/my/devices/{pump}/people/")
at("portal-device", "portal-device-about", "/my/devices/{pump}/about/")


@scene("portal-device", "portal-device-connection-lost")
def _(page: Page, fleet: Fleet) -> None:
    page.route("**/live/**", lambda route: route.abort())
    page.goto(f"/my/devices/{fleet.pump.pk}/")
    expect(page.get_by_text("Connection lost, trying again")).to_be_visible()
    page.unroute("**/live/**")


def _inside(page: Page, fleet: Fleet, *, act: bool) -> None:
    turned_on(fleet.house, AssistanceRule.WAIVED)
    opened(page, fleet.sue)
    filled(page, "Start", act=act)
    page.get_by_role("link", name="Sauna", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sauna")


@scene(ASSISTED, "assist-device-viewing")
def _(page: Page, fleet: Fleet) -> None:
    _inside(page, fleet, act=False)
    expect(page.get_by_text("You are only looking")).to_be_visible()


@scene(ASSISTED, "assist-device-acting")
def _(page: Page, fleet: Fleet) -> None:
    page.get_by_role("button", name=re.compile("^Stop")).first.click()
    expect(page.get_by_text("Stopped by the assistant")).to_be_visible()
    _inside(page, fleet, act=True)
    expect(page.get_by_role("switch", name="Power")).to_be_enabled()
