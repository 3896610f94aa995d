"""Devices come in, are claimed by their code, shared and taken back, each in a real browser."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast, undo
from e2e.people import House, link_in, mail_to
from e2e.templates import enabled
from fleetfolk.devices.models import Device
from fleetfolk.testing.cast import PASSWORD
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.users.models import User

PHONE = 390


def device_of_bob(house: House) -> tuple[Device, User]:
    """Bob's heat pump, in his family's organization."""
    bob = house.customer("Bob Berg")
    device, _token = device_of(bob.organization, "Heat pump", owner=bob, template=template_of(house.root))
    return device, bob


@pytest.mark.feature("C5")
def test_a_device_is_added_and_its_token_is_copied_once(house: House, browse: Browsers) -> None:
    template_of(house.root)
    page = browse(house.ada)
    page.goto("/devices/")
    page.locator("#add-device").click()
    dialog(page).get_by_label("Name").fill("Attic")
    dialog(page).get_by_role("button", name="Add device").click()
    token = dialog(page).locator("#token").inner_text()
    assert re.fullmatch(r"[\w-]{32}", token)
    dialog(page).get_by_role("button", name="Copy the three lines").click()
    toast(page, "copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f'#define BLYNK_AUTH_TOKEN "{token}"' in copied
    assert len(copied.splitlines()) == 3
    dialog(page).get_by_role("link", name="Open the device").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Attic")
    expect(page.locator("body")).not_to_contain_text(token)


@pytest.mark.feature("C5")
def test_a_boxed_device_is_claimed_on_a_telephone_and_taken_back(house: House, browse: Browsers) -> None:
    enabled(house, template_of(house.root))
    page, bob = browse(house.ada), house.customer("Bob Berg")
    page.goto("/devices/tokens/")
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Make tokens").click()
    expect(page.locator("#job-next")).to_be_visible(timeout=40_000)
    page.locator("#job-next").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^Download")).click()
    archive = zipfile.ZipFile(Path(download.value.path()))
    rows = list(csv.DictReader(io.StringIO(archive.read("tokens.csv").decode("utf-8-sig"))))
    assert len(rows) == len([name for name in archive.namelist() if name.startswith("qr/")]) == 2

    phone = browse(bob, width=PHONE)
    phone.goto(rows[0]["Claim address"])
    expect(phone.get_by_label("Code")).to_have_value(rows[0]["Claim code"])
    phone.get_by_role("button", name="Add the device").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(rows[0]["Name"])
    phone.goto(rows[0]["Claim address"])
    phone.get_by_role("button", name="Add the device").click()
    expect(phone.locator("body")).to_contain_text("not valid here")

    device = Device.objects.get(owner=bob)
    page.goto(f"/devices/{device.pk}/connection/")
    page.locator("#disclaim").click()
    dialog(page).get_by_role("button", name="Take back 1 device").click()
    toast(page, "is back in")
    phone.goto(f"/my/devices/{device.pk}/")
    expect(phone.locator("body")).not_to_contain_text(rows[0]["Name"])


@pytest.mark.feature("C8", "B3")
def test_a_device_is_shared_with_a_neighbour_who_has_no_account_and_revoked(house: House, browse: Browsers) -> None:
    device, bob = device_of_bob(house)
    page, address = browse(bob, width=PHONE), house.address("Nina")
    page.goto(f"/my/devices/{device.pk}/people/")
    page.get_by_label("Share with").fill(address)
    page.get_by_text("See and control").click()
    page.locator("#share-submit").click()
    toast(page, f"is shared with {address}")
    expect(page.locator("#sharing")).to_contain_text(address)

    neighbour = browse(width=PHONE)
    neighbour.goto(link_in(mail_to(address)))
    neighbour.get_by_label("New password").fill(PASSWORD)
    neighbour.get_by_role("button", name="Accept the invitation").click()
    expect(neighbour).to_have_url(re.compile(r"/$"))
    neighbour.goto(f"/my/devices/{device.pk}/")
    expect(neighbour.get_by_role("heading", level=1)).to_contain_text("Heat pump")

    page.get_by_role("button", name=re.compile("^Revoke")).click()
    toast(page, "no longer shared")
    expect(page.locator("#sharing")).not_to_contain_text(address)
    answer = neighbour.goto(f"/my/devices/{device.pk}/")
    assert answer is not None
    assert answer.status == 404


def test_a_deleted_device_is_brought_back(house: House, browse: Browsers) -> None:
    device, _bob = device_of_bob(house)
    page = browse(house.ada)
    page.goto(f"/devices/{device.pk}/delete/")
    page.get_by_role("button", name="Delete 1 device").click()
    expect(page).to_have_url(re.compile("/devices/deleted/$"))
    undo(page, "Heat pump is deleted.")
    toast(page, "Heat pump is restored.")
    page.goto(f"/devices/{device.pk}/delete/")
    page.get_by_role("button", name="Delete 1 device").click()
    toast(page, "Heat pump is deleted.")
    page.goto("/devices/deleted/")
    page.get_by_role("button", name="Restore Heat pump").click()
    toast(page, "Heat pump is restored.")
    expect(page.locator("#deleted")).to_contain_text("Nothing to restore")
