"""An owner gives a device away on a telephone: offered, taken, removed."""

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House, mail_to
from fleetfolk.devices.models import TemplateUse
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging

PHONE = 390


@pytest.mark.feature("C5")
def test_a_device_is_offered_taken_and_removed(house: House, browse: Browsers) -> None:
    bob, sue = house.customer("Bob Berg"), house.customer("Sue South")
    template = template_of(house.root)
    with staging():
        TemplateUse.objects.create(tenant=house.root, template=template, organization=house.root)
    device, _token = device_of(bob.organization, "Cellar", owner=bob, template=template)
    page = browse(bob, width=PHONE)
    page.goto(f"/my/devices/{device.pk}/about/")
    page.get_by_label("Give it to").fill(sue.email)
    page.get_by_role("button", name="Offer it").click()
    toast(page, "is offered to")
    expect(page.get_by_role("heading", name="Offered")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert "Bob Berg" in mail_to(sue.email, containing="offers you Cellar")
    other = browse(sue, width=PHONE)
    other.goto("/")
    expect(other.get_by_text("Bob Berg wants to give it to you.")).to_be_visible()
    assert other.evaluate("document.documentElement.scrollWidth") <= PHONE
    other.get_by_role("button", name="Take Cellar").click()
    toast(other, "Cellar is yours now.")
    other.get_by_role("link", name="Cellar", exact=True).click()
    page.goto("/")
    expect(page.get_by_role("link", name="Cellar", exact=True)).to_have_count(0)
    assert mail_to(bob.email, containing="to somebody else")
    other.get_by_role("link", name="About").click()
    other.get_by_role("link", name="Remove from my devices").click()
    dialog(other).get_by_role("button", name="Remove").click()
    toast(other, "Cellar is not yours any more.")
    expect(other.get_by_role("link", name="Cellar", exact=True)).to_have_count(0)
