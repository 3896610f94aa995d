"""An organization's own fields: defined in settings, kept with people, inherited downwards and never sideways."""

import pytest
from django.db import IntegrityError, connection, transaction

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import (
    ArchiveField,
    ArchiveFieldInput,
    CreateField,
    CreateFieldInput,
    EditField,
    EditFieldInput,
)
from fleetfolk.organizations.field_values import UnfitValue, Value, clean_value
from fleetfolk.organizations.models import CustomField, FieldKind, Organization
from fleetfolk.organizations.queries import fields_for
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true"}


def create(
    cast: Cast, where: Organization, name: str, kind: FieldKind = FieldKind.TEXT, *choices: str, required: bool = False
) -> CustomField:
    data = CreateFieldInput(name=name, kind=kind, choices=choices, required=required)
    by = cast.eve if where.tenant_id == cast.evil.pk else cast.ada
    perform(CreateField, actor=actor(by), target_id=where.pk, data=data)
    return CustomField.objects.get(organization=where, name=name)


def row(person: User, field: CustomField) -> str:
    return f"/users/{person.pk}/information/custom:{field.pk}/"


KEPT = [
    (FieldKind.TEXT, "  Comfort \t Plus\n", "Comfort Plus"),
    (FieldKind.TEXT, "a\u202eb\x00c", "abc"),
    (FieldKind.TEXT, "<script>", "<script>"),
    (FieldKind.NUMBER, "1 250,5", "1250.5"),
    (FieldKind.NUMBER, "-0012.50", "-12.50"),
    (FieldKind.NUMBER, "12345678901234567890", "12345678901234567890"),
    (FieldKind.DATE, "2026-12-03", "2026-12-03"),
    (FieldKind.CHOICE, "Plus", "Plus"),
    (FieldKind.SWITCH, "yes", True),
    (FieldKind.SWITCH, "no", False),
    (FieldKind.LINK, "https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
    *((kind, " ", None) for kind in FieldKind),
]
REFUSED = [
    (FieldKind.TEXT, "x" * 201),
    (FieldKind.NUMBER, "12a"),
    (FieldKind.NUMBER, "NaN"),
    (FieldKind.NUMBER, "Infinity"),
    (FieldKind.NUMBER, "1e9"),
    (FieldKind.NUMBER, "٣"),
    (FieldKind.NUMBER, "1" * 21),
    (FieldKind.DATE, "3.12.2026"),
    (FieldKind.DATE, "2026-02-30"),
    (FieldKind.CHOICE, "Minus"),
    (FieldKind.SWITCH, "true"),
    (FieldKind.LINK, "javascript:alert(1)"),
    (FieldKind.LINK, "data:text/html,x"),
    (FieldKind.LINK, "//evil.example"),
    (FieldKind.LINK, "https://bank.example@evil.example/"),
    (FieldKind.LINK, "https://a b"),
    (FieldKind.LINK, "https://"),
    (FieldKind.LINK, "https://[::1"),
    (FieldKind.LINK, "https://example.com/" + "x" * 500),
]


@pytest.mark.parametrize(("kind", "typed", "kept"), KEPT)
def test_what_fits_is_kept_in_one_spelling(kind: FieldKind, typed: str, kept: Value) -> None:
    assert clean_value(CustomField(name="F", kind=kind, choices=["Plus"]), typed) == kept


@pytest.mark.parametrize(("kind", "typed"), REFUSED)
def test_what_does_not_fit_is_refused_in_a_sentence(kind: FieldKind, typed: str) -> None:
    with pytest.raises(UnfitValue) as refusal:
        clean_value(CustomField(name="F", kind=kind, choices=["Plus"]), typed)
    assert refusal.value.sentence.endswith(".")


def test_a_field_is_there_below_and_not_beside_or_above(cast: Cast, signed_in: SignedIn) -> None:
    create(cast, cast.lumen, "Contract")
    create(cast, cast.north, "Boiler room")
    create(cast, cast.south, "Sea view")
    create(cast, cast.evil, "Ransom")
    assert [one.name for one in fields_for(cast.berg)] == ["Contract", "Boiler room"]
    page = signed_in(cast.ada).get(f"/users/{cast.bob.pk}/").content.decode()
    assert "Contract" in page
    assert "Boiler room" in page
    assert "Sea view" not in page
    assert "Ransom" not in page
    assert "Boiler room" not in signed_in(cast.ada).get(f"/users/{cast.sue.pk}/").content.decode()


def test_the_value_is_typed_in_the_row_told_in_the_log_and_escaped(cast: Cast, signed_in: SignedIn) -> None:
    contract = create(cast, cast.lumen, "Contract")
    browser = signed_in(cast.ada)
    assert browser.post(row(cast.bob, contract), {"value": "<b>Plus</b>"}, headers=HTMX).status_code == 200
    assert fresh(cast.bob).custom == {str(contract.pk): "<b>Plus</b>"}
    assert "&lt;b&gt;Plus" in browser.get(f"/users/{cast.bob.pk}/").content.decode()
    entry = Entry.objects.filter(code="user.edit", target_id=cast.bob.pk).latest("at")
    assert entry.changes == [{"field": "Contract", "before": None, "after": "<b>Plus</b>"}]
    assert browser.post(row(cast.bob, contract), {"value": ""}, headers=HTMX).status_code == 200
    assert fresh(cast.bob).custom == {}


def test_a_sibling_s_or_stranger_s_field_is_no_row_of_this_person(cast: Cast, signed_in: SignedIn) -> None:
    for where in (cast.south, cast.evil):
        foreign = create(cast, where, f"Of {where.name}")
        assert signed_in(cast.ada).get(row(cast.bob, foreign)).status_code == 404
        assert signed_in(cast.ada).post(row(cast.bob, foreign), {"value": "x"}).status_code == 404
        data = EditUserInput(custom={foreign.pk: "x"})
        with pytest.raises(Refused, match="field_unknown"):
            perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)
    assert fresh(cast.bob).custom == {}


def test_the_action_takes_only_what_the_field_does(cast: Cast) -> None:
    number = create(cast, cast.lumen, "Pressure", FieldKind.NUMBER)
    must = create(cast, cast.lumen, "Customer number", required=True)
    for custom in ({number.pk: "much"}, {number.pk: True}, {number.pk: "01"}, {must.pk: None}):
        with pytest.raises(Refused, match="field_unfit"):
            perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=EditUserInput(custom=custom))


def test_a_required_field_is_pointed_out_and_cannot_be_emptied(cast: Cast, signed_in: SignedIn) -> None:
    must = create(cast, cast.lumen, "Customer number", required=True)
    browser = signed_in(cast.ada)
    assert "Not set, but required" in browser.get(f"/users/{cast.bob.pk}/").content.decode()
    answer = browser.post(row(cast.bob, must), {"value": " "}, headers=HTMX)
    assert (answer.status_code, "cannot be empty" in answer.content.decode()) == (422, True)
    assert browser.post(row(cast.bob, must), {"value": "LH-1"}, headers=HTMX).status_code == 200


def test_a_person_s_record_has_an_end(cast: Cast) -> None:
    links = [create(cast, cast.lumen, f"Link {number}", FieldKind.LINK) for number in range(30)]
    long = "https://example.com/" + "x" * 470
    data = EditUserInput(custom={one.pk: long for one in links})
    with pytest.raises(Refused, match="record_full"):
        perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)
    with pytest.raises(Refused, match="too_many_fields"):
        create(cast, cast.lumen, "One more")


def test_the_database_takes_an_object_of_bounded_size_only(cast: Cast) -> None:
    for value in ("[]", '"x"', "1"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("/* staged */ UPDATE users_user SET custom = %s WHERE id = %s", [value, cast.bob.pk])


def test_names_are_used_once_in_an_organization_whatever_their_case(cast: Cast) -> None:
    first = create(cast, cast.lumen, "Contract")
    create(cast, cast.north, "Contract")
    with pytest.raises(Refused, match="field_name_taken"):
        create(cast, cast.lumen, "CONTRACT")
    other = create(cast, cast.lumen, "Other")
    with pytest.raises(Refused, match="field_name_taken"):
        perform(EditField, actor=actor(cast.ada), target_id=other.pk, data=EditFieldInput(name="contract"))
    perform(ArchiveField, actor=actor(cast.ada), target_id=first.pk, data=ArchiveFieldInput())
    perform(EditField, actor=actor(cast.ada), target_id=other.pk, data=EditFieldInput(name="contract"))


@pytest.mark.parametrize("choices", [(), ("One",), ("One", "One"), ("One", ""), ("One", "x" * 61)])
def test_a_list_has_entries_to_choose_between(cast: Cast, choices: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="field_choices"):
        create(cast, cast.lumen, "Contract", FieldKind.CHOICE, *choices)


def test_renaming_and_archiving_touch_no_person(cast: Cast, signed_in: SignedIn) -> None:
    field = create(cast, cast.lumen, "Contract", FieldKind.CHOICE, "Comfort", "Plus")
    perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=EditUserInput(custom={field.pk: "Plus"}))
    data = EditFieldInput(name="Agreement", choices=("Comfort", "Basic"))
    perform(EditField, actor=actor(cast.ada), target_id=field.pk, data=data)
    page = signed_in(cast.ada).get(f"/users/{cast.bob.pk}/").content.decode()
    assert "Agreement" in page
    assert "Plus" in page  # What was chosen stays, though nobody can choose it any more.
    perform(ArchiveField, actor=actor(cast.ada), target_id=field.pk, data=ArchiveFieldInput())
    assert "Agreement" not in signed_in(cast.ada).get(f"/users/{cast.bob.pk}/").content.decode()
    assert fresh(cast.bob).custom == {str(field.pk): "Plus"}
    with pytest.raises(Refused, match="field_archived"):
        perform(ArchiveField, actor=actor(cast.ada), target_id=field.pk, data=ArchiveFieldInput())


def test_settings_create_edit_and_archive(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    sent = {"name": "Contract", "kind": "choice", "choices": "Comfort\n\n  Comfort   Plus \n", "required": "on"}
    assert browser.post("/settings/fields/new/", sent).status_code == 302
    field = CustomField.objects.get(name="Contract")
    assert (field.choices, field.required) == (["Comfort", "Comfort Plus"], True)
    wrong = browser.post("/settings/fields/new/", {**sent, "name": "contract"})
    assert (wrong.status_code, "already" in wrong.content.decode()) == (422, True)
    wrong = browser.post("/settings/fields/new/", {**sent, "name": "List", "choices": "One"})
    assert (wrong.status_code, "at least two entries" in wrong.content.decode()) == (422, True)
    path = f"/settings/fields/{field.pk}/"
    assert browser.post(path, {"name": "Agreement", "choices": "A\nB", "kind": "text"}).status_code == 302
    field.refresh_from_db()
    assert (field.name, field.kind, field.required) == ("Agreement", "choice", False)
    assert "Agreement" in browser.get("/settings/fields/").content.decode()
    assert browser.post(f"{path}archive/").status_code == 302
    assert path not in browser.get("/settings/fields/").content.decode()
    assert browser.get(path).status_code == 404


def test_below_one_sees_the_fields_from_above_and_changes_none(cast: Cast, signed_in: SignedIn) -> None:
    field = create(cast, cast.lumen, "Contract")
    browser = signed_in(cast.finn)
    page = browser.get("/settings/fields/").content.decode()
    assert "from Lumen Home" in page
    assert f"/settings/fields/{field.pk}/" not in page
    for path in (f"/settings/fields/{field.pk}/", f"/settings/fields/{field.pk}/archive/"):
        assert browser.post(path, {"name": "Mine"}).status_code == 404
    assert CustomField.objects.get(pk=field.pk).name == "Contract"
