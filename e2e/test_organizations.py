"""An operator creates a customer with its Admin, works inside it, transfers it, and puts it away."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House, link_in, mail_to
from e2e.scenes_of_organizations import build_tree
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import fresh
from fleetfolk.users.models import User

PASSWORD = "three blue kettles sing"


def act(page: Page, organization: Organization, entry: str) -> None:
    """An entry of the menu of the organization's row is clicked."""
    page.locator(f'tr[data-row="{organization.pk}"]').get_by_role("button", name=re.compile("^Actions for")).click()
    page.locator(f"#menu-{organization.pk}").get_by_role("menuitem", name=entry).click()


def names(page: Page) -> list[str]:
    return page.locator("#tree tr[data-row] .name").all_inner_texts()


@pytest.mark.feature("C4")
def test_a_customer_is_created_with_its_admin_who_then_works_there(house: House, browse: Browsers) -> None:
    north = house.branch("North")
    page = browse(house.ada)
    page.goto("/organizations/")
    act(page, north, "New organization below")
    form = dialog(page)
    expect(form).to_contain_text("Below North")
    form.get_by_label("Name", exact=True).fill("Familie Weißenberg")
    form.get_by_label("First name").fill("Annegret")
    form.get_by_role("button", name="Create organization").click()
    expect(form).to_contain_text("The invitation needs an address to go to.")
    form.get_by_label("Last name").fill("Weißenberg")
    form.get_by_label("E-mail").fill("annegret@weissenberg.example")
    form.get_by_role("button", name="Create organization").click()
    toast(page, "Familie Weißenberg is there.")
    page.get_by_role("button", name="Open North").click()
    expect(page.locator("#tree")).to_contain_text("Familie Weißenberg")
    assert names(page) == [house.root.name, "North", "Familie Weißenberg"]
    page.reload()
    expect(page.get_by_role("button", name="Close North")).to_be_visible()

    annegret = browse()
    annegret.goto(link_in(mail_to("annegret@weissenberg.example", containing="invite")))
    annegret.get_by_label("New password").fill(PASSWORD)
    annegret.get_by_role("button", name="Accept the invitation").click()
    expect(annegret.get_by_role("navigation").get_by_role("button", name=re.compile("Annegret"))).to_be_visible()
    person = fresh(User.objects.get(email="annegret@weissenberg.example"))
    assert (person.organization.name, person.role.builtin, person.is_active) == ("Familie Weißenberg", "admin", True)
    annegret.goto("/organizations/")
    expect(annegret.locator("#tree")).to_contain_text("Familie Weißenberg")
    assert names(annegret) == ["Familie Weißenberg"]


def test_a_transfer_says_first_what_it_means_and_takes_everything_along(house: House, browse: Browsers) -> None:
    north, south, customer = build_tree(house)
    installer = Organization.objects.get(children=customer)
    page = browse(house.ada)
    page.goto(f"/organizations/?open={north.pk}")
    act(page, installer, "Transfer…")
    form = dialog(page)
    form.locator("#place-query").fill("süd")
    form.get_by_label("Lumen Home Süd").check()
    expect(form).to_contain_text(f"{house.root.name} › Lumen Home Süd › Wärmetechnik Brandstätter GmbH")
    expect(form).to_contain_text("Trần Thị Thu Lan")
    expect(form).to_contain_text("Søren Møller-Kristiansen")
    expect(form.get_by_role("button", name="Transfer it")).to_be_disabled()
    form.get_by_label("Type TRANSFER to confirm").fill("TRANSFER")
    form.get_by_role("button", name="Transfer it").click()
    toast(page, "Wärmetechnik Brandstätter GmbH is transferred.")
    expect(page.get_by_role("button", name="Open Lumen Home Süd")).to_be_visible()
    customer.refresh_from_db()
    assert customer.path.startswith(south.path)
    assert User.objects.get(first_name="Annegret", tenant=house.root).path == customer.path


@pytest.mark.feature("C4")
def test_to_work_inside_and_back_and_to_put_it_away(house: House, browse: Browsers) -> None:
    north, _south, customer = build_tree(house)
    annegret = browse(User.objects.get(first_name="Annegret", tenant=house.root))
    annegret.goto("/")
    page = browse(house.ada)
    page.goto("/organizations/")
    act(page, north, "Work inside it")
    expect(page.get_by_text("You work in Lumen Home Norden.")).to_be_visible()
    page.goto("/organizations/")
    expect(page.locator("#tree")).not_to_contain_text("Lumen Home Süd")
    page.get_by_role("button", name=re.compile("^Back to")).click()
    expect(page.get_by_text("You work in")).to_have_count(0)
    page.goto(f"/organizations/{customer.pk}/")
    page.get_by_role("button", name="Actions for").click()
    page.get_by_role("menuitem", name="Archive…").click()
    dialog(page).get_by_role("button", name="Archive it").click()
    toast(page, "is archived.")
    expect(page.locator("#organization")).to_contain_text("nobody of it can sign in")
    hers = annegret.context.new_page()  # The first one may be on its way to the sign-in by itself.
    hers.goto("/")
    expect(hers).to_have_url(re.compile("sign-in"))
    page.get_by_role("button", name="Actions for").click()
    page.get_by_role("menuitem", name="Restore").click()
    toast(page, "is restored.")
    assert fresh(User.objects.get(first_name="Annegret", tenant=house.root)).is_active
