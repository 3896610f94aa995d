"""Rows of the Information tab, edited where they stand: one at a time, by whoever may, and nothing besides."""

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Location
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true"}


def stored(person: User) -> dict[str, object]:
    """The person's whole row."""
    return dict(User.objects.filter(pk=person.pk).values().get())


def field(person: User, slug: str) -> str:
    return f"/users/{person.pk}/information/{slug}/"


@pytest.mark.parametrize(
    ("slug", "sent", "column", "kept"),
    [
        ("name", {"first_name": " Cleo ", "last_name": "van Staff"}, "name", "Cleo van Staff"),
        ("nickname", {"value": "  Cleo  the First "}, "nickname", "Cleo the First"),
        ("phone", {"value": "0911 33 40 70"}, "phone", "+49911334070"),
        ("time_zone", {"value": "America/Lima"}, "time_zone", "America/Lima"),
        ("language", {"value": "en"}, "language", "en"),
    ],
)
def test_one_row_is_saved_and_nothing_else(  # noqa: PLR0917 - the columns of a table
    cast: Cast, signed_in: SignedIn, slug: str, sent: dict[str, str], column: str, kept: str
) -> None:
    before = stored(cast.cleo)
    answer = signed_in(cast.ada).post(field(cast.cleo, slug), sent, headers=HTMX)
    assert answer.status_code == 200
    assert "is saved." in answer["HX-Trigger-After-Settle"]
    after = stored(cast.cleo)
    assert after[column] == kept
    changed = {name for name in after if after[name] != before[name]}
    derived = {"name", "first_name", "last_name", "sort_key", "search_text", "first_key", "last_key", "name_key"}
    assert changed - derived == {column} - derived
    entry = Entry.objects.filter(code="user.edit", target_id=cast.cleo.pk).latest("at")
    assert {change["field"] for change in entry.changes} <= {column, "first_name", "last_name"}


@pytest.mark.parametrize(
    ("slug", "sent", "said"),
    [
        ("name", {"first_name": " ", "last_name": ""}, "Give a first name, a last name or both."),
        ("nickname", {"value": "x" * 41}, "at most 40"),
        ("phone", {"value": "0911 33 40 7x"}, "is not a phone number"),
        ("time_zone", {"value": "Europe/Atlantis"}, "not one of the available choices"),
        ("language", {"value": "tlh"}, "not one of the available choices"),
        ("location", {"value": "999999"}, "not of this organization"),
        ("role", {"value": "999999"}, "Choose another"),
    ],
)
def test_what_does_not_fit_comes_back_with_a_sentence(
    cast: Cast, signed_in: SignedIn, slug: str, sent: dict[str, str], said: str
) -> None:
    before = stored(cast.cleo)
    answer = signed_in(cast.ada).post(field(cast.cleo, slug), sent, headers=HTMX)
    body = answer.content.decode()
    assert (answer.status_code, said in body) == (422, True)
    assert 'aria-invalid="true"' in body
    assert "<html" not in body
    assert stored(cast.cleo) == before


def test_two_people_edit_two_rows_and_both_stay(cast: Cast, signed_in: SignedIn) -> None:
    ada, finn = signed_in(cast.ada), signed_in(cast.finn)
    assert ada.get(field(cast.cleo, "nickname"), headers=HTMX).status_code == 200
    finn.post(field(cast.cleo, "phone"), {"value": "0911 334070"}, headers=HTMX)
    ada.post(field(cast.cleo, "nickname"), {"value": "Cle"}, headers=HTMX)
    cleo = fresh(cast.cleo)
    assert (cleo.nickname, cleo.phone) == ("Cle", "+49911334070")


def test_the_role_is_given_as_in_the_dialog_and_never_a_stronger_one(cast: Cast, signed_in: SignedIn) -> None:
    plain, admin = cast.role("user"), cast.role("admin")
    assert signed_in(cast.ada).post(field(cast.cleo, "role"), {"value": plain.pk}, headers=HTMX).status_code == 200
    assert fresh(cast.cleo).role_id == plain.pk
    answer = signed_in(cast.ada).post(field(cast.cleo, "role"), {"value": cast.role("staff").pk}, headers=HTMX)
    assert "users:changed" in answer["HX-Trigger-After-Settle"]
    # Cleo is Staff again: she may edit Bob, but gives no more than she holds.
    answer = signed_in(cast.cleo).post(field(cast.bob, "role"), {"value": admin.pk}, headers=HTMX)
    assert answer.status_code == 422
    assert fresh(cast.bob).role_id == plain.pk


def test_the_last_admin_keeps_the_role_and_the_row_says_why(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.eve).post(field(cast.eve, "role"), {"value": cast.role("user", cast.evil).pk}, headers=HTMX)
    assert answer.status_code == 422
    assert "This is the last Admin" in answer.content.decode()


@pytest.mark.parametrize(
    "slug", ["email", "status", "password", "role_id", "custom:1", "custom:x", "is_active", "tenant"]
)
def test_there_are_no_other_rows(cast: Cast, signed_in: SignedIn, slug: str) -> None:
    browser = signed_in(cast.ada)
    assert browser.get(field(cast.cleo, slug)).status_code == 404
    assert browser.post(field(cast.cleo, slug), {"value": "x"}).status_code == 404


def test_a_field_of_another_name_in_the_form_changes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    sent = {
        "value": "Cle",
        "email": "x@evil.example",
        "role": cast.role("admin").pk,
        "user_id": cast.finn.pk,
        "phone": "1",
    }
    assert signed_in(cast.ada).post(field(cast.cleo, "nickname"), sent, headers=HTMX).status_code == 200
    cleo = fresh(cast.cleo)
    assert (cleo.email, cleo.role_id, cleo.phone) == (cast.cleo.email, cast.cleo.role_id, cast.cleo.phone)
    assert fresh(cast.finn).nickname == ""


@pytest.mark.parametrize(("who", "status"), [("eve", 404), ("sam", 404), ("bob", 404), ("bea", 404), ("dana", 403)])
def test_who_may_not_gets_nothing_and_leaves_a_trace(cast: Cast, signed_in: SignedIn, who: str, status: int) -> None:
    person = getattr(cast, who)
    browser = signed_in(person)
    assert browser.get(field(cast.cleo, "nickname")).status_code == status
    assert browser.post(field(cast.cleo, "nickname"), {"value": "Owned"}).status_code == status
    assert fresh(cast.cleo).nickname == ""
    assert Entry.objects.filter(code="user.edit", actor_id=str(person.pk)).exclude(result="done").count() == 1


def test_who_is_stronger_shows_no_pencils_and_cannot_be_edited(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    assert "edit-row-" not in browser.get(f"/users/{cast.finn.pk}/").content.decode()
    assert browser.post(field(cast.finn, "nickname"), {"value": "Owned"}).status_code == 403
    assert "edit-row-nickname" in browser.get(f"/users/{cast.bob.pk}/").content.decode()


def test_without_scripts_the_row_is_a_form_on_the_page(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    page = browser.get(field(cast.cleo, "nickname")).content.decode()
    assert "<html" in page
    assert 'id="row-nickname"' in page
    assert 'name="value"' in page
    wrong = browser.post(field(cast.cleo, "phone"), {"value": "x"})
    assert (wrong.status_code, "<html" in wrong.content.decode()) == (422, True)
    assert browser.post(field(cast.cleo, "nickname"), {"value": "Cle"})["Location"] == f"/users/{cast.cleo.pk}/"
    assert browser.get(field(cast.cleo, "nickname") + "?cancel")["Location"] == f"/users/{cast.cleo.pk}/"


def test_cancelling_shows_the_row_as_it_is(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.ada).get(field(cast.cleo, "phone") + "?cancel", headers=HTMX)
    assert "Not set" in answer.content.decode()
    assert "autofocus" in answer.content.decode()
    assert not answer.has_header("HX-Trigger-After-Settle")


def test_the_action_asks_again(cast: Cast) -> None:
    with staging():
        elsewhere = Location.objects.create(tenant=cast.lumen, organization=cast.south, name="Depot")
    for data, reason in (
        (EditUserInput(first_name="", last_name=""), "name_missing"),
        (EditUserInput(time_zone="Europe/Atlantis"), "time_zone_unknown"),
        (EditUserInput(language="tlh"), "language_unknown"),
        (EditUserInput(location_id=elsewhere.pk), "location_elsewhere"),
        (EditUserInput(custom={12345: "x"}), "field_unknown"),
    ):
        with pytest.raises(Refused) as refusal:
            perform(EditUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=data)
        assert refusal.value.reason == reason
