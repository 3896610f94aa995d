"""Scenes of security, remote assistance and leaving: what people must be able to read when it matters."""

import re

from playwright.sync_api import expect

from e2e.pages import dialog
from e2e.people import mail_to
from e2e.scenes import Stage, at, scene
from e2e.test_assistance import filled, opened, turned_on
from e2e.test_security import add_app
from e2e.test_sign_in import sign_in
from fleetfolk.assistance.actions.end_assistance import EndAssistance, EndAssistanceInput
from fleetfolk.assistance.actions.send_request import SendRequest
from fleetfolk.assistance.actions.start_assistance import StartAssistance
from fleetfolk.assistance.models import Assistance
from fleetfolk.organizations.models import AssistanceRule, Organization
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_assistance import asking, starting
from fleetfolk.users.models import User

at("email-over", "/email/no-such-secret/", signed_out=True)
at("support-link-over", "/support/no-such-secret/", signed_out=True)
at("add-app", "/account/second-factor/app/")
at("add-passkey", "/account/second-factor/passkey/")


def bob_of(stage: Stage) -> User:
    """The customer whose browser it is."""
    return User.objects.filter(tenant=stage.house.root, first_name="Bob").latest("pk")


@scene("own-email")
def _(stage: Stage) -> None:
    stage.page.goto("/account/security/")
    stage.page.locator("#change-email").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("own-delete")
def _(stage: Stage) -> None:
    stage.page.goto("/account/data/")
    stage.page.locator("#delete-account").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("person-security")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/security/")
    expect(stage.page.get_by_role("heading", name="Sessions")).to_be_visible()


@scene("account-security-with-app", on_its_own=True)
def _(stage: Stage) -> None:
    add_app(stage.page)
    stage.page.goto("/account/security/")


@scene("recovery-codes", on_its_own=True)
def _(stage: Stage) -> None:
    add_app(stage.page)


@scene("sign-in-second-factor", on_its_own=True)
def _(stage: Stage) -> None:
    add_app(stage.page)
    stage.page.context.clear_cookies()
    stage.page.goto("/sign-in/")
    sign_in(stage.page, stage.house.ada.email)
    expect(stage.page.get_by_role("heading", name="One more step")).to_be_visible()


@scene("second-factor-required", on_its_own=True)
def _(stage: Stage) -> None:
    with staging():
        Organization.objects.filter(pk=stage.house.root.pk).update(second_factor_rule=True)
    stage.page.goto("/users/")


@scene("dialog-email", on_its_own=True)
def _(stage: Stage) -> None:
    person = stage.house.person("Maximiliane-Alexandra von Hohenstein-Pfaffenhofen")
    stage.page.goto(f"/users/{person.pk}/security/")
    stage.page.locator("#change-email").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("dialog-deactivate", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.house.person('佐藤 結衣').pk}/")
    stage.page.get_by_role("button", name=re.compile("^Actions for")).click()
    stage.page.get_by_role("menuitem", name="Deactivate…").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("dialog-assist", on_its_own=True)
def _(stage: Stage) -> None:
    turned_on(stage.house, AssistanceRule.ASK)
    opened(stage.page, stage.house.customer("Bob Berg"))


@scene("dialog-assist-wrong", on_its_own=True)
def _(stage: Stage) -> None:
    turned_on(stage.house, AssistanceRule.ASK)
    opened(stage.page, stage.house.customer("Bob Berg"))
    dialog(stage.page).get_by_label("Reason").fill("short")
    dialog(stage.page).get_by_role("button", name="Ask", exact=True).click()
    expect(dialog(stage.page).locator("[aria-invalid=true]")).to_be_visible()


@scene("dialog-assist-waiting", on_its_own=True)
def _(stage: Stage) -> None:
    turned_on(stage.house, AssistanceRule.ASK)
    opened(stage.page, stage.house.customer("Bob Berg"))
    filled(stage.page, "Ask")
    expect(dialog(stage.page)).to_contain_text("Waiting for Bob Berg")


def _inside(stage: Stage, *, act: bool = False) -> None:
    turned_on(stage.house, AssistanceRule.WAIVED)
    opened(stage.page, stage.house.customer("Bob Berg"))
    filled(stage.page, "Start", act=act)
    expect(stage.page.get_by_role("region", name="Remote assistance is running")).to_be_visible()


scene("assist-viewing", on_its_own=True)(_inside)


@scene("assist-acting", on_its_own=True)
def _(stage: Stage) -> None:
    _inside(stage, act=True)
    stage.page.goto(stage.page.url + "account/")


@scene("assist-refused", on_its_own=True)
def _(stage: Stage) -> None:
    _inside(stage)
    stage.page.goto(stage.page.url + "account/security/")


@scene("assist-record", on_its_own=True)
def _(stage: Stage) -> None:
    _inside(stage)
    stage.page.get_by_role("button", name="Stop").click()
    expect(stage.page.get_by_text("Stopped by the assistant")).to_be_visible()


@scene("portal-support-asked", customer=True)
def _(stage: Stage) -> None:
    turned_on(stage.house, AssistanceRule.ASK)
    stage.house.does(SendRequest, bob_of(stage).pk, asking())
    stage.page.goto("/")
    expect(stage.page.locator("#support-notice")).to_contain_text("asks to look at your account")


@scene("portal-support-live", customer=True)
def _(stage: Stage) -> None:
    turned_on(stage.house, AssistanceRule.WAIVED)
    stage.house.does(StartAssistance, bob_of(stage).pk, starting())
    stage.page.goto("/")
    expect(stage.page.locator("#support-notice")).to_contain_text("is looking at your account")


@scene("portal-support-record", customer=True)
def _(stage: Stage) -> None:
    turned_on(stage.house, AssistanceRule.WAIVED)
    bob = bob_of(stage)
    stage.house.does(StartAssistance, bob.pk, starting())
    row = Assistance.objects.get(user=bob)
    stage.house.does(EndAssistance, bob.pk, EndAssistanceInput(assistance_id=row.pk))
    stage.page.goto(f"/account/support/{row.public_id}/")


@scene("support-link", signed_out=True)
def _(stage: Stage) -> None:
    turned_on(stage.house, AssistanceRule.ASK)
    bob = stage.house.customer("Bob Berg")
    stage.house.does(SendRequest, bob.pk, asking())
    mail = mail_to(bob.email, containing="/support/")
    stage.page.goto(next(word for word in mail.split() if "/support/" in word))
