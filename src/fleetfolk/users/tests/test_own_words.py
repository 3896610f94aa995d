"""Searches find people by what an organization's own fields say of them."""

import importlib

import pytest
from django.apps import apps
from django.db import connection
from procrastinate import testing
from procrastinate.contrib.django import app

from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import (
    ArchiveField,
    ArchiveFieldInput,
    EditField,
    EditFieldInput,
)
from fleetfolk.organizations.models import CustomField, FieldKind
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks_search
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.models import User
from fleetfolk.users.tests.test_custom_fields import create


def say(cast: Cast, person: User, field: CustomField, value: str | bool | None) -> None:
    perform(EditUser, actor=actor(cast.ada), target_id=person.pk, data=EditUserInput(custom={field.pk: value}))


def found(signed_in: SignedIn, who: User, query: str) -> list[str]:
    """The first names that the Users list shows for the query."""
    page = signed_in(who).get("/users/", {"q": query}).content.decode()
    return [name for name in ("Ada", "Bob", "Bea", "Cleo", "Sue") if f'aria-label="Actions for {name} ' in page]


@pytest.fixture
def contract(cast: Cast) -> CustomField:
    return create(cast, cast.lumen, "Contract")


@pytest.mark.parametrize(
    ("kind", "value", "queries"),
    [
        (FieldKind.TEXT, "Überraschung 12-345/B", ["uberrasch", "12-345/b", "12345", "345", "bob 12-345"]),
        (FieldKind.TEXT, "美咲ボイラー", ["美咲"]),
        (FieldKind.NUMBER, "1250.5", ["1250.5", "1250", "12505"]),
        (FieldKind.CHOICE, "Comfort Plus", ["comfort", "plus comfort"]),
    ],
)
def test_a_person_is_found_by_a_field_and_the_row_says_by_which(
    cast: Cast, signed_in: SignedIn, kind: FieldKind, value: str, queries: list[str]
) -> None:
    field = create(cast, cast.lumen, "Heating", kind, *(["Comfort Plus", "Basic"] if kind == FieldKind.CHOICE else []))
    assert field.searchable
    say(cast, cast.bob, field, value)
    for query in queries:
        assert found(signed_in, cast.ada, query) == ["Bob"], query
    page = signed_in(cast.ada).get("/users/", {"q": queries[0]}).content.decode()
    assert "Heating: " in page
    assert "Heating: " not in signed_in(cast.ada).get("/users/", {"q": "bob"}).content.decode()


def test_what_is_emptied_or_changed_is_not_found_any_more(
    cast: Cast, signed_in: SignedIn, contract: CustomField
) -> None:
    say(cast, cast.bob, contract, "Comfort")
    say(cast, cast.bob, contract, "Basic")
    assert found(signed_in, cast.ada, "comfort") == []
    say(cast, cast.bob, contract, None)
    assert found(signed_in, cast.ada, "basic") == []
    assert found(signed_in, cast.ada, "bob") == ["Bob"]


@pytest.mark.parametrize(
    ("kind", "value", "query"),
    [(FieldKind.DATE, "2026-12-31", "2026-12-31"), (FieldKind.LINK, "https://wiki.example/x", "wiki")],
)
def test_dates_and_links_are_found_only_where_the_field_says_so(
    cast: Cast, signed_in: SignedIn, kind: FieldKind, value: str, query: str
) -> None:
    field = create(cast, cast.lumen, "More", kind)
    say(cast, cast.bob, field, value)
    assert found(signed_in, cast.ada, query) == []
    perform(EditField, actor=actor(cast.ada), target_id=field.pk, data=EditFieldInput(name="More", searchable=True))
    tasks_search.follow_field(field_id=field.pk)
    assert found(signed_in, cast.ada, query) == ["Bob"]


def test_no_search_looks_for_yes_or_no(cast: Cast, signed_in: SignedIn) -> None:
    field = create(cast, cast.lumen, "Newsletter", FieldKind.SWITCH)
    data = EditFieldInput(name="Newsletter", searchable=True)
    perform(EditField, actor=actor(cast.ada), target_id=field.pk, data=data)
    say(cast, cast.bob, field, True)
    assert not CustomField.objects.get(pk=field.pk).searchable
    assert found(signed_in, cast.ada, "true") == []


@pytest.mark.parametrize("change", ["not searched", "archived"])
def test_a_field_that_is_not_searched_any_more_is_forgotten_by_the_worker(
    cast: Cast, signed_in: SignedIn, contract: CustomField, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks_search, "SLICE", 2)
    for person in (cast.bob, cast.sue, cast.cleo):
        say(cast, person, contract, "Comfort")
    assert found(signed_in, cast.ada, "comfort") == ["Bob", "Cleo", "Sue"]
    with app.replace_connector(testing.InMemoryConnector()) as queue:
        if change == "archived":
            perform(ArchiveField, actor=actor(cast.ada), target_id=contract.pk, data=ArchiveFieldInput())
        else:
            data = EditFieldInput(name="Contract", searchable=False)
            perform(EditField, actor=actor(cast.ada), target_id=contract.pk, data=data)
        waiting = [job["task_name"] for job in queue.connector.jobs.values()]  # type: ignore[attr-defined]
    assert waiting == ["users.follow_field"]
    tasks_search.follow_field(field_id=contract.pk)
    assert found(signed_in, cast.ada, "comfort") == []
    assert fresh(cast.bob).custom == {str(contract.pk): "Comfort"}


def test_a_field_of_another_branch_or_tenant_finds_nobody_here(cast: Cast, signed_in: SignedIn) -> None:
    boiler = create(cast, cast.north, "Boiler")
    ransom = create(cast, cast.evil, "Ransom")
    say(cast, cast.bob, boiler, "Zephyr 4000")
    with staging():  # What is left from elsewhere, as after a transfer.
        person = fresh(cast.sue)
        person.custom = {str(boiler.pk): "Zephyr 4000", str(ransom.pk): "Zephyr 4000"}
        person.save(update_fields=["custom"])
    assert found(signed_in, cast.ada, "zephyr") == ["Bob"]
    assert found(signed_in, cast.sam, "zephyr") == []
    assert found(signed_in, cast.eve, "zephyr") == []


def test_the_longest_record_fits_into_the_index_and_the_name_is_found_first(cast: Cast, signed_in: SignedIn) -> None:
    fields = [create(cast, cast.lumen, f"Field {number}") for number in range(9)]
    for letters in ("a1b2 " * 40, "漢字" * 66):
        custom: dict[int, str | bool | None] = {one.pk: letters.strip()[:200] for one in fields}
        perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=EditUserInput(custom=custom))
        assert len(fresh(cast.bob).search_text.encode()) <= 2001
        assert found(signed_in, cast.ada, "bob") == ["Bob"]


def test_people_of_before_the_field_said_it_are_written_when_the_software_is_renewed(
    cast: Cast, signed_in: SignedIn, contract: CustomField
) -> None:
    say(cast, cast.bob, contract, "Comfort")
    with connection.cursor() as cursor:
        cursor.execute("/* staged */ UPDATE users_user SET search_text = ' bob' WHERE id = %s", [cast.bob.pk])
    assert found(signed_in, cast.ada, "comfort") == []
    migration = importlib.import_module("fleetfolk.users.migrations.0007_own_words")
    with staging(), connection.schema_editor() as editor:
        migration.write_words(apps, editor)
    assert found(signed_in, cast.ada, "comfort") == ["Bob"]


def test_settings_say_whether_a_field_is_found(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    sent = {"name": "Contract", "kind": "text", "choices": "", "searchable": "on"}
    browser.post("/settings/fields/new/", sent)
    browser.post("/settings/fields/new/", {**sent, "name": "Secret", "searchable": ""})
    browser.post("/settings/fields/new/", {**sent, "name": "Visit", "kind": "date"})
    said = dict(CustomField.objects.values_list("name", "searchable"))
    assert said == {"Contract": True, "Secret": False, "Visit": False}
    assert browser.get("/settings/fields/").content.decode().count("found by search") == 1
    visit = CustomField.objects.get(name="Visit")
    browser.post(f"/settings/fields/{visit.pk}/", {"name": "Visit", "searchable": "on"})
    assert CustomField.objects.get(pk=visit.pk).searchable
