"""The pages of organizations, for the check of access and for pictures."""

from playwright.sync_api import expect

from e2e.people import House
from e2e.scenes import Stage, scene
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.devices import device_of


def build_tree(house: House) -> tuple[Organization, Organization, Organization]:
    """Two branches, an installer below one of them with a customer, and people and devices here and there."""
    north, south = house.branch("Lumen Home Norden"), house.branch("Lumen Home Süd")
    installer = house.branch("Wärmetechnik Brandstätter GmbH", below=north)
    customer = house.branch("Familie Weißenberg", below=installer)
    house.branch("Casa do Mar", below=south)
    house.person("Søren Møller-Kristiansen", role="Admin", at=north)
    house.person("Trần Thị Thu Lan", role="Admin", at=south)
    house.person("Zoë Brandstätter", role="Admin", at=installer)
    house.person("Annegret Oberhuber-Weißenberg", at=customer)
    device_of(customer, "Wärmepumpe im Keller")
    device_of(south, "Büro")
    return north, south, customer


@scene("organizations", on_its_own=True)
def organizations(stage: Stage) -> None:
    """The tree with some branches open."""
    north, _south, customer = build_tree(stage.house)
    stage.page.goto(f"/organizations/?open={north.pk}&open={customer.parent_id}")


@scene("organizations-list", on_its_own=True)
def organizations_list(stage: Stage) -> None:
    """The same as a list, by how many people there are."""
    build_tree(stage.house)
    stage.page.goto("/organizations/?sort=users")


@scene("organization", on_its_own=True)
def organization(stage: Stage) -> None:
    """One organization."""
    _north, _south, customer = build_tree(stage.house)
    stage.page.goto(f"/organizations/{customer.parent_id}/")


@scene("organization-users", on_its_own=True)
def organization_users(stage: Stage) -> None:
    """Its people and those below."""
    north, _south, _customer = build_tree(stage.house)
    stage.page.goto(f"/organizations/{north.pk}/users/")


@scene("organization-log", on_its_own=True)
def organization_log(stage: Stage) -> None:
    """What was done there."""
    north, _south, _customer = build_tree(stage.house)
    stage.page.goto(f"/organizations/{north.pk}/log/")


@scene("organization-create", on_its_own=True)
def organization_create(stage: Stage) -> None:
    """A new one, with its first Admin."""
    build_tree(stage.house)
    stage.page.goto("/organizations/")
    stage.page.get_by_role("link", name="New organization").click()
    expect(stage.page.locator("dialog[open]")).to_be_visible()


@scene("organization-transfer", on_its_own=True)
def organization_transfer(stage: Stage) -> None:
    """Where it goes, and who gains and loses what."""
    _north, south, customer = build_tree(stage.house)
    stage.page.goto(f"/organizations/{customer.parent_id}/")
    stage.page.get_by_role("button", name="Actions for").click()
    stage.page.get_by_role("menuitem", name="Transfer…").click()
    stage.page.locator("dialog[open]").get_by_label(south.name).check()
    expect(stage.page.locator("dialog[open]")).to_contain_text("It will stand here:")
