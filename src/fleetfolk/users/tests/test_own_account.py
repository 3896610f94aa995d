"""One's own account: what one sets for oneself, and that nothing else can be set there."""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.actor import Actor, Assisting, AssistMode
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import CustomField, FieldKind, Organization
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.edit_profile import EditProfile, EditProfileInput
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.models import User
from fleetfolk.users.signed_in import signed_in_person


@pytest.fixture
def bobs(cast: Cast, signed_in: SignedIn) -> Client:
    """A browser in which Bob, a customer, is signed in."""
    return signed_in(cast.bob)


def entries(person: User) -> list[Entry]:
    return list(Entry.objects.filter(code="user.profile.edit", target_id=person.pk).order_by("at", "id"))


def test_bob_gives_himself_a_name_a_phone_and_a_time_zone(cast: Cast, bobs: Client) -> None:
    sent = {"first_name": "Robert", "last_name": "Berg", "nickname": "Bobby", "phone": "030 901820"}
    answer = bobs.post("/account/", {**sent, "time_zone": "Asia/Tokyo", "language": "en"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    bob = fresh(cast.bob)
    assert (bob.name, bob.nickname, bob.phone) == ("Robert Berg", "Bobby", "+4930901820")
    assert (bob.time_zone, bob.language) == ("Asia/Tokyo", "en")
    (entry,) = entries(bob)
    assert (entry.actor_id, entry.result) == (str(bob.pk), "done")
    assert {change["field"] for change in entry.changes} == {*sent, "time_zone", "language"} - {"last_name"}


def test_nothing_but_ones_own_details_can_be_set(cast: Cast, bobs: Client) -> None:
    ada, before = fresh(cast.ada), fresh(cast.bob)
    forged = dict.fromkeys(("id", "pk", "user_id", "target_id", "person"), ada.pk) | {
        "email": "bob@evil.example",
        "role": ada.role_id,
        "role_id": ada.role_id,
        "organization": cast.lumen.pk,
        "organization_id": cast.lumen.pk,
        "tenant_id": cast.evil.pk,
        "disabled_at": "2020-01-01",
        "activated_at": "",
        "session_epoch": "9",
        "theme": "dark",
        "password": "x",
        "custom": "{}",
    }
    assert bobs.post("/account/", {"nickname": "Bobby", **forged}).status_code == 302
    bob = fresh(cast.bob)
    assert bob.nickname == "Bobby"
    unlike = [
        field.attname
        for field in User._meta.concrete_fields
        if getattr(bob, field.attname) != getattr(before, field.attname) and field.attname != "search_text"
    ]
    assert unlike == ["nickname"]
    assert fresh(cast.ada).nickname == ""


def test_what_a_request_does_not_carry_stays(cast: Cast, bobs: Client) -> None:
    bobs.post("/account/", {"phone": "030 901820"})
    bobs.post("/account/", {"nickname": "Bobby"})
    bob = fresh(cast.bob)
    assert (bob.name, bob.phone, bob.nickname) == ("Bob Berg", "+4930901820", "Bobby")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("phone", "12", "phone"),
        ("nickname", "B" * 41, "40 characters"),
        ("time_zone", "Mars/Olympus", "Mars/Olympus"),
        ("language", "tlh", "tlh"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(
    cast: Cast, bobs: Client, field: str, typed: str, sentence: str
) -> None:
    answer = bobs.post("/account/", {field: typed})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in body
    assert sentence in body
    assert not entries(cast.bob)


def test_somebody_without_any_name_is_refused(cast: Cast, bobs: Client) -> None:
    assert bobs.post("/account/", {"first_name": " ", "last_name": ""}).status_code == 422
    assert fresh(cast.bob).name == "Bob Berg"


def test_saving_without_a_change_leaves_no_change_in_the_log(cast: Cast, bobs: Client) -> None:
    bobs.post("/account/", {"first_name": "Bob", "last_name": "Berg"})
    assert [entry.changes for entry in entries(cast.bob)] == [[]]


@pytest.mark.parametrize(("who", "shell"), [("bob", "ff-portal"), ("cleo", "ff-side"), ("ada", "ff-side")])
@pytest.mark.parametrize("path", ["/account/", "/account/messages/", "/account/action-log/", "/password/change/"])
def test_the_pages_stand_in_the_shell_of_whoever_looks(
    cast: Cast, signed_in: SignedIn, who: str, shell: str, path: str
) -> None:
    body = signed_in(getattr(cast, who)).get(path).content.decode()
    assert {name for name in ("ff-portal", "ff-side") if f'"{name}"' in body} == {shell}


def test_nobody_else_edits_the_profile_of_bob(cast: Cast) -> None:
    with pytest.raises(Denied) as refused:
        perform(EditProfile, actor=actor(cast.ada), target_id=cast.bob.pk, data=EditProfileInput(nickname="Bobby"))
    assert refused.value.reason == "not_your_account"


def helped(cast: Cast, mode: AssistMode) -> Actor:
    """Bob, by the hands of Ada."""
    by = Assisting(id=1, public_id=uuid4(), agent_id=cast.ada.pk, agent_label=str(cast.ada), mode=mode)
    return replace(actor(cast.bob), assisted_by=by)


@pytest.mark.parametrize(
    "data",
    [
        EditProfileInput(first_name="Robert"),
        EditProfileInput(last_name="Other"),
        EditProfileInput(phone="+4930901820"),
        EditProfileInput(theme="dark"),
        EditProfileInput(nickname="Bobby", phone="+4930901820"),
    ],
)
def test_whoever_helps_sets_nothing_that_says_who_bob_is(cast: Cast, data: EditProfileInput) -> None:
    with pytest.raises(Denied) as refused:
        perform(EditProfile, actor=helped(cast, AssistMode.ACT), target_id=cast.bob.pk, data=data)
    assert refused.value.reason == "assist_never"
    assert fresh(cast.bob).nickname == ""


def test_whoever_helps_sets_what_is_harmless(cast: Cast) -> None:
    data = EditProfileInput(nickname="Bobby", time_zone="Asia/Tokyo", language="en")
    perform(EditProfile, actor=helped(cast, AssistMode.ACT), target_id=cast.bob.pk, data=data)
    bob = fresh(cast.bob)
    assert (bob.nickname, bob.time_zone, bob.language) == ("Bobby", "Asia/Tokyo", "en")
    (entry,) = entries(bob)
    assert (entry.actor_label, entry.acting_for) == (str(cast.ada), str(cast.bob))


def test_whoever_only_looks_sets_nothing(cast: Cast) -> None:
    with pytest.raises(Denied) as refused:
        perform(
            EditProfile,
            actor=helped(cast, AssistMode.VIEW),
            target_id=cast.bob.pk,
            data=EditProfileInput(nickname="Bobby"),
        )
    assert refused.value.reason == "assist_view_only"


# What the organization needs to know and nobody has filled in.


def field(cast: Cast, name: str, **values: Any) -> CustomField:
    with staging():
        return CustomField.objects.create(
            tenant=cast.lumen,
            organization=cast.north,
            name=name,
            **{"kind": FieldKind.TEXT, "required": True, **values},
        )


def asked(browser: Client) -> list[str]:
    """The names of the fields that the page asks for."""
    page = browser.get("/account/").content.decode()
    return re.findall(r'name="own_(\d+)"', page)


def test_a_customer_is_asked_for_what_is_needed_and_missing_and_fills_it_in(cast: Cast, bobs: Client) -> None:
    house, _free = field(cast, "House number"), field(cast, "Free", required=False)
    heated = field(cast, "Heated by", kind=FieldKind.CHOICE, choices=["Gas", "Wood"])
    assert asked(bobs) == [str(house.pk), str(heated.pk)]
    page = bobs.get("/account/").content.decode()
    assert "Lumen Home would like to know" in page
    assert bobs.post("/account/", {f"own_{house.pk}": " 12 b ", f"own_{heated.pk}": ""}).status_code == 302
    bob = fresh(cast.bob)
    assert (bob.custom, bob.name) == ({str(house.pk): "12 b"}, "Bob Berg")
    (entry,) = entries(bob)
    assert entry.changes == [{"field": "House number", "before": None, "after": "12 b"}]
    assert asked(bobs) == [str(heated.pk)]
    assert bobs.post("/account/", {f"own_{heated.pk}": "Coal"}).status_code == 422
    assert bobs.post("/account/", {f"own_{heated.pk}": ""}).status_code == 422
    assert bobs.post("/account/", {f"own_{heated.pk}": "Wood"}).status_code == 302
    assert asked(bobs) == []
    assert "would like to know" not in bobs.get("/account/").content.decode()


def test_what_is_missing_does_not_keep_the_profile_from_being_saved(cast: Cast, bobs: Client) -> None:
    field(cast, "House number")
    assert bobs.post("/account/", {"nickname": "Bobby"}).status_code == 302
    assert fresh(cast.bob).nickname == "Bobby"


def test_what_staff_have_set_is_not_the_customers_to_change(cast: Cast) -> None:
    house, free = field(cast, "House number"), field(cast, "Contract", required=False)
    perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=EditUserInput(custom={house.pk: "12"}))
    for one in (house, free):
        data = EditProfileInput(custom={one.pk: "13"})
        with pytest.raises(Refused) as caught:
            perform(EditProfile, actor=actor(cast.bob), target_id=cast.bob.pk, data=data)
        assert caught.value.reason == "field_not_asked"
    assert fresh(cast.bob).custom == {str(house.pk): "12"}


def test_what_does_not_fit_is_not_kept(cast: Cast) -> None:
    number = field(cast, "Rooms", kind=FieldKind.NUMBER)
    with pytest.raises(Refused) as caught:
        perform(
            EditProfile,
            actor=actor(cast.bob),
            target_id=cast.bob.pk,
            data=EditProfileInput(custom={number.pk: "many"}),
        )
    assert caught.value.reason == "field_unfit"


def test_who_helps_does_not_answer_for_the_customer(cast: Cast) -> None:
    house = field(cast, "House number")
    by = Assisting(id=1, public_id=uuid4(), agent_id=cast.ada.pk, agent_label="Ada", mode=AssistMode.ACT)
    data = EditProfileInput(custom={house.pk: "12"})
    with pytest.raises(Denied):
        perform(EditProfile, actor=replace(actor(cast.bob), assisted_by=by), target_id=cast.bob.pk, data=data)


def test_the_signed_in_person_is_whole(cast: Cast) -> None:
    house = field(cast, "House number")
    perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=EditUserInput(custom={house.pk: "12"}))
    loaded = signed_in_person(cast.bob.pk)
    assert loaded is not None
    for model, one in ((User, loaded), (Role, loaded.role), (Organization, loaded.organization)):
        whole = model.objects.get(pk=one.pk)
        for column in model._meta.concrete_fields:
            assert getattr(one, column.attname) == getattr(whole, column.attname), column.attname
