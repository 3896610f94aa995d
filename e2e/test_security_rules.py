"""An admin says how long one stays signed in and what a password must be like; open browsers and fields obey."""

import datetime as dt

from allauth.usersessions.models import UserSession
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import toast
from e2e.people import House
from fleetfolk.kernel import clock


def test_an_unused_browser_is_signed_out_and_a_weak_password_is_not_taken(house: House, browse: Browsers) -> None:
    cleo = house.person("Cleo Staff", role="Staff", at=house.root)
    there = browse(cleo)
    there.goto("/users/")
    expect(there.get_by_role("heading", level=1)).to_have_text("Users")

    here = browse(house.ada)
    here.goto("/settings/")
    here.get_by_label("Signed out when unused").select_option(label="After 15 minutes")
    here.get_by_label("Shortest password").select_option(label="12 characters")
    here.get_by_label("Letters and digits in passwords").select_option(label="On")
    here.get_by_role("button", name="Save the rules").click()
    toast(here, "The rules are saved.")

    there.reload()
    expect(there.get_by_role("heading", level=1)).to_have_text("Users")
    UserSession.objects.filter(user=cleo).update(last_seen_at=clock.now() - dt.timedelta(minutes=16))
    there.get_by_role("link", name="Devices").first.click()
    there.wait_for_url("**/sign-in/**")
    assert not UserSession.objects.filter(user=cleo).exists()

    here.goto(f"/users/{cleo.pk}/password/")
    expect(here.locator("main")).to_contain_text("At least 12 characters, with a letter and a digit.")
    field = here.get_by_label("New password")
    field.fill("a quiet lantern")
    here.get_by_role("button", name="Set the password").click()
    expect(here.locator("main")).to_contain_text("at least one letter and one digit")
    here.get_by_label("New password").fill("a quiet lantern 7")
    here.get_by_role("button", name="Set the password").click()
    cleo.refresh_from_db()
    expect(here.locator("main")).not_to_contain_text("at least one letter and one digit")
