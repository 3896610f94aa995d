"""Scenes of the settings, of switches at one place, of signing up, and of names that run from right to left."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from e2e.pages import dialog, find, open_menu, toast
from e2e.scenes import Stage, at, scene
from e2e.test_sign_up import offer
from fleetfolk.organizations.actions import DeleteTag, DeleteTagInput

ARABIC = "ليلى حداد"

at("settings-webhooks-none", "/settings/webhooks/")
at("settings-webhook-page", "/settings/webhooks/new/")
at("settings-programs-none", "/settings/programs/")
at("settings-branding", "/settings/branding/")
at("settings-sign-up", "/settings/sign-up/")
at("settings-usage", "/settings/usage/")
at("settings-push-mail", "/settings/push-mail/")
at("settings-of-another", "/settings/organizations/")
at("roles-editing", "/roles/?edit=1")
at("account-keys", "/account/keys/")
at("guests", "/guests/")
at("account-organizations", "/account/organizations/")


def _opened(name: str, address: str, label: str) -> None:
    """The dialog that a link of the page opens."""

    def way(stage: Stage) -> None:
        stage.page.goto(address)
        stage.page.get_by_role("link", name=label).first.click()
        expect(dialog(stage.page)).to_be_visible()

    scene(name)(way)


_opened("dialog-webhook", "/settings/webhooks/", "Add webhook")
_opened("dialog-program", "/settings/programs/", "Let a program in")
_opened("dialog-key", "/account/keys/", "New key")
_opened("dialog-places", "/roles/", "For all organizations")
_opened("dialog-partner", "/guests/", "Let a partner in")


@scene("users-types-open")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    stage.page.locator("#chip-type").click()
    expect(stage.page.locator("#f-type").get_by_role("checkbox").first).to_be_visible()


@scene("roles-of-one-place", on_its_own=True)
def _(stage: Stage) -> None:
    north = stage.house.branch("Donaudampfschifffahrtsgesellschaft Wärmepumpenwartung Nord")
    stage.page.goto(f"/roles/?for={north.pk}&edit=1")
    expect(stage.page.get_by_role("main")).to_contain_text("These are the switches for")


@scene("settings-sign-up-open", on_its_own=True)
def _(stage: Stage) -> None:
    offer(stage.page, "Everybody", approve=True)


@scene("dialog-sign-up-link", on_its_own=True)
def _(stage: Stage) -> None:
    offer(stage.page, "Everybody")
    stage.page.locator("#rotate-link").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("sign-up", on_its_own=True)
def _(stage: Stage) -> None:
    link = offer(stage.page, "Everybody")
    stage.page.context.clear_cookies()
    stage.page.goto(urlsplit(link).path)
    expect(stage.page.get_by_role("button", name="Send the mail")).to_be_visible()


@scene("settings-tag-deleted", on_its_own=True)
def _(stage: Stage) -> None:
    stage.house.tagged(stage.house.person("Bob Berg"), tag := stage.house.tag("Wartung überfällig", 4))
    stage.house.tag("VIP")
    stage.house.does(DeleteTag, tag.pk, DeleteTagInput())
    stage.page.goto("/settings/tags/")
    expect(stage.page.get_by_role("heading", name="Deleted tags")).to_be_visible()


@scene("settings-branding-wrong", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto("/settings/branding/")
    stage.page.get_by_label("Colour", exact=False).first.fill("terracotta")
    stage.page.get_by_role("button", name="Save the branding").click()
    expect(stage.page.locator("[aria-invalid=true]").first).to_be_visible()


@scene("settings-rules-saved", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto("/settings/push-mail/")
    stage.page.get_by_label("Mail from a forged sender").select_option("hold")
    stage.page.get_by_role("button", name="Save the rule").click()
    toast(stage.page, "The rule is saved.")


@scene("person-arabic", on_its_own=True)
def _(stage: Stage) -> None:
    layla = stage.house.person(ARABIC)
    stage.page.goto(f"/users/{layla.pk}/")
    expect(stage.page.get_by_role("heading", level=1)).to_contain_text(ARABIC)


@scene("users-arabic", on_its_own=True)
def _(stage: Stage) -> None:
    layla = stage.house.person(ARABIC, location=stage.house.location("Al-Quds Street 7, الطابق الثاني"))
    find(stage.page, ARABIC.split(maxsplit=1)[0])
    expect(open_menu(stage.page, layla).get_by_role("menuitem", name=re.compile("Edit"))).to_be_visible()
