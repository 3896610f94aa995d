"""From an invitation to somebody who is signed in, and all that can go wrong with its mail."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import choose, dialog, find, hold, row, toast, undo
from e2e.people import House, link_in, mail_to
from fleetfolk.kernel import clock
from fleetfolk.users.models import INVITATION_LASTS, User

NEW_PASSWORD = "three blue kettles sing"


def join(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()


@pytest.mark.feature("U7")
def test_whom_ada_invites_gets_a_mail_joins_and_is_active_in_her_list(house: House, browse: Browsers) -> None:
    house.location("Atrium")
    email = house.address("Grace")
    page = browse(house.ada)
    page.goto("/users/")
    page.get_by_role("link", name="Invite user").click()
    form = dialog(page)
    expect(form.get_by_label("First name")).to_be_focused()
    form.get_by_label("First name").fill("Grace")
    form.get_by_label("Last name").fill("Høpper")
    form.get_by_label("E-mail").fill(f"  {email.upper()} ")
    form.get_by_label("Role").select_option("Staff")
    form.get_by_label("Location").select_option("Atrium")
    form.get_by_label("Phone").fill("030 901820")
    form.get_by_role("button", name="Invite", exact=True).click()
    toast(page, f"Invitation sent to {email}.")
    grace = User.objects.get(email=email)
    expect(row(page, grace)).to_contain_text("Pending")
    expect(row(page, grace)).to_contain_text("Atrium")

    guest = browse()
    join(guest, link_in(mail_to(email)))
    expect(guest).to_have_url(re.compile(r"/users/$"))
    expect(guest.get_by_role("navigation").get_by_role("button", name=re.compile("Grace Høpper"))).to_be_visible()

    page.reload()
    expect(row(page, grace)).to_contain_text("Active")
    grace.refresh_from_db()
    assert grace.phone.endswith("30901820")


def test_an_invitation_with_mistakes_says_them_beside_the_fields_and_keeps_what_was_typed(
    house: House, browse: Browsers
) -> None:
    page = browse(house.ada)
    page.goto("/users/invite/")
    page.goto("/users/")
    page.get_by_role("link", name="Invite user").click()
    form = dialog(page)
    form.get_by_label("Last name").fill("Høpper")
    form.get_by_label("E-mail").fill("grace at example")
    form.get_by_role("button", name="Invite", exact=True).click()
    expect(form.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("E-mail")).to_be_focused()
    expect(form.get_by_label("Last name")).to_have_value("Høpper")
    form.get_by_label("E-mail").fill(house.ada.email)
    form.get_by_role("button", name="Invite", exact=True).click()
    expect(form).to_contain_text("already")


def test_an_address_that_has_an_account_elsewhere_gets_the_same_answer_and_another_mail(
    house: House, browse: Browsers
) -> None:
    branch = house.branch("Berlin")
    bob = house.person("Bob Berg", at=branch)
    page = browse(house.ada)
    page.goto("/users/?scope=here")
    page.get_by_role("link", name="Invite user").click()
    form = dialog(page)
    form.get_by_label("First name").fill("Robert")
    form.get_by_label("E-mail").fill(bob.email)
    form.get_by_role("button", name="Invite", exact=True).click()
    toast(page, f"Invitation sent to {bob.email}.")
    text = mail_to(bob.email, containing="There is an account with your address already")
    assert house.ada.name in text
    assert "/join/" not in text


def test_a_link_works_once_and_then_says_so(house: House, browse: Browsers) -> None:
    bob = house.invited("Bob Berg")
    link = link_in(mail_to(bob.email))
    join(browse(), link)
    other = browse()
    other.goto(link)
    expect(other.get_by_role("heading", name="This link does not work any more")).to_be_visible()


def test_a_link_that_is_older_than_a_month_says_that_it_is_over(house: House, browse: Browsers) -> None:
    with clock.at(dt.datetime.now(dt.UTC) - INVITATION_LASTS - dt.timedelta(hours=1)):
        bob = house.invited("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob Berg")
    expect(row(page, bob).get_by_title(re.compile("expired"))).to_be_visible()


def test_resending_makes_a_new_link_and_ends_the_first(house: House, browse: Browsers) -> None:
    bob = house.invited("Bob Berg")
    first = link_in(mail_to(bob.email))
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Resend invitation")
    toast(page, f"Invitation sent again to {bob.email}.")
    second = link_in(mail_to(bob.email, number=2))
    guest = browse()
    guest.goto(first)
    expect(guest.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    join(guest, second)
    expect(guest).to_have_url(re.compile(r"/$"))


def test_a_mistyped_address_is_corrected_and_only_the_new_one_can_join(house: House, browse: Browsers) -> None:
    bob = house.invited("Bob Berg")
    first = link_in(mail_to(bob.email))
    right = house.address("Robert")
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Correct address…")
    expect(dialog(page).get_by_label("E-mail")).to_have_value(bob.email)
    dialog(page).get_by_label("E-mail").fill(right)
    dialog(page).get_by_role("button", name="Send the invitation").click()
    toast(page, f"Invitation sent to {right}.")
    expect(row(page, bob)).to_contain_text(right)
    guest = browse()
    guest.goto(first)
    expect(guest.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    join(guest, link_in(mail_to(right)))
    expect(guest).to_have_url(re.compile(r"/$"))


def test_a_revoked_invitation_is_over_until_it_is_sent_again(house: House, browse: Browsers) -> None:
    bob = house.invited("Bob Berg")
    link = link_in(mail_to(bob.email))
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Revoke invitation")
    hold(page, "The invitation of Bob Berg is revoked.")
    guest = browse()
    guest.goto(link)
    expect(guest.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    undo(page, "The invitation of Bob Berg is revoked.")
    toast(page, "Invitation sent again")
    join(guest, link_in(mail_to(bob.email, number=2)))
    expect(guest).to_have_url(re.compile(r"/$"))


def test_somebody_who_is_signed_in_already_is_asked_before_another_joins_in_that_browser(
    house: House, browse: Browsers
) -> None:
    bob = house.invited("Bob Berg")
    page = browse(house.ada)
    page.goto(link_in(mail_to(bob.email)))
    expect(page.get_by_role("heading", name="Somebody is signed in here")).to_be_visible()
    page.get_by_role("button", name="Sign Ada Lindqvist out").click()
    expect(page.get_by_role("heading", name="Join Lumen Home")).to_be_visible()
