"""Rows of `e2e.features` that no other journey walks as a whole."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import choose, dialog, entries, find, row, toast
from e2e.people import House, mail_to, signed_in_at
from e2e.world import Installation
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import OrganizationKind, Plan
from fleetfolk.testing.cast import PASSWORD, fresh
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging
from fleetfolk.users.models import RESTORABLE_FOR, User
from fleetfolk.users.picture_files import hash_of
from fleetfolk.users.tasks import erase_deleted

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6360600000000400015e7f2f8a0000000049454e44ae426082"
)
"""A picture of one dot."""


def logged(person: User, code: str) -> bool:
    """Such a change of the person is in the log."""
    return Entry.objects.filter(target_id=str(person.pk), code=code, result="done").exists()


def sign_in(page: Page, person: User) -> None:
    """The person signs in with the password of everybody."""
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.feature("U6")
def test_pending_active_and_inactive_come_about_by_themselves(house: House, browse: Browsers) -> None:
    grace, bob, cleo = house.invited("Grace Hopper"), house.person("Bob Berg"), house.person("Cleo Tal")
    signed_in_at(cleo, clock.now() - dt.timedelta(days=31))
    page = browse(house.ada)
    page.goto("/users/")
    for person, status in ((grace, "Pending"), (bob, "Active"), (cleo, "Inactive")):
        expect(row(page, person).locator(".ff-st").first).to_have_text(status)
    page.goto("/users/?status=inactive")
    expect(page.locator("#people tr[data-row]")).to_have_count(1)
    hers = browse()
    sign_in(hers, cleo)
    expect(hers).not_to_have_url(re.compile("/sign-in/"))
    page.goto("/users/")
    expect(row(page, cleo).locator(".ff-st").first).to_have_text("Active")


@pytest.mark.feature("U10")
def test_the_log_of_somebody_s_devices_comes_by_mail_to_whoever_asked(house: House, browse: Browsers) -> None:
    bob, cleo = house.person("Bob Berg"), house.person("Cleo Tal")
    device_of(house.root, "Cellar pump", owner=bob, template=template_of(house.root))
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Send device log")
    toast(page, "The device log of Bob Berg is on its way to you.")
    assert "what the devices of Bob Berg reported in the last 7 days" in mail_to(house.ada.email, containing="attached")
    assert logged(bob, "device.log.send")
    find(page, "Cleo Tal")
    assert "Send device log" not in entries(page, cleo), "there is none of somebody without devices"


@pytest.mark.feature("P1")
def test_the_head_of_a_profile_says_who_it_is(house: House, browse: Browsers) -> None:
    north = house.branch("North")
    bob = house.person("Bob Berg", at=north, role="Staff", time_zone="Asia/Tokyo")
    house.tagged(bob, house.tag("VIP"))
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    head = page.locator("#profile-header")
    expect(head.get_by_role("heading", level=1)).to_have_text("Bob Berg")
    for words in ("Active", "Staff", "North", "Asia/Tokyo", "VIP", "Last seen"):
        expect(head).to_contain_text(words)
    expect(page.get_by_role("region", name="Account")).to_contain_text("Last sign-in")
    stranger = browse(bob)
    answer = stranger.goto(f"/users/{house.ada.pk}/")
    assert answer is not None
    assert answer.status == 404, "staff of a branch know nobody above it"


@pytest.mark.feature("P4")
def test_the_name_of_an_owner_in_the_fleet_leads_to_their_profile_and_devices(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    device_of(house.root, "Cellar pump", owner=bob, template=template_of(house.root))
    page = browse(house.ada)
    page.goto("/devices/")
    page.get_by_role("link", name="Bob Berg").click()
    expect(page).to_have_url(re.compile(rf"/users/{bob.pk}/$"))
    page.locator("#tab-devices").click()
    body = page.locator("#tab-body")
    for words in ("Cellar pump", "Offline", "Owner"):
        expect(body).to_contain_text(words)
    body.get_by_role("link", name="Cellar pump").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cellar pump")


@pytest.mark.feature("C1")
def test_with_another_role_somebody_may_do_other_things_at_once(house: House, browse: Browsers) -> None:
    cleo = house.person("Cleo Tal", role="User")
    house.person("Bob Berg")
    theirs, page = browse(cleo), browse(house.ada)
    answer = theirs.goto("/users/")
    assert answer is not None
    assert answer.status in {403, 404}
    find(page, "Cleo Tal")
    choose(page, cleo, "Edit…")
    expect(dialog(page).get_by_label("Role").locator("option").first).to_have_text("Admin")
    dialog(page).get_by_label("Role").select_option("Staff")
    dialog(page).get_by_role("button", name="Save").click()
    toast(page, "Cleo Tal is saved.")
    find(theirs, "Bob Berg")
    expect(theirs.locator("#people")).to_contain_text("Bob Berg")
    assert logged(cleo, "user.role.assign")


@pytest.mark.feature("C2")
def test_roles_are_locked_where_the_plan_says_so(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/roles/")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible()
    with staging():
        house.root.plan = Plan.objects.create(
            tenant_id=1, name=f"Small of {house.root.name}", features={"roles": "locked"}
        )
        house.root.save(update_fields=["plan"])
    page.reload()
    expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="New role")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("keeps the roles as they are")
    answer = page.goto("/roles/?edit=1")
    assert answer is not None
    assert answer.status == 409


@pytest.mark.feature("C7")
def test_developers_clients_and_partners_are_told_apart(house: House, browse: Browsers) -> None:
    installers = house.branch("Cool Installers")
    with staging():
        installers.kind = OrganizationKind.INSTALLER
        installers.save(update_fields=["kind"])
    bob, ivo = house.person("Bob Berg"), house.person("Ivo Tal", at=installers)
    page = browse(house.ada)
    for kind, person in (("developer", house.ada), ("client", bob), ("partner", ivo)):
        page.goto("/users/")
        page.locator("#chip-type").click()
        page.locator("#f-type").get_by_role("checkbox", name=re.compile(kind, re.IGNORECASE)).check()
        page.locator("#f-type").get_by_role("button", name="OK").click()
        expect(page.locator("#chip-type")).to_contain_text(re.compile(kind, re.IGNORECASE))
        expect(page.locator("#people tr[data-row]")).to_have_count(1)
        expect(row(page, person)).to_be_visible()


@pytest.mark.feature("N1")
def test_a_picture_of_gravatar_is_there_only_where_the_rules_say_so(
    house: House, browse: Browsers, installation: Installation
) -> None:
    bob = house.person("Bob Berg")
    kept = installation.folder / "files" / "pictures" / f"{hash_of(bob.email)}.png"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(PNG)
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    expect(page.locator("#profile-header img.ff-av")).to_have_count(0)
    expect(page.get_by_role("region", name="Account")).to_contain_text(f"User ID{bob.pk}")
    page.goto("/settings/")
    page.get_by_label("Pictures from Gravatar").select_option("yes")
    page.get_by_role("button", name="Save the rules").click()
    toast(page, "saved")
    page.goto(f"/users/{bob.pk}/")
    picture = page.locator("#profile-header img.ff-av")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.complete && picture.naturalWidth") == 1


@pytest.mark.feature("N9")
def test_after_a_week_a_deleted_account_is_gone_for_ever(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Delete…")
    dialog(page).get_by_label("Type DELETE to confirm").fill("DELETE")
    dialog(page).get_by_role("button", name="Delete 1 user").click()
    toast(page, "Bob Berg is deleted.")
    with staging():
        User.objects.filter(pk=bob.pk).update(deletion_requested_at=clock.now() - RESTORABLE_FOR)
    erase_deleted(timestamp=0)
    answer = page.goto(f"/users/{bob.pk}/")
    assert answer is not None
    assert answer.status == 404
    page.goto("/erasures/")
    page.get_by_role("link", name=re.compile("^Certificate")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Certificate")
    expect(page.get_by_role("main")).not_to_contain_text("Bob Berg")
    assert logged(bob, "user.erase")


@pytest.mark.feature("I2")
def test_a_password_is_reset_from_the_lookup_and_the_old_one_is_useless(house: House, browse: Browsers) -> None:
    bob, cleo = house.person("Bob Berg", role="User"), house.person("Cleo Staff", role="Staff")
    page = browse(cleo)
    page.goto(f"/lookup/{bob.pk}/?q=bob")
    page.get_by_role("button", name="Reset password").first.click()
    dialog(page).get_by_role("button", name=re.compile("^Send")).click()
    toast(page, f"The reset link is on its way to {bob.email}.")
    assert "/password/" in mail_to(bob.email, containing="/password/")
    his = browse()
    sign_in(his, bob)
    expect(his.get_by_role("alert")).to_be_visible()
    assert not fresh(bob).has_usable_password()
    assert logged(bob, "user.password.reset")
