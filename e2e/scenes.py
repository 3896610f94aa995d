"""Every page and main state of the console, each with the way there: for the check of access and for pictures."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from e2e.crowd import Crowd
from e2e.pages import choose, dialog, find, open_menu, search
from e2e.people import House, link_in, mail_to
from e2e.test_import import drop
from fleetfolk.access.actions.edit_rules import EditRules, EditRulesInput
from fleetfolk.organizations.actions import CreateField, CreateFieldInput
from fleetfolk.organizations.models import AssistanceRule, CustomField, FieldKind
from fleetfolk.testing.cast import PASSWORD
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """What a scene plays with: a page whose person is signed in, the crowd, and a tenant of its own."""

    page: Page
    crowd: Crowd
    build: Callable[[], House]
    """The tenant, which is made when somebody first asks for it: most scenes need none."""

    @property
    def house(self) -> House:
        """The tenant of this scene alone."""
        return self.build()


Way = Callable[[Stage], object]
SCENES: dict[str, Way] = {}
SIGNED_OUT: set[str] = set()
ON_ITS_OWN: set[str] = set()
"""Scenes that change something: their person is Ada of a tenant of its own, not of the crowd."""
CUSTOMERS: set[str] = set()
"""Scenes of the portal: their person is Bob, a customer of a tenant of its own."""


def scene(
    name: str, *, signed_out: bool = False, on_its_own: bool = False, customer: bool = False
) -> Callable[[Way], Way]:
    """The function leads to the scene of this name."""

    def register(way: Way) -> Way:
        SCENES[name] = way
        if signed_out:
            SIGNED_OUT.add(name)
        if on_its_own:
            ON_ITS_OWN.add(name)
        if customer:
            CUSTOMERS.add(name)
        return way

    return register


def at(name: str, address: str, *, signed_out: bool = False, customer: bool = False) -> None:
    scene(name, signed_out=signed_out, customer=customer)(lambda stage: stage.page.goto(address))


at("sign-in", "/sign-in/", signed_out=True)
at("sign-in-forgotten", "/password/forgotten/", signed_out=True)
at("sign-in-forgotten-done", "/password/forgotten/done/", signed_out=True)
at("join-over", "/join/no-such-secret/", signed_out=True)
at("users", "/users/")
at("users-searched", "/users/?q=an+crowd&sort=name")
at("users-nobody-found", "/users/?q=xylophon")
at("users-long-names", "/users/?q=oettingen")
at("find", "/find/?q=an")
at("invite-page", "/users/invite/")
at("roles", "/roles/")
at("action-log", "/action-log/?period=month")
at("action-log-nothing", "/action-log/?q=xylophon")
at("jobs-none", "/jobs/")
at("import-1-file", "/users/import/")
at("mails", "/demo/mail/")
at("password-change", "/password/change/")
at("not-found", "/users/999999999/")
at("account", "/account/")
at("account-security", "/account/security/")
at("account-activity", "/account/action-log/")
at("account-support", "/account/support/")
at("account-messages", "/account/messages/")
at("portal-home", "/", customer=True)
at("portal-activity", "/account/action-log/", customer=True)
at("portal-messages", "/account/messages/", customer=True)
at("portal-account", "/account/", customer=True)
at("portal-security", "/account/security/", customer=True)
at("portal-support", "/account/support/", customer=True)
at("portal-password", "/password/change/", customer=True)
at("portal-data", "/account/data/", customer=True)
at("account-data", "/account/data/")
at("erasures", "/erasures/")
at("assistance", "/assistance/")


@scene("sign-in-wrong", signed_out=True)
def _(stage: Stage) -> None:
    stage.page.goto("/sign-in/")
    stage.page.get_by_label("E-mail").fill("nobody@nowhere.example")
    stage.page.get_by_label("Password", exact=True).fill(PASSWORD)
    stage.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(stage.page.get_by_role("alert")).to_be_visible()


@scene("users-filter-open")
def _(stage: Stage) -> None:
    stage.page.goto("/users/?status=pending&status=active")
    stage.page.locator("#chip-status").click()
    expect(stage.page.locator("#f-status").get_by_role("checkbox").nth(4)).to_be_visible()


@scene("users-columns-open")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    button = stage.page.get_by_role("button", name="Columns")
    if button.is_visible():
        button.click()


@scene("users-menu-open")
def _(stage: Stage) -> None:
    find(stage.page, "Cleo")
    open_menu(stage.page, stage.crowd.cleo)


@scene("users-empty", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto("/users/?status=deletion")


@scene("users-failing")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    stage.page.context.set_offline(True)
    stage.page.get_by_label("Search users").fill("yui")
    expect(stage.page.locator("[data-failure]")).to_be_visible()
    stage.page.context.set_offline(False)


@scene("person")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.long.pk}/")


@scene("person-japanese")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.japanese.pk}/")


@scene("person-pending")
def _(stage: Stage) -> None:
    pending = User.objects.filter(tenant=stage.crowd.house.root, activated_at=None).latest("pk")
    stage.page.goto(f"/users/{pending.pk}/")


@scene("person-menu-open")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/")
    stage.page.get_by_role("button", name=re.compile("^Actions for")).click()
    expect(stage.page.get_by_role("menuitem").first).to_be_visible()


@scene("profile-editing")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/information/phone/")
    stage.page.locator("#row-phone input[type=tel]").fill("0911 7x")
    stage.page.keyboard.press("Enter")
    expect(stage.page.locator("#row-phone .bad")).to_be_visible()


@scene("profile-tags")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/")
    stage.page.locator("#add-tag").click()
    expect(stage.page.get_by_label("Search tags")).to_be_visible()


@scene("profile-why")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/")
    stage.page.get_by_role("button", name=re.compile("^Actions for")).click()
    stage.page.get_by_role("menuitem", name="Why can I not").click()
    expect(dialog(stage.page)).to_be_visible()


@scene("profile-record", on_its_own=True)
def _(stage: Stage) -> None:
    bob = stage.house.person("Bob Berg")
    for name, kind, choices in (
        ("Contract", FieldKind.CHOICE, ("Comfort", "Comfort Plus")),
        ("Customer number", FieldKind.TEXT, ()),
        ("Boiler room photographed", FieldKind.SWITCH, ()),
        ("Next winter check", FieldKind.DATE, ()),
        ("Manual", FieldKind.LINK, ()),
    ):
        data = CreateFieldInput(name=name, kind=kind, choices=choices, required=kind == FieldKind.TEXT)
        stage.house.does(CreateField, stage.house.root.pk, data)
    keys = dict(CustomField.objects.filter(organization=stage.house.root).values_list("name", "pk"))
    values: dict[int, str | bool | None] = {keys["Contract"]: "Comfort Plus", keys["Boiler room photographed"]: True}
    values |= {keys["Next winter check"]: "2030-12-03", keys["Manual"]: "https://lumenhome.example/manual"}
    stage.house.does(EditUser, bob.pk, EditUserInput(nickname="Bobby", custom=values))
    stage.page.goto(f"/users/{bob.pk}/")


@scene("settings-fields", on_its_own=True)
def _(stage: Stage) -> None:
    data = CreateFieldInput(name="Contract", kind=FieldKind.CHOICE, choices=("Comfort", "Comfort Plus"), required=True)
    stage.house.does(CreateField, stage.house.root.pk, data)
    stage.page.goto("/settings/fields/")


@scene("settings-field-new")
def _(stage: Stage) -> None:
    stage.page.goto("/settings/fields/")
    stage.page.get_by_role("link", name="New field").first.click()
    expect(dialog(stage.page)).to_be_visible()


at("settings", "/settings/")
at("settings-fields-none", "/settings/fields/")


@scene("drawer-role")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/")
    stage.page.locator("a.ff-role").first.click()
    expect(dialog(stage.page)).to_be_visible()


@scene("keys")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    stage.page.keyboard.press("?")
    expect(dialog(stage.page)).to_be_visible()


@scene("palette")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    stage.page.keyboard.press("Control+k")
    stage.page.get_by_role("combobox").fill("no")
    expect(stage.page.get_by_role("option").first).to_be_visible()


@scene("palette-nothing")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    stage.page.keyboard.press("Control+k")
    stage.page.get_by_role("combobox").fill("xylophon")
    expect(dialog(stage.page)).to_contain_text("Nothing found")


@scene("me-menu-open")
def _(stage: Stage) -> None:
    stage.page.goto("/users/")
    if stage.page.viewport_size and stage.page.viewport_size["width"] < 1100:
        stage.page.locator("[data-side]").click()
    stage.page.locator(".ff-me").click()
    expect(stage.page.get_by_role("menuitem", name="Sign out")).to_be_visible()


@scene("toast-undo", on_its_own=True)
def _(stage: Stage) -> None:
    bob = stage.house.person("Bob Berg")
    find(stage.page, "Bob")
    choose(stage.page, bob, "Disable…")
    dialog(stage.page).get_by_role("button", name="Disable 1 user").click()
    expect(stage.page.locator("[data-toast]")).to_be_visible()


@scene("action-log-open")
def _(stage: Stage) -> None:
    stage.page.goto("/action-log/?q=user.disable")
    stage.page.get_by_role("button", name=re.compile("^Details of")).first.click()
    expect(stage.page.locator("tr.ff-detail .ff-facts").first).to_be_visible()


@scene("portal-account-wrong", customer=True)
def _(stage: Stage) -> None:
    stage.page.goto("/account/")
    stage.page.get_by_label("Phone").fill("12")
    stage.page.get_by_role("button", name="Save").click()
    expect(stage.page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")


def _with_support(stage: Stage) -> None:
    stage.house.does(EditRules, stage.house.root.pk, EditRulesInput(assistance=AssistanceRule.ASK))
    stage.page.goto("/account/support/")
    expect(stage.page.get_by_role("button", name="Allow")).to_be_visible()


scene("portal-support-offered", customer=True)(_with_support)


@scene("portal-support-allowed", customer=True)
def _(stage: Stage) -> None:
    _with_support(stage)
    stage.page.get_by_role("button", name="Allow").click()
    expect(stage.page.get_by_role("button", name="Turn off")).to_be_visible()


@scene("portal-home-helped", customer=True)
def _(stage: Stage) -> None:
    _with_support(stage)
    stage.page.get_by_role("button", name="Allow").click()
    expect(stage.page.get_by_role("button", name="Turn off")).to_be_visible()
    stage.page.goto("/")
    expect(stage.page.get_by_role("heading", name=re.compile("^Help from"))).to_be_visible()


@scene("portal-menu-open", customer=True)
def _(stage: Stage) -> None:
    stage.page.goto("/")
    stage.page.get_by_role("button", name="Your menu").click()
    expect(stage.page.get_by_role("menuitem", name="Sign out")).to_be_visible()


@scene("action-log-entry")
def _(stage: Stage) -> None:
    stage.page.goto("/action-log/?q=user.disable")
    stage.page.locator("#log tr.line td.t a").first.click()
    expect(stage.page.get_by_role("heading", level=1, name="Disable user")).to_be_visible()


@scene("action-log-person-open")
def _(stage: Stage) -> None:
    stage.page.goto(f"/action-log/?person={stage.crowd.long.pk}")
    stage.page.locator("#chip-person").click()
    expect(stage.page.locator("#f-person").get_by_role("radio").nth(1)).to_be_visible()


@scene("join", signed_out=True)
def _(stage: Stage) -> None:
    guest = stage.house.invited("Maximiliane-Alexandra von Hohenstein-Pfaffenhofen")
    stage.page.goto(link_in(mail_to(guest.email)))


@scene("join-wrong", signed_out=True)
def _(stage: Stage) -> None:
    guest = stage.house.invited("Grace Hopper")
    stage.page.goto(link_in(mail_to(guest.email)))
    stage.page.get_by_label("New password").fill("password")
    stage.page.get_by_role("button", name="Accept the invitation").click()
    expect(stage.page.locator("[aria-invalid=true]")).to_be_visible()


@scene("mail")
def _(stage: Stage) -> None:
    stage.page.goto("/demo/mail/")
    stage.page.locator("#mails [data-open]").first.click()
    expect(stage.page.get_by_role("article")).to_be_visible()


@scene("mails-end")
def _(stage: Stage) -> None:
    stage.page.goto("/demo/mail/")
    stage.page.get_by_role("navigation", name="Pages").scroll_into_view_if_needed()


LIST = (
    "Name,E-mail,Phone,Tags\n"
    "Maximiliane-Alexandra von Hohenstein-Pfaffenhofen,max@oettingen.example,030 901820,\n"
    "佐藤 結衣,yui@sato.example,+819012345678,\n"
    "Wrong Phone,wrong@phone.example,12,\n"
    "No Address,,,\n"
)


def _columns(stage: Stage) -> None:
    stage.page.goto("/users/import/")
    drop(stage.page, "kundenliste-2026.csv", LIST.encode())
    stage.page.get_by_role("button", name="Continue").click()
    expect(stage.page.get_by_role("heading", name="Preview")).to_be_visible()


def _checked(stage: Stage) -> None:
    _columns(stage)
    stage.page.get_by_role("button", name="Check all rows").click()
    expect(stage.page.get_by_role("button", name=re.compile("^Import "))).to_be_visible(timeout=30_000)


scene("import-2-columns", on_its_own=True)(_columns)
scene("import-3-checked", on_its_own=True)(_checked)


@scene("import-4-report", on_its_own=True)
def _(stage: Stage) -> None:
    _checked(stage)
    stage.page.get_by_role("button", name=re.compile("^Import ")).click()
    expect(stage.page.locator("#job-panel")).to_contain_text("Took", timeout=30_000)


@scene("jobs", on_its_own=True)
def _(stage: Stage) -> None:
    _checked(stage)
    stage.page.goto("/jobs/")


@scene("forbidden")
def _(stage: Stage) -> None:
    stage.page.goto("/users/import/999/check/")


at("lookup", "/lookup/")
at("lookup-nobody-found", "/lookup/?q=xylophon")


@scene("lookup-hits")
def _(stage: Stage) -> None:
    stage.page.goto("/lookup/")
    search(stage.page, "an")
    if stage.page.locator("#pane").is_visible():
        expect(stage.page.locator("#pane [data-person]")).to_be_visible()


@scene("lookup-person")
def _(stage: Stage) -> None:
    stage.page.goto(f"/lookup/{stage.crowd.cleo.pk}/?q=cleo")


@scene("person-activity")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/activity/?period=quarter")
    expect(stage.page.locator("#stream-chart svg").first).to_be_visible()


@scene("person-activity-nothing")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/activity/?q=xylophon")


@scene("person-action-log")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.long.pk}/action-log/?period=quarter")
    stage.page.get_by_role("button", name=re.compile("^Details of")).first.click()
    expect(stage.page.locator("tr.ff-detail .ff-facts").first).to_be_visible()


@scene("person-devices")
def _(stage: Stage) -> None:
    stage.page.goto(f"/users/{stage.crowd.cleo.pk}/devices/")
