"""A client lets a partner in for a day: the partner's page shows the devices, controls them, and loses them at once."""

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House
from e2e.templates import enabled
from fleetfolk.organizations.models import OrganizationKind
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging


@pytest.mark.feature("C7", "B3")
def test_a_client_lets_a_partner_in_for_a_day_and_out_again(house: House, browse: Browsers) -> None:
    client, partner = house.branch("Clinic"), house.branch("Cool Installers")
    with staging():
        partner.kind = OrganizationKind.INSTALLER
        partner.save(update_fields=["kind"])
    enabled(house, template_of(house.root))
    device, _token = device_of(client, "Cold room", template=template_of(house.root))
    clara = house.person("Clara Client", role="Admin", at=client)
    ivo = house.person("Ivo Installer", role="Staff", at=partner)

    there = browse(ivo)
    there.goto("/devices/")
    expect(there.locator("main")).not_to_contain_text("Cold room")

    here = browse(clara)
    here.goto("/guests/")
    here.get_by_role("link", name="Let a partner in").click()
    dialog(here).get_by_label("Partner").select_option(label="Cool Installers")
    dialog(here).get_by_text("See and control devices").click()
    dialog(here).get_by_label("For how long").select_option(label="One day")
    dialog(here).get_by_role("button", name="Let in").click()
    toast(here, "The partner is let in")
    expect(here.locator("main")).to_contain_text("See and control devices")

    there.reload()
    expect(there.locator("main")).to_contain_text("Cold room")
    expect(there.locator("main")).to_contain_text("Clinic")
    there.goto(f"/devices/{device.pk}/")
    expect(there.get_by_role("heading", level=1)).to_have_text("Cold room")
    there.goto("/account/organizations/")
    expect(there.get_by_role("heading", name="Clients that let you in")).to_be_visible()

    here.get_by_role("button", name="End Cool Installers").click()
    toast(here, "let in no more")
    answer = there.goto(f"/devices/{device.pk}/")
    assert answer is not None
    assert answer.status == 404
    there.goto("/devices/")
    expect(there.locator("main")).not_to_contain_text("Cold room")
