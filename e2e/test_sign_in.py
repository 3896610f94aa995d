"""Signing in and out, and what somebody is told who may not."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.people import House, link_in, mail_to
from fleetfolk.testing.cast import PASSWORD


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_ada_signs_in_where_she_wanted_to_go_and_out_again(house: House, browse: Browsers) -> None:
    page = browse()
    page.goto("/users/?sort=name")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
    sign_in(page, house.ada.email)
    expect(page).to_have_url(re.compile(r"/users/\?sort=name$"))
    page.get_by_role("navigation").get_by_role("button", name=re.compile("Ada Lindqvist")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.goto("/users/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_keyboard_alone_signs_in(house: House, browse: Browsers) -> None:
    page = browse()
    page.goto("/sign-in/")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(house.ada.email)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/users/"))


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(house: House, browse: Browsers) -> None:
    pending = house.invited("Paula Pending")
    said = []
    for email, password in (
        (house.ada.email, "not her password"),
        ("nobody@nowhere.example", PASSWORD),
        (pending.email, PASSWORD),
        (house.disabled(house.person("Dora Disabled")).email, "not her password"),
    ):
        page = browse()
        page.goto("/sign-in/")
        sign_in(page, email, password)
        said.append(page.get_by_role("alert").inner_text())
        expect(page.get_by_label("E-mail")).to_have_value(email)
        expect(page.get_by_label("Password", exact=True)).to_be_focused()
    assert len(set(said)) == 1, said


def test_a_disabled_person_with_the_right_password_is_told_so(house: House, browse: Browsers) -> None:
    bob = house.disabled(house.person("Bob Berg"))
    page = browse()
    page.goto("/sign-in/")
    sign_in(page, bob.email)
    expect(page.get_by_role("main")).to_contain_text("disabled")


@pytest.mark.feature("C6")
def test_a_forgotten_password_is_replaced_by_a_link_from_the_mail_that_works_once(
    house: House, browse: Browsers
) -> None:
    bob = house.person("Bob Berg")
    page = browse()
    page.goto("/sign-in/")
    page.get_by_role("link", name="Forgotten?").click()
    page.get_by_label("E-mail").fill(bob.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    link = link_in(mail_to(bob.email, containing="somebody, probably you"))
    page.goto(link)
    page.get_by_label("New password").fill("three blue kettles sing")
    page.get_by_label("The same again").fill("three blue kettles sing")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    page.goto("/sign-in/")
    sign_in(page, bob.email, "three blue kettles sing")
    expect(page).not_to_have_url(re.compile("sign-in"))
    other = browse()
    other.goto(link)
    expect(other.get_by_role("heading", name="This link does not work any more")).to_be_visible()


def test_asking_for_a_link_answers_alike_for_an_address_that_nobody_has(house: House, browse: Browsers) -> None:
    page = browse()
    page.goto("/password/forgotten/")
    page.get_by_label("E-mail").fill("nobody@nowhere.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
