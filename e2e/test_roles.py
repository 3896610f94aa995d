"""Roles in the browser: switched in the matrix, felt at once in another browser; roles of one's own; reasons."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog, find, open_menu, toast
from e2e.people import House
from fleetfolk.access.models import Role


def switch(page: Page, role: str, permission: str) -> None:
    page.get_by_role("checkbox", name=f"{role}: {permission}", exact=True).click()


@pytest.mark.feature("C2")
def test_a_role_is_edited_and_an_open_page_of_another_browser_obeys(house: House, browse: Browsers) -> None:
    cleo, bob = house.person("Cleo Staff", role="Staff"), house.person("Bob Berg")
    theirs = browse(cleo)
    find(theirs, "Bob Berg")
    menu = open_menu(theirs, bob)
    expect(menu.get_by_role("menuitem", name="Disable…")).to_be_visible()
    theirs.keyboard.press("Escape")

    page = browse(house.ada)
    page.goto("/roles/")
    page.get_by_role("link", name="Edit", exact=True).click()
    switch(page, "Staff", "Disable and enable users")
    expect(page.locator("#changes")).to_contain_text("1 change to Staff, not saved.")
    expect(page.locator("#changes")).to_contain_text("1 person: lose “Disable and enable users”.")
    page.get_by_role("button", name="Review and save").click()
    expect(dialog(page)).to_contain_text("0 added, 1 removed. 1 person is affected.")
    dialog(page).get_by_role("button", name="Save").click()
    toast(page, "The role Staff is saved.")

    # Cleo's page was open all the time: what it still offers is refused, and the next menu does not offer it.
    theirs.goto(f"/users/{bob.pk}/disable/")
    expect(theirs.get_by_role("main")).to_contain_text("Your role does not include this.")
    find(theirs, "Bob Berg")
    expect(open_menu(theirs, bob).get_by_role("menuitem", name="Disable…")).to_have_count(0)


def test_switches_bring_along_what_they_need(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/roles/?edit=1")
    switch(page, "User", "Delete users")
    expect(page.get_by_role("checkbox", name="User: View users", exact=True)).to_be_checked()
    expect(page.locator("#changes")).to_contain_text("“Delete users” needs “View users”.")
    expect(page.locator("td.chg")).to_have_count(2)
    switch(page, "User", "View users")
    expect(page.get_by_role("checkbox", name="User: Delete users", exact=True)).not_to_be_checked()
    expect(page.locator("td.chg")).to_have_count(0)
    expect(page.locator("#changes")).to_contain_text("Nothing is switched yet.")


def test_a_role_of_ones_own_is_made_given_and_deleted(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    page.goto("/roles/")
    page.get_by_role("link", name="New role").click()
    dialog(page).get_by_label("Name").fill("Installer")
    dialog(page).get_by_label("Begin with").select_option("Staff")
    dialog(page).get_by_role("button", name="Create the role").click()
    toast(page, "The role “Installer” is there.")
    expect(page.get_by_role("link", name="Installer")).to_be_visible()

    page.goto(f"/users/{bob.pk}/edit/")
    page.get_by_label("Role").select_option("Installer")
    page.get_by_role("button", name="Save").click()
    toast(page, "Bob Berg is saved.")
    page.goto("/roles/")
    page.get_by_role("button", name="What can be done to Installer").click()
    page.get_by_role("menuitem", name="Delete…").click()
    expect(dialog(page)).to_contain_text("1 person has it.")
    dialog(page).get_by_label("Its people get").select_option("User")
    dialog(page).get_by_role("button", name="Delete the role").click()
    toast(page, "The role “Installer” is deleted.")
    expect(page.get_by_role("link", name="Installer")).to_have_count(0)
    assert not Role.objects.filter(tenant=house.root, name="Installer").exists()
    page.goto(f"/users/{bob.pk}/")
    expect(page.locator("#role-of")).to_have_text("User")


@pytest.mark.feature("B5")
def test_why_somebody_cannot_is_said_in_steps(house: House, browse: Browsers) -> None:
    cleo, bob = house.person("Cleo Staff", role="Staff"), house.person("Bob Berg")
    page = browse(house.ada)
    page.goto(f"/users/{cleo.pk}/permissions/")
    expect(page.get_by_role("main")).to_contain_text(f"By the role Staff, in {house.root.name} and below it.")
    page.get_by_role("link", name="Why can somebody…?").click()
    page.get_by_label("Action").select_option("Delete user")
    page.get_by_label("Target").press_sequentially("bob be", delay=20)
    page.get_by_role("radio", name=re.compile("Bob Berg")).click()  # What is chosen takes the place of the choice.
    expect(page.get_by_role("main")).to_contain_text("No: Cleo Staff cannot do “Delete user”.")
    expect(page.get_by_role("main")).to_contain_text("Roles that do: Admin.")
    expect(page).to_have_url(re.compile(rf"target={bob.pk}"))
    page.get_by_label("Action").select_option("Disable user")
    expect(page.get_by_role("main")).to_contain_text("Yes: Cleo Staff can do “Disable user”.")


@pytest.mark.feature("C2")
def test_a_role_differs_in_one_organization_until_it_is_as_above_again(house: House, browse: Browsers) -> None:
    north, south = house.branch("North"), house.branch("South")
    cleo = house.person("Cleo North", role="Staff", at=north)
    sue = house.person("Sue South", role="Staff", at=south)
    bea, ben = house.person("Bea North", at=north), house.person("Ben South", at=south)
    page = browse(house.ada)
    page.goto("/roles/")
    page.get_by_role("link", name="For all organizations").click()
    dialog(page).get_by_label("Find an organization").fill("nor")
    dialog(page).get_by_role("link", name=re.compile("North")).click()
    expect(page.get_by_role("main")).to_contain_text("These are the switches for North and what is below it.")
    page.get_by_role("link", name="Edit", exact=True).click()
    switch(page, "Staff", "Disable and enable users")
    expect(page.locator("#changes")).to_contain_text("1 person: lose “Disable and enable users”.")
    page.get_by_role("button", name="Review and save").click()
    expect(dialog(page)).to_contain_text("Save these switches for North?")
    dialog(page).get_by_role("button", name="Save").click()
    toast(page, "The role Staff is saved.")
    expect(page.locator("td.differs")).to_have_count(1)
    expect(page.locator("th.role", has_text="differs here")).to_contain_text("Staff")

    theirs, others = browse(cleo), browse(sue)
    theirs.goto(f"/users/{bea.pk}/disable/")
    expect(theirs.get_by_role("main")).to_contain_text("Your role does not include this.")
    others.goto(f"/users/{ben.pk}/disable/")
    expect(others.get_by_role("button", name=re.compile("Disable"))).to_be_visible()

    page.get_by_role("button", name="What can be done to Staff").click()
    page.get_by_role("menuitem", name="As above…").click()
    expect(dialog(page)).to_contain_text("Disable and enable users")
    dialog(page).get_by_role("button", name="As above").click()
    toast(page, "The role Staff is in North what it is above.")
    expect(page.locator("td.differs")).to_have_count(0)
    theirs.reload()
    expect(theirs.get_by_role("button", name=re.compile("Disable"))).to_be_visible()
