"""The dialogs in which one person is changed: edited, given a password, disabled, transferred, deleted, restored."""

import json
from typing import Any

import pytest
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions.create_location import CreateLocation, CreateLocationInput
from fleetfolk.organizations.models import Location, Organization
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput
from fleetfolk.users.models import State, Status, User

HTMX = {"HX-Request": "true"}


def post(browser: Client, person: User, path: str, **typed: object) -> Any:
    """The answer to a dialog's form, sent through htmx."""
    return browser.post(f"/users/{person.pk}/{path}/", typed, headers=HTMX)


def toast(answer: Any) -> dict[str, object]:
    """What the toast says after an act."""
    assert answer.status_code == 204, answer.content.decode()
    events = json.loads(answer["HX-Trigger"])
    assert events["users:changed"] is True
    shown: dict[str, object] = events["toast"]
    return shown


def edited(person: User, **other: object) -> dict[str, object]:
    """The edit form as it comes, but for what is given."""
    present = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "phone": person.phone,
        "role": person.role_id,
        "location": person.location_id or "",
        "time_zone": person.time_zone,
    }
    return {**present, **other}


def place(organization: Organization, by: User) -> int:
    """The key of a new location there."""
    perform(CreateLocation, actor=actor(by), target_id=organization.pk, data=CreateLocationInput(name="Shed"))
    return Location.objects.get(organization=organization).pk


def test_details_and_role_are_saved_together_with_an_entry_each(cast: Cast, signed_in: SignedIn) -> None:
    location = place(cast.berg, cast.ada)
    staff = cast.role("staff").pk
    typed = edited(cast.bob, first_name=" Robert ", phone="0171 123 45 67", role=staff, location=location)
    assert toast(post(signed_in(cast.ada), cast.bob, "edit", **typed))["text"] == "Robert Berg is saved."
    bob = fresh(cast.bob)
    assert (bob.name, bob.phone, bob.role.builtin, bob.location_id) == (
        "Robert Berg",
        "+491711234567",
        "staff",
        location,
    )
    assert (
        Entry.objects.filter(code__in=["user.edit", "user.role.assign"], target_id=bob.pk, result="done").count() == 2
    )


def test_what_only_somebody_else_has_changed_meanwhile_stays(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ada).get(f"/users/{cast.bob.pk}/edit/").content.decode()
    assert f'<input type="hidden" name="initial-last_name" value="{cast.bob.last_name}"' in page
    before = edited(cast.bob)
    staff = cast.role("staff").pk
    toast(post(signed_in(cast.ada), cast.bob, "edit", **edited(cast.bob, first_name="Robert", role=staff)))
    shown = {f"initial-{name}": value for name, value in before.items()}
    toast(post(signed_in(cast.cleo), cast.bob, "edit", **shown, **{**before, "last_name": "Hill", "phone": ""}))
    bob = fresh(cast.bob)
    assert (bob.name, bob.role_id) == ("Robert Hill", staff)


def test_nothing_is_saved_when_the_role_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    typed = edited(cast.finn, first_name="Fabian", role=cast.role("user").pk)
    answer = post(signed_in(cast.ada), cast.finn, "edit", **typed)
    assert answer.status_code == 422
    assert "This is the last Admin of North." in answer.content.decode()
    assert 'value="Fabian"' in answer.content.decode(), "what was typed is kept"
    assert fresh(cast.finn).first_name == "Finn"


def test_staff_cannot_make_an_admin_by_the_edit_form(cast: Cast, signed_in: SignedIn) -> None:
    answer = post(signed_in(cast.cleo), cast.bob, "edit", **edited(cast.bob, role=cast.role("admin").pk))
    assert answer.status_code == 422
    assert "holds more than your own" in answer.content.decode()
    assert fresh(cast.bob).role.builtin == "user"


def test_fields_that_the_form_has_not_change_nothing(cast: Cast, signed_in: SignedIn) -> None:
    more = {
        "role_id": cast.role("admin").pk,
        "email": "mallory@example.org",
        "organization": cast.lumen.pk,
        "tenant": cast.evil.pk,
        "permissions": "users.delete",
        "is_active": "",
        "password": "x",
    }
    toast(post(signed_in(cast.cleo), cast.bob, "edit", **edited(cast.bob, **more)))
    bob = fresh(cast.bob)
    assert (bob.email, bob.role.builtin, bob.organization, bob.is_active) == (cast.bob.email, "user", cast.berg, True)
    assert bob.check_password(PASSWORD)


def test_a_role_of_another_tenant_and_a_location_of_another_branch_are_not_taken(
    cast: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.ada)
    assert post(browser, cast.bob, "edit", **edited(cast.bob, role=cast.eve.role_id)).status_code == 422
    elsewhere = place(cast.south, cast.ada)
    assert post(browser, cast.bob, "edit", **edited(cast.bob, location=elsewhere)).status_code == 422


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0171 1234567", "+491711234567"),
        ("+43 660 1234567", "+436601234567"),
        ("0043 660 1234567", "+436601234567"),
        ("", ""),
    ],
)
def test_phones_are_taken_as_people_type_them(cast: Cast, signed_in: SignedIn, typed: str, kept: str) -> None:
    toast(post(signed_in(cast.ada), cast.bob, "edit", **edited(cast.bob, phone=typed)))
    assert fresh(cast.bob).phone == kept
    page = signed_in(cast.ada).get(f"/users/{cast.bob.pk}/edit/").content.decode()
    assert not kept or ("0171 1234567" in page) == kept.startswith("+49")


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("phone", "12", "too short"),
        ("first_name", "x" * 61, "at most 60"),
        ("time_zone", "Mars/Olympus", "valid choice"),
        ("role", "", "Choose a role"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    cast: Cast, signed_in: SignedIn, field: str, typed: str, says: str
) -> None:
    answer = post(signed_in(cast.ada), cast.bob, "edit", **edited(cast.bob, **{field: typed}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text.partition(f'id="id_{field}_error"')[2].partition("</p>")[0]


def test_a_person_keeps_half_a_name(cast: Cast, signed_in: SignedIn) -> None:
    assert (
        post(signed_in(cast.ada), cast.bob, "edit", **edited(cast.bob, first_name="", last_name="‎ ")).status_code == 422
    )
    toast(post(signed_in(cast.ada), cast.bob, "edit", **edited(cast.bob, first_name="", last_name="佐藤")))
    assert fresh(cast.bob).name == "佐藤"


def test_a_password_that_an_admin_sets_works_at_once_and_ends_every_session(cast: Cast, signed_in: SignedIn) -> None:
    his = signed_in(cast.bob)
    toast(post(signed_in(cast.ada), cast.bob, "password", password="nine lamps in a row"))
    assert fresh(cast.bob).check_password("nine lamps in a row")
    assert his.get("/password/change/").status_code == 302
    entry = Entry.objects.get(code="user.password.assign", target_id=cast.bob.pk)
    assert "nine lamps" not in f"{entry.facts}{entry.changes}"


@pytest.mark.parametrize("password", ["", "short", "password", "bob@lumenhome.example"])
def test_a_weak_password_is_not_set(cast: Cast, signed_in: SignedIn, password: str) -> None:
    answer = post(signed_in(cast.ada), cast.bob, "password", password=password)
    assert answer.status_code == 422
    assert "value=" not in answer.content.decode().partition('name="password"')[2].partition(">")[0]
    assert fresh(cast.bob).check_password(PASSWORD)


@pytest.mark.parametrize("path", ["password", "password/reset", "sessions/end", "edit", "transfer"])
def test_staff_cannot_touch_the_account_of_an_admin(cast: Cast, signed_in: SignedIn, path: str) -> None:
    answer = post(signed_in(cast.cleo), cast.finn, path, password="nine lamps in a row")
    assert answer.status_code == 403
    assert "holds rights that you do not" in answer.content.decode()
    assert fresh(cast.finn).check_password(PASSWORD)
    assert fresh(cast.finn).session_epoch == cast.finn.session_epoch


def test_a_reset_link_voids_the_password_and_the_sessions(cast: Cast, signed_in: SignedIn) -> None:
    his, hers = signed_in(cast.bob), signed_in(cast.ada)
    page = hers.get(f"/users/{cast.bob.pk}/password/reset/").content.decode()
    assert "The present password stops working now" in page
    assert fresh(cast.bob).check_password(PASSWORD)
    assert toast(post(hers, cast.bob, "password/reset"))["text"] == f"The reset link is on its way to {cast.bob.email}."
    assert not fresh(cast.bob).has_usable_password()
    assert his.get("/password/change/").status_code == 302


def test_disabling_is_undone_by_the_toast_and_revives_no_session(cast: Cast, signed_in: SignedIn) -> None:
    his, hers = signed_in(cast.bob), signed_in(cast.ada)
    undo = toast(post(hers, cast.bob, "disable", reason="left"))["undo"]
    assert fresh(cast.bob).status is Status.DISABLED
    assert isinstance(undo, dict)
    assert hers.post(undo["url"], headers=HTMX).status_code == 204
    assert fresh(cast.bob).is_active
    assert his.get("/password/change/").status_code == 302


def test_deleting_asks_for_the_word_and_is_undone_by_the_toast(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    for word in ("", "delete", "DELETE!"):
        assert post(browser, cast.bob, "delete", word=word).status_code == 422
    assert fresh(cast.bob).is_active
    undo = toast(post(browser, cast.bob, "delete", word="DELETE"))["undo"]
    assert fresh(cast.bob).state == State.DELETION_PENDING
    assert isinstance(undo, dict)
    assert browser.post(undo["url"], headers=HTMX).status_code == 204
    assert fresh(cast.bob).is_active


def test_what_is_done_already_is_said_in_a_sentence(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    post(browser, cast.bob, "disable")
    again = post(browser, cast.bob, "disable")
    assert (again.status_code, "Bob Berg is Disabled" in again.content.decode()) == (422, True)
    assert browser.get(f"/users/{cast.bob.pk}/disable/").status_code == 409
    assert post(browser, cast.bob, "restore").status_code == 409


def test_without_scripts_a_dialog_is_a_page_and_leads_back_to_the_person(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert "<h1" in browser.get(f"/users/{cast.bob.pk}/sessions/end/").content.decode()
    answer = browser.post(f"/users/{cast.bob.pk}/sessions/end/", follow=True)
    assert answer.redirect_chain == [(f"/users/{cast.bob.pk}/", 302)]
    assert "Bob Berg is signed out everywhere." in answer.content.decode()


def test_without_scripts_what_was_just_done_is_taken_back_too(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    page = browser.post(f"/users/{cast.bob.pk}/delete/", {"word": "DELETE"}, follow=True).content.decode()
    assert fresh(cast.bob).state == State.DELETION_PENDING
    restore = f"/users/{cast.bob.pk}/restore/"
    assert f'<form method="post" action="{restore}">' in page.partition('id="toasts"')[2]
    browser.post(restore)
    assert fresh(cast.bob).state != State.DELETION_PENDING


def test_bob_moves_to_another_branch_by_naming_its_admin(cast: Cast, signed_in: SignedIn) -> None:
    typed = {"admin_email": "SAM@lumenhome.example", "role": cast.role("user").pk}
    toast(post(signed_in(cast.ada), cast.bob, "transfer", **typed))
    assert fresh(cast.bob).organization == cast.south


def test_staff_may_name_an_admin_who_is_stronger(cast: Cast) -> None:
    data = TransferUserInput(admin_email=cast.finn.email, role_id=cast.role("user").pk)
    perform(TransferUser, actor=actor(cast.cleo), target_id=cast.bob.pk, data=data)
    assert fresh(cast.bob).organization == cast.north


@pytest.mark.parametrize(
    "email", ["eve@evil.example", "nobody@example.org", "sue@lumenhome.example", "bea@lumenhome.example"]
)
def test_an_address_that_is_no_admins_elsewhere_is_answered_alike_with_three_hints(
    cast: Cast, signed_in: SignedIn, email: str
) -> None:
    answer = post(signed_in(cast.ada), cast.bob, "transfer", admin_email=email, role=cast.role("user").pk)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "You cannot transfer to this person." in text
    assert text.partition("ff-hints")[2].count("<li>") == 3
    assert fresh(cast.bob).organization == cast.berg


def test_nobody_transfers_out_of_their_own_reach_or_into_a_stronger_role(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    out = post(browser, cast.bob, "transfer", admin_email=cast.sam.email, role=cast.role("user").pk)
    up = post(browser, cast.bob, "transfer", admin_email=cast.finn.email, role=cast.role("admin").pk)
    assert (out.status_code, up.status_code) == (422, 422)
    assert fresh(cast.bob).organization == cast.berg


@pytest.mark.parametrize("role", ["stronger", "of another tenant"])
def test_the_action_itself_gives_no_role_that_the_actor_could_not_give(cast: Cast, role: str) -> None:
    role_id = cast.role("admin").pk if role == "stronger" else cast.role("user", cast.evil).pk
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(AssignRole, actor=actor(cast.cleo), target_id=cast.bob.pk, data=AssignRoleInput(role_id=role_id))
    assert fresh(cast.bob).role_id == cast.bob.role_id
