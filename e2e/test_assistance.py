"""Remote assistance from both sides, in two browsers at once."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog
from e2e.people import House, mail_to
from fleetfolk.assistance.models import Assistance
from fleetfolk.organizations.models import AssistanceRule, Organization
from fleetfolk.testing.cast import PASSWORD, fresh
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User

REASON = "Bathroom is cold in the morning"


def picture(page: Page, name: str) -> None:
    """A picture of the page, where somebody wants to look at it: FLEETFOLK_PICTURES names the folder."""
    folder = os.environ.get("FLEETFOLK_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def turned_on(house: House, rule: AssistanceRule) -> None:
    with staging():
        Organization.objects.filter(pk=house.root.pk).update(assistance_rule=rule)


def opened(page: Page, person: User) -> None:
    """The dialog about the person is open."""
    page.goto(f"/users/{person.pk}/")
    page.get_by_role("link", name="Remote assistance…").click()
    expect(dialog(page)).to_contain_text("You will see what")


def filled(page: Page, button: str, *, act: bool = False) -> None:
    """The dialog's form is filled in and sent."""
    dialog(page).get_by_label("Reason").fill(REASON)
    dialog(page).get_by_label("Ticket").fill("LH-88213")
    if act:
        dialog(page).get_by_text("Act for them").click()
    dialog(page).get_by_role("button", name=button, exact=True).click()


@pytest.mark.parametrize("rule", [AssistanceRule.WAIVED, AssistanceRule.ASK])
def test_a_page_that_was_open_before_tells_at_once(house: House, browse: Browsers, rule: AssistanceRule) -> None:
    turned_on(house, rule)
    bob = house.customer("Bob Berg")
    agent, customer = browse(house.ada), browse(bob)
    customer.goto("/")
    notice = customer.locator("#support-notice")
    expect(notice).to_be_empty()
    opened(agent, bob)
    filled(agent, "Start" if rule == AssistanceRule.WAIVED else "Ask")
    said = "is looking at your account" if rule == AssistanceRule.WAIVED else "asks to look at your account"
    expect(notice).to_contain_text(f"Ada Lindqvist{' of ' if rule == AssistanceRule.WAIVED else ' '}", timeout=4000)
    expect(notice).to_contain_text(said)


@pytest.mark.feature("B2")
def test_asked_answered_in_the_portal_looked_at_and_stopped_while_the_page_is_open(
    house: House, browse: Browsers
) -> None:
    turned_on(house, AssistanceRule.ASK)
    bob = house.customer("Bob Berg")
    agent, customer = browse(house.ada, minutes_ago=11), browse(bob)
    opened(agent, bob)
    picture(agent, "assist-ask")
    filled(agent, "Ask")
    expect(dialog(agent)).to_contain_text("Waiting for Bob Berg")
    picture(agent, "assist-waiting")

    customer.goto("/")
    notice = customer.locator("#support-notice")
    expect(notice).to_contain_text("Ada Lindqvist asks to look at your account")
    picture(customer, "customer-asked")
    notice.get_by_role("button", name="Let them in").click()

    expect(dialog(agent)).to_contain_text("Bob Berg said yes")
    dialog(agent).get_by_role("button", name="Start", exact=True).click()
    dialog(agent).get_by_label("Your own password").fill(PASSWORD)
    picture(agent, "assist-proof")
    dialog(agent).get_by_role("button", name="Start", exact=True).click()
    bar = agent.get_by_role("region", name="Remote assistance is running")
    expect(bar).to_contain_text("You are looking at Bob Berg’s account")
    expect(bar).to_contain_text("View only")
    assert agent.title().startswith("Assisting Bob Berg")
    picture(agent, "assist-session")

    # The agent's own console goes on in the next tab, as the agent.
    tab = agent.context.new_page()
    tab.goto("/users/")
    expect(tab.get_by_role("heading", name="Users", exact=True)).to_be_visible()
    expect(tab.get_by_text("Remote assistance is running")).to_have_count(0)
    tab.close()

    # Looking is all: what a script sends is refused, and the way on is offered.
    status = agent.evaluate(
        """async () => {
            const token = document.querySelector('meta[name="csrf-token"]').content;
            const body = new URLSearchParams({nickname: "Hacked", csrfmiddlewaretoken: token});
            return (await fetch(location.pathname + "account/", {method: "POST", body})).status;
        }"""
    )
    assert status == 403
    assert fresh(bob).nickname == ""

    # The customer sees it on the open page, and stops it; the agent's open page is left by itself.
    expect(notice).to_contain_text("Ada Lindqvist of", timeout=30_000)
    expect(notice).to_contain_text("is looking at your account")
    picture(customer, "customer-live")
    notice.get_by_role("button", name="Stop").click()
    expect(customer.get_by_text("is looking at your account")).to_have_count(0)
    expect(agent).to_have_url(f"/assistance/{Assistance.objects.get(user=bob).public_id}/", timeout=30_000)
    expect(agent.get_by_text("Stopped by the customer")).to_be_visible()
    picture(agent, "assist-record")

    text = mail_to(bob.email, containing="was in your account")
    assert REASON in text
    customer.goto("/account/support/")
    picture(customer, "customer-support")
    customer.get_by_role("link", name="Ada Lindqvist").click()
    expect(customer.get_by_text("Looked at Home")).to_be_visible()
    picture(customer, "customer-record")


def test_answered_by_the_link_of_a_mail(house: House, browse: Browsers) -> None:
    turned_on(house, AssistanceRule.ASK)
    bob = house.customer("Bob Berg")
    agent, signed_out = browse(house.ada), browse()
    opened(agent, bob)
    filled(agent, "Ask")
    link = next(word for word in mail_to(bob.email, containing="/support/").split() if "/support/" in word)
    signed_out.goto(link)
    assert not signed_out.url.endswith(link.rstrip("/").rpartition("/")[2] + "/")
    picture(signed_out, "mail-answer")
    signed_out.get_by_role("button", name="Let them in").click()
    expect(signed_out.get_by_role("heading", name="Ada Lindqvist may come in")).to_be_visible()
    expect(dialog(agent)).to_contain_text("Bob Berg said yes")
    signed_out.goto(link)
    expect(signed_out.get_by_role("heading", name="This link is over")).to_be_visible()


@pytest.mark.feature("I4", "B2")
@pytest.mark.parametrize("width", [1440, 390])
def test_allowed_beforehand_and_acted_in_under_both_names(house: House, browse: Browsers, width: int) -> None:
    turned_on(house, AssistanceRule.ASK)
    bob = house.customer("Bob Berg")
    agent, customer = browse(house.ada, width=width), browse(bob, width=width, theme="dark")
    customer.goto("/account/support/")
    picture(customer, f"customer-allow-{width}")
    customer.get_by_text("1 day").click()
    customer.get_by_text("look and change harmless things").click()
    customer.get_by_role("button", name="Allow").click()
    expect(customer.get_by_text("Support may look, and change harmless things, until")).to_be_visible()

    agent.goto(f"/assistance/of/{bob.pk}/")
    filled(agent, "Start", act=True)
    bar = agent.get_by_role("region", name="Remote assistance is running")
    expect(bar).to_contain_text("You act for them")
    picture(agent, f"assist-act-{width}")
    agent.goto(agent.url + "account/")
    agent.get_by_label("Nickname").fill("Bobby")
    with agent.expect_response(lambda answer: answer.request.method == "POST"):
        agent.get_by_role("button", name="Save").click()
    expect(agent.get_by_label("Nickname")).to_have_value("Bobby")
    assert fresh(bob).nickname == "Bobby"
    bar.get_by_role("button", name="Stop").click()
    expect(agent.get_by_text("Stopped by the assistant")).to_be_visible()
    expect(agent.get_by_text("Ada Lindqvist on behalf of Bob Berg")).to_be_visible()
    picture(agent, f"assist-acted-{width}")


def test_where_the_organization_waives_it_the_customer_is_told_at_once(house: House, browse: Browsers) -> None:
    turned_on(house, AssistanceRule.WAIVED)
    bob = house.customer("Bob Berg")
    agent = browse(house.ada)
    opened(agent, bob)
    expect(dialog(agent)).to_contain_text("Your organization lets you start without asking")
    filled(agent, "Start")
    expect(agent.get_by_role("region", name="Remote assistance is running")).to_be_visible()
    assert REASON in mail_to(bob.email, containing="is looking at your account now")
    customer = browse(bob)
    customer.goto("/")
    expect(customer.locator("#support-notice")).to_contain_text("is looking at your account")
    agent.goto(agent.url + "account/")
    agent.get_by_role("button", name="Stop").click()
    agent.goto("/assistance/")
    expect(agent.get_by_role("link", name="Bob Berg")).to_be_visible()
    picture(agent, "assist-list")
