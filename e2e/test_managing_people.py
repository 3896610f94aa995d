"""What can be done to a person from the list, and what they notice of it at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import choose, dialog, entries, find, hold, is_signed_out, row, toast, undo
from e2e.people import House, link_in, mail_to
from e2e.test_sign_in import sign_in
from fleetfolk.actionlog.models import Entry
from fleetfolk.testing.cast import fresh
from fleetfolk.users.models import User

NEW_PASSWORD = "three blue kettles sing"


def at_home(browse: Browsers, person: User) -> Page:
    """The person, signed in, on a page."""
    page = browse(person)
    page.goto("/users/")
    return page


def logged(person: User, code: str, result: str = "done") -> bool:
    return Entry.objects.filter(target_id=str(person.pk), code=code, result=result).exists()


@pytest.mark.feature("U8")
def test_ada_edits_a_phone_as_it_is_written_at_home_and_a_role(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Edit…")
    form = dialog(page)
    form.get_by_label("Last name").fill("Berg-Müller")
    form.get_by_label("Phone").fill("030 901820")
    form.get_by_label("Role").select_option("Staff")
    form.get_by_label("Time zone").select_option("Asia/Tokyo")
    form.get_by_role("button", name="Save").click()
    toast(page, "Bob Berg-Müller is saved.")
    expect(row(page, bob)).to_contain_text("Bob Berg-Müller")
    expect(row(page, bob)).to_contain_text("Staff")
    row(page, bob).get_by_role("link", name="Bob Berg-Müller").click()
    expect(page.get_by_role("link", name="030 901820")).to_have_attribute("href", "tel:+4930901820")
    expect(page.get_by_role("main")).to_contain_text("Asia/Tokyo")
    assert logged(bob, "user.role.assign")
    page.locator("#edit-person").click()
    dialog(page).get_by_label("Last name").fill("Müller")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bob Müller")
    expect(page.get_by_role("navigation", name="Where this is")).to_contain_text("Bob Müller")


def test_a_phone_that_is_none_is_said_beside_the_field(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Edit…")
    dialog(page).get_by_label("Phone").fill("12")
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page).get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    expect(dialog(page).get_by_label("Phone")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)


@pytest.mark.feature("C6")
def test_a_reset_link_ends_the_old_password_and_makes_a_new_one(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg", role="Staff")
    bobs = at_home(browse, bob)
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Send reset link…")
    dialog(page).get_by_role("button", name="Send the link").click()
    toast(page, f"The reset link is on its way to {bob.email}.")
    is_signed_out(bobs)
    bobs.goto(link_in(mail_to(bob.email, containing="reset the password")))
    bobs.get_by_label("New password").fill(NEW_PASSWORD)
    bobs.get_by_label("The same again").fill(NEW_PASSWORD)
    bobs.get_by_role("button", name="Save the password").click()
    bobs.get_by_role("link", name="Sign in").click()
    sign_in(bobs, bob.email, NEW_PASSWORD)
    expect(bobs).not_to_have_url(re.compile("sign-in"))


@pytest.mark.feature("U9")
def test_a_password_that_ada_sets_works_at_once_and_ends_bobs_open_session(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg", role="Staff")
    bobs = at_home(browse, bob)
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Set a password…")
    dialog(page).get_by_label("New password").fill("short")
    dialog(page).get_by_role("button", name="Set the password").click()
    expect(dialog(page).get_by_label("New password")).to_have_attribute("aria-invalid", "true")
    dialog(page).get_by_label("New password").fill(NEW_PASSWORD)
    dialog(page).get_by_role("button", name="Set the password").click()
    toast(page, "Bob Berg has the new password and is signed out everywhere.")
    is_signed_out(bobs)
    sign_in(bobs, bob.email, NEW_PASSWORD)
    expect(bobs).not_to_have_url(re.compile("sign-in"))
    assert NEW_PASSWORD not in mail_to(bob.email, containing="set a new password")


@pytest.mark.feature("U11")
def test_a_forced_log_out_ends_every_browser_of_bob_at_its_next_click(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg", role="Staff")
    desk, phone = at_home(browse, bob), at_home(browse, bob)
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Force log-out")
    toast(page, "Bob Berg is signed out everywhere.")
    is_signed_out(desk)
    is_signed_out(phone)


def test_whoever_is_disabled_is_out_at_the_next_click_and_undo_lets_them_in_again(
    house: House, browse: Browsers
) -> None:
    bob = house.person("Bob Berg", role="Staff")
    bobs = at_home(browse, bob)
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Disable…")
    dialog(page).get_by_label("Reason").fill("Left the firm")
    dialog(page).get_by_role("button", name="Disable 1 user").click()
    hold(page, "Bob Berg is disabled.")
    expect(row(page, bob)).to_contain_text("Disabled")
    is_signed_out(bobs)
    undo(page, "Bob Berg is disabled.")
    toast(page, "Bob Berg is enabled.")
    expect(row(page, bob)).to_contain_text("Active")
    sign_in(bobs, bob.email)
    expect(bobs).to_have_url(re.compile(r"/users/$"))


def test_a_search_as_one_types_in_an_ended_session_leads_to_the_sign_in_and_back(
    house: House, browse: Browsers
) -> None:
    cleo = house.person("Cleo Staff", role="Staff")
    page = at_home(browse, cleo)
    find(page_of_ada := browse(house.ada), "Cleo Staff")
    choose(page_of_ada, cleo, "Force log-out")
    toast(page_of_ada, "Cleo Staff is signed out everywhere.")
    page.get_by_label("Search users").press_sequentially("ada")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
    sign_in(page, cleo.email)
    expect(page).to_have_url(re.compile(r"/users/"))


@pytest.mark.feature("U12")
def test_bob_is_transferred_to_where_the_named_admin_is_and_nowhere_else(house: House, browse: Browsers) -> None:
    branch = house.branch("Berlin")
    finn = house.person("Finn North", role="Admin", at=branch)
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Transfer…")
    form = dialog(page)
    form.get_by_label("E-mail of an Admin there").fill("nobody@nowhere.example")
    form.get_by_role("button", name="Transfer").click()
    expect(form.get_by_label("E-mail of an Admin there")).to_have_attribute("aria-invalid", "true")
    expect(form).to_contain_text("Three things to look at")
    form.get_by_label("E-mail of an Admin there").fill(finn.email)
    form.get_by_label("New role").select_option("Staff")
    form.get_by_role("button", name="Transfer").click()
    toast(page, "Bob Berg is transferred.")
    expect(row(page, bob)).to_contain_text("Berlin")
    expect(row(page, bob)).to_contain_text("Staff")
    assert "Berlin" in mail_to(bob.email, containing="moved your account")
    assert "Bob Berg" in mail_to(finn.email, containing="moved")


@pytest.mark.feature("U13", "B4")
def test_bob_is_deleted_by_the_word_and_restored(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg", role="Staff")
    bobs = at_home(browse, bob)
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Delete…")
    button = dialog(page).get_by_role("button", name="Delete 1 user")
    expect(button).to_be_disabled()
    dialog(page).get_by_label("Type DELETE to confirm").fill("delete")
    expect(button).to_be_disabled()
    dialog(page).get_by_label("Type DELETE to confirm").fill("DELETE")
    button.click()
    toast(page, "Bob Berg is deleted.")
    expect(row(page, bob)).to_contain_text("Deletion pending")
    is_signed_out(bobs)
    choose(page, bob, "Restore")
    toast(page, "Bob Berg is restored.")
    expect(row(page, bob)).to_contain_text("Active")
    sign_in(bobs, bob.email)
    expect(bobs).not_to_have_url(re.compile("sign-in"))


def test_a_deletion_is_undone_from_its_toast(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    page.get_by_role("button", name="Actions for Bob Berg").click()
    page.get_by_role("menuitem", name="Delete…").click()
    dialog(page).get_by_label("Type DELETE to confirm").fill("DELETE")
    dialog(page).get_by_role("button", name="Delete 1 user").click()
    expect(page.get_by_role("main")).to_contain_text("is deleted")
    undo(page, "Bob Berg is deleted.")
    toast(page, "Bob Berg is restored.")
    expect(page.get_by_role("main")).to_contain_text("Active")


@pytest.mark.parametrize(
    ("entry", "fields", "button"),
    [
        ("Disable…", {}, "Disable 1 user"),
        ("Delete…", {"Type DELETE to confirm": "DELETE"}, "Delete 1 user"),
        ("Edit…", {"Role": "User"}, "Save"),
    ],
)
def test_the_last_admin_stays_and_a_sentence_says_why(
    house: House, browse: Browsers, entry: str, fields: dict[str, str], button: str
) -> None:
    branch = house.branch("Berlin")
    finn = house.person("Finn North", role="Admin", at=branch)
    page = browse(house.ada)
    find(page, "Finn North")
    choose(page, finn, entry)
    for label, value in fields.items():
        field = dialog(page).get_by_label(label)
        if label == "Role":
            field.select_option(value)
        else:
            field.fill(value)
    dialog(page).get_by_role("button", name=button).click()
    expect(dialog(page)).to_contain_text("This is the last Admin of Berlin.")
    assert fresh(finn).is_active


def test_staff_of_a_branch_sees_nothing_forbidden_and_reaches_nothing_by_address(
    house: House, browse: Browsers
) -> None:
    north, south = house.branch("North"), house.branch("South")
    cleo = house.person("Cleo Staff", role="Staff", at=north)
    finn = house.person("Finn North", role="Admin", at=north)
    bob, sue = house.person("Bob Berg", at=north), house.person("Sue South", at=south)
    page = browse(cleo)
    page.goto("/users/")
    expect(row(page, bob)).to_be_visible()
    expect(row(page, sue)).to_have_count(0)
    expect(row(page, house.ada)).to_have_count(0)
    assert "Delete…" not in entries(page, bob)
    assert "Disable…" not in entries(page, finn)
    for address, status in (
        (f"/users/{sue.pk}/", 404),
        (f"/users/{sue.pk}/edit/", 404),
        (f"/users/{house.ada.pk}/", 404),
        (f"/users/{bob.pk}/delete/", 403),
        (f"/users/{finn.pk}/disable/", 403),
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == status, address
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_user_who_may_see_nobody_is_not_offered_the_list(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(bob)
    answer = page.goto("/users/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("main")).to_contain_text("administrator")


def test_an_act_that_somebody_else_has_just_done_is_refused_in_a_sentence(house: House, browse: Browsers) -> None:
    bob = house.person("Bob Berg")
    page = browse(house.ada)
    find(page, "Bob Berg")
    choose(page, bob, "Disable…")
    button = dialog(page).get_by_role("button", name="Disable 1 user")
    expect(button).to_be_visible()
    house.disabled(bob)
    button.click()
    expect(dialog(page)).to_contain_text("Bob Berg is Disabled.")
