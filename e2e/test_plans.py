"""Plans: the operator of the installation gives a tenant one, its Admin meets the limit and reads whom to ask."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import choose, dialog, find, toast
from e2e.people import House, accepted, signed_in_at
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Plan
from fleetfolk.testing.cast import fresh
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.models import User

ADD = re.compile("Add (the first )?template")


def operator(house: House) -> User:
    """A Super Admin of the installation."""
    role = Role.objects.get(builtin=BuiltinRole.SUPER_ADMIN)
    data = InviteUserInput(first_name="Olga", last_name="Operator", email=house.address("Olga"), role_id=role.pk)
    invited = perform(InviteUser, actor=system_actor("setup", tenant_id=1), target_id=1, data=data).target
    olga = accepted(fresh(User.objects.get(pk=invited.pk)))
    signed_in_at(olga, clock.now())
    return fresh(olga)


@pytest.mark.feature("C3")
def test_a_tenant_gets_a_plan_meets_its_limit_and_gets_a_larger_one(house: House, browse: Browsers) -> None:
    page = browse(operator(house))
    page.goto("/plans/")
    page.get_by_role("link", name="New plan").click()
    made = dialog(page)
    made.get_by_label("Name", exact=True).fill(house.root.name)
    made.get_by_label("Whom to ask for more").fill("sales@fleetfolk.example")
    made.get_by_label("Users", exact=True).fill("2")
    made.get_by_label("Developers in an organization").fill("1")
    made.get_by_role("button", name="Create the plan").click()
    toast(page, f"The plan “{house.root.name}” is there.")
    expect(page.get_by_role("columnheader", name=house.root.name)).to_contain_text("0 tenants")
    page.get_by_label("Find a tenant").fill(house.root.name)
    page.get_by_role("button", name=f"Change the plan of {house.root.name}", exact=True).click()
    dialog(page).get_by_label("Plan").select_option(house.root.name)
    dialog(page).get_by_role("button", name="Save").click()
    toast(page, f"{house.root.name} has another plan.")
    expect(page.get_by_role("columnheader", name=house.root.name)).to_contain_text("1 tenant")

    ada = browse(house.ada)
    invite(ada, house.address("Bob"))
    expect(dialog(ada)).to_have_count(0)
    invite(ada, house.address("Cleo"))
    expect(dialog(ada)).to_contain_text("allows 2 users, and so many there are. To have more, ask sales@")
    ada.goto("/settings/usage/")
    expect(ada.get_by_text("of 2", exact=True)).to_be_visible()

    plan = Plan.objects.get(name=house.root.name)
    page.goto("/plans/")
    page.locator(f"#plan-{plan.pk}").click()
    dialog(page).get_by_label("Users", exact=True).fill("3")
    dialog(page).get_by_role("button", name="Save").click()
    toast(page, f"The plan “{house.root.name}” is saved.")
    invite(ada, house.address("Cleo"))
    expect(dialog(ada)).to_have_count(0)


def invite(page: Page, email: str) -> None:
    """Somebody is invited on the Users page."""
    page.goto("/users/")
    page.locator("#invite").click()
    dialog(page).get_by_label("First name").fill("New")
    dialog(page).get_by_label("Last name").fill("Person")
    dialog(page).get_by_label("E-mail").fill(email)
    dialog(page).get_by_role("button", name="Invite", exact=True).click()


@pytest.mark.feature("C7")
def test_developer_mode_is_switched_off_and_the_page_of_templates_offers_nothing(
    house: House, browse: Browsers
) -> None:
    abe = house.person("Abe Abel", role="Admin")
    page, his = browse(house.ada), browse(abe)
    his.goto("/templates/")
    expect(his.get_by_role("link", name=ADD).first).to_be_visible()
    find(page, "Abe Abel")
    choose(page, abe, "Switch developer mode off")
    toast(page, "Abe Abel is not in developer mode any more.")
    his.reload()
    expect(his.get_by_role("heading", name="Templates").first).to_be_visible()
    expect(his.get_by_role("link", name=ADD)).to_have_count(0)
    his.goto("/account/")
    his.get_by_role("button", name="Switch developer mode on").click()
    expect(his.get_by_role("button", name="Switch developer mode off")).to_be_visible()
    his.goto("/templates/")
    expect(his.get_by_role("link", name=ADD).first).to_be_visible()
