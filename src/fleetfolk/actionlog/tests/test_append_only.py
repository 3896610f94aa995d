"""The log is append-only in the database, and outlives what it speaks of."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import parts
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput

FAR_AHEAD = dt.datetime(2199, 1, 1, tzinfo=dt.UTC)


def partition_of(entry: Entry) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM actionlog_entry WHERE at = %s AND id = %s", [entry.at, entry.pk]
        )
        (name,) = cursor.fetchone()
    return str(name)


@pytest.mark.parametrize("statement", ["UPDATE {} SET code = 'x.edit'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("where", ["table", "partition", "default partition"])
def test_the_database_refuses_its_own_owner(cast: Cast, statement: str, where: str) -> None:
    entry = Entry.objects.latest("at")
    # Far ahead of every month: so the default partition has a row, too.
    Entry.objects.create(tenant=cast.lumen, at=FAR_AHEAD, code="user.edit", result="done", client="web", path="2.")
    table = {
        "table": "actionlog_entry",
        "partition": partition_of(entry),
        "default partition": "actionlog_entry_default",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE relname = %s", [table[where]]
        )
        assert cursor.fetchone() == (True,)
    number = Entry.objects.count()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table[where]))
    assert Entry.objects.count() == number


PSEUDONYMIZE = "SELECT actionlog_pseudonymize(%s, %s, '{}', '{}', %s, '{user.disable}', '{role}', 100)"


def change(sql: str, *params: str | int | list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize(
    "changed",
    [
        "actor_label = 'Somebody Else'",
        "target_label = 'Erased person 99'",
        "code = 'user.edit'",
        "result = 'denied'",
        "at = at + interval '1 second'",
        "actor_id = '999999'",
        "target_id = 999999",
        "reason = 'typed later'",
        "request_id = ''",
        "organization_label = ''",
        "address = '198.51.100.1'",
        "facts = facts || '{\"added\": 1}'",
        "facts = '[]'",
        "facts = jsonb_build_object('reason', 'another')",
        'changes = changes || \'[{"field": "x"}]\'',
        'changes = \'[{"field": "phone", "before": null, "after": "+4930"}]\'',
    ],
)
def test_what_lets_a_name_be_taken_out_lets_nothing_else_be_said(cast: Cast, changed: str) -> None:
    """Whoever knows the setting that erasing works with can take names away, and can change nothing."""
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput(reason="said then"))
    about = "target_id = %s AND code = 'user.disable'"
    change("SELECT set_config('fleetfolk.erased', %s, true)", str(cast.bob.pk))
    with pytest.raises(DatabaseError, match="append-only"):
        change(f"UPDATE actionlog_entry SET {changed} WHERE {about}", cast.bob.pk)  # noqa: S608
    change("SELECT set_config('fleetfolk.erased', '', true)")
    entry = Entry.objects.get(code="user.disable", target_id=cast.bob.pk)
    assert (entry.target_label, entry.facts) == ("Bob Berg", {"reason": "said then"})


@pytest.mark.parametrize("statement", ["DELETE FROM actionlog_entry", "TRUNCATE actionlog_entry"])
def test_erasing_deletes_no_entry(cast: Cast, statement: str) -> None:
    change("SELECT set_config('fleetfolk.erased', %s, true)", str(cast.bob.pk))
    with pytest.raises(DatabaseError, match="append-only"):
        change(statement)


def test_the_privileged_function_takes_one_person_out_and_closes_behind_it(cast: Cast) -> None:
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput(reason="said then"))
    others = list(Entry.objects.exclude(target_id=cast.bob.pk).exclude(actor_id=str(cast.bob.pk)).order_by("pk"))
    change(PSEUDONYMIZE, cast.lumen.pk, cast.bob.pk, [cast.bob.email])
    entry = Entry.objects.get(code="user.disable", target_id=cast.bob.pk)
    assert (entry.target_label, entry.facts, entry.actor_label) == (f"Erased person {cast.bob.pk}", {}, str(cast.ada))
    assert not Entry.objects.filter(target_label="Bob Berg").exists()
    same = {each.pk: each for each in Entry.objects.all()}
    told = [(each.code, each.actor_label, each.target_label, each.facts) for each in others]
    assert told == [
        (now.code, now.actor_label, now.target_label, now.facts) for now in (same[each.pk] for each in others)
    ]
    with pytest.raises(DatabaseError, match="append-only"):
        change("UPDATE actionlog_entry SET target_label = 'Erased person %s' WHERE target_id = %s", 1, cast.sue.pk)
    with connection.cursor() as cursor:
        cursor.execute(PSEUDONYMIZE, [cast.lumen.pk, cast.bob.pk, [cast.bob.email]])
        assert cursor.fetchone() == (0,)


def test_another_tenant_s_entries_are_not_touched(cast: Cast) -> None:
    before = list(Entry.objects.filter(tenant=cast.evil).order_by("pk").values_list("actor_label", "target_label"))
    change(PSEUDONYMIZE, cast.lumen.pk, cast.eve.pk, [cast.eve.email])
    assert before == list(
        Entry.objects.filter(tenant=cast.evil).order_by("pk").values_list("actor_label", "target_label")
    )


def test_entries_outlive_the_person_and_the_organization(cast: Cast) -> None:
    about_sue = Entry.objects.filter(target_type="users.User", target_id=cast.sue.pk)
    number, label, south_id = about_sue.count(), about_sue[0].target_label, cast.south.pk
    with staging():
        fresh(cast.sue).delete()
        fresh(cast.sam).delete()
        cast.south.delete()
    assert (about_sue.count(), about_sue[0].target_label) == (number, label)
    assert Entry.objects.filter(organization_id=south_id).exists()


class LogOnFire:
    """A log that cannot be written."""

    def write(self, *_args: object, **_about: object) -> None:
        """Breaks as a full disk would."""
        raise OSError("no space left on device")


def test_without_an_entry_there_is_no_change(cast: Cast, settings: Settings) -> None:
    settings.FLEETFOLK_LOG = f"{__name__}.LogOnFire"
    assert isinstance(parts.log(), LogOnFire)
    with pytest.raises(OSError, match="no space"):
        perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput(reason=""))
    assert fresh(cast.bob).disabled_at is None


def test_an_entry_that_the_database_refuses_undoes_the_change(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE actionlog_entry ADD CONSTRAINT full_up CHECK (code <> 'user.disable') NOT VALID")
    with pytest.raises(DatabaseError, match="full_up"):
        perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput(reason=""))
    assert fresh(cast.bob).disabled_at is None
    assert not Entry.objects.filter(code="user.disable").exists()
