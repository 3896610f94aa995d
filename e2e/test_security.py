"""Second factors and sessions in a real browser: passkeys by a virtual authenticator, codes, sessions that end."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House, link_in, mail_to
from e2e.test_sign_in import sign_in
from fleetfolk.testing.cast import PASSWORD, fresh
from fleetfolk.testing.door import staging
from fleetfolk.users.tests.test_second_factor import code

SECURITY = "/account/security/"


def plug_in(page: Page) -> tuple[Any, str]:
    """An authenticator that verifies its owner, in this browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(added["authenticatorId"])


def add_passkey(page: Page) -> None:
    page.goto(SECURITY)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def add_app(page: Page) -> tuple[str, str]:
    """The secret of the app that was added, and the code that added it."""
    page.goto("/account/second-factor/app/")
    secret = page.locator(".ff-secret").inner_text().replace(" ", "")
    shown = code(secret)
    page.get_by_label("The code that the app shows now").fill(shown)
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return secret, shown


def sign_out(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in/")


@pytest.mark.feature("B10")
def test_a_passkey_is_added_signs_in_alone_and_is_removed(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    plug_in(page)
    add_passkey(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("main")).to_contain_text("Passkey · Telephone")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    page.goto(SECURITY)
    expect(page.get_by_role("main")).to_contain_text("last used")
    page.get_by_role("link", name="Remove the passkey Telephone").click()
    dialog(page).get_by_role("button", name="Remove").click()
    toast(page, "The second factor is removed.")
    expect(page.get_by_role("main")).to_contain_text("None. Your password alone signs in")


def test_after_the_password_the_passkey_is_asked_for_and_a_stranger_stays_outside(
    house: House, browse: Browsers
) -> None:
    page = browse(house.ada)
    plug_in(page)
    add_passkey(page)
    sign_out(page)
    sign_in(page, house.ada.email)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.goto("/users/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.goto("/sign-in/second-factor/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).not_to_have_url(re.compile("sign-in"))

    stranger = browse()
    stranger.goto("/sign-in/")
    sign_in(stranger, house.ada.email)
    expect(stranger.get_by_role("heading", name="One more step")).to_be_visible()
    stranger.get_by_label("Recovery code").fill("0000 0000")
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    expect(stranger.get_by_role("main")).to_contain_text("This code is not right")


def test_a_passkey_proves_in_the_open_dialog(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    plug_in(page)
    add_passkey(page)
    page.context.clear_cookies()
    old = browse(house.ada, minutes_ago=11)
    page.context.add_cookies(old.context.cookies())  # type: ignore[arg-type]
    page.goto(f"/users/{bob.pk}/disable/")
    page.get_by_role("button", name="Disable 1 user").click()
    expect(page.get_by_label("Your own password")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(rf"/users/{bob.pk}/"))
    expect(page.locator("[data-toast]", has_text="Bob Berg is disabled.")).to_be_visible()
    assert not fresh(bob).is_active


@pytest.mark.feature("B10")
def test_codes_of_an_app_and_recovery_codes_sign_in_once(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    secret, used = add_app(page)
    recovery = page.locator(".ff-codes code").first.inner_text()
    sign_out(page)
    sign_in(page, house.ada.email)
    page.get_by_label("Code", exact=True).fill(used)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("was used before")
    page.get_by_label("Code", exact=True).fill(code(secret, steps=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    sign_out(page)
    sign_in(page, house.ada.email)
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    page.goto(SECURITY)
    expect(page.get_by_role("main")).to_contain_text("9 left")


def test_a_session_is_ended_while_its_page_is_open(house: House, browse: Browsers) -> None:
    here, there = browse(house.ada), browse(house.ada)
    there.goto("/users/")
    here.goto(SECURITY)
    expect(here.get_by_text("This browser")).to_have_count(1)
    here.get_by_role("button", name=re.compile("^End the session")).click()
    toast(here, "You are signed out there.")
    expect(here.get_by_role("button", name=re.compile("^End the session"))).to_have_count(0)
    there.get_by_role("searchbox").first.fill("bob")
    expect(there).to_have_url(re.compile("/sign-in/"))
    here.reload()
    expect(here.get_by_text("This browser")).to_have_count(1)


def test_the_address_changes_by_the_link_in_the_mail(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(bob)
    page.goto(SECURITY)
    page.locator("#change-email").click()
    new = f"new.{bob.email}"
    dialog(page).get_by_label("New e-mail").fill(new)
    dialog(page).get_by_role("button", name="Send the link").click()
    toast(page, "A link is on its way")
    expect(page.get_by_role("main")).to_contain_text("waits to be confirmed")
    assert "asked that your account uses" in mail_to(bob.email, containing="Nothing changes before")
    other = browse()
    other.goto(link_in(mail_to(new, containing="Confirm it here")))
    other.get_by_role("button", name="Use this address").click()
    expect(other.get_by_role("heading", name="Your address is changed")).to_be_visible()
    # The open page is told, and goes there by itself.
    expect(page).to_have_url(re.compile("/sign-in/"))
    sign_in(page, new)
    expect(page).not_to_have_url(re.compile("sign-in"))


@pytest.mark.feature("B10")
def test_where_a_second_factor_is_asked_for_the_way_there_is_the_only_one(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    plug_in(page)
    page.goto("/users/")
    with staging():
        type(house.ada.organization).objects.filter(pk=house.ada.organization_id).update(second_factor_rule=True)
    page.get_by_role("searchbox").first.fill("bob")
    expect(page.get_by_role("heading", name="Add a second factor")).to_be_visible()
    page.goto("/users/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/users/")
    expect(page.get_by_role("heading", name="Users")).to_be_visible()


@pytest.mark.parametrize("person", ["ada", "bob"])
def test_signing_in_with_the_password_needs_no_script_of_passkeys(house: House, browse: Browsers, person: str) -> None:
    someone = house.ada if person == "ada" else house.person("Bob Berg")
    page = browse()
    page.goto("/sign-in/")
    sign_in(page, someone.email, PASSWORD)
    expect(page).not_to_have_url(re.compile("sign-in"))
