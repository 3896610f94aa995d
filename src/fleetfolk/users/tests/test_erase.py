"""Erasing somebody: nothing names them any more, the log says the same without them, and a certificate counts."""

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from pytest_django import Settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks
from fleetfolk.users.actions.assign_tag import AssignTag, AssignTagInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.erase_user import EraseUser, EraseUserInput, certificate_of, checksum_of
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.erased import file, keep_erasure, remembered
from fleetfolk.users.erasing import forget_in_log, pseudonym_of
from fleetfolk.users.models import RESTORABLE_FOR, EmailChange, User
from fleetfolk.users.models_privacy import Erasure, Suppression

PHONE = "+4915155500123"
SAYING = ("bob@lumenhome.example", "Bob Berg", "Bobby", "bob.new@lumenhome.example", PHONE)
"""Words by which anybody would know Bob again."""

STAYS = {"demo_mail", "django_session", "fleetfolk_cache"}
"""Tables that the register, or the list of tables without people, says may still hold words for a while."""


def live(cast: Cast) -> None:
    """Bob has used everything there is."""
    ada, bob = actor(cast.ada), actor(cast.bob)
    edit = EditUserInput(first_name="Bob", last_name="Berg", phone=PHONE, nickname="Bobby", location_id=None)
    perform(EditUser, actor=ada, target_id=cast.bob.pk, data=edit)
    with staging():
        tag = Tag.objects.create(tenant=cast.lumen, organization=cast.lumen, name="Vip")
        now = clock.now()
        UserSession.objects.create(
            user=cast.bob, session_key="k" * 32, ip="192.0.2.77", user_agent="Bob's Browser", last_seen_at=now, data={}
        )
        Authenticator.objects.create(user=cast.bob, type="totp", data={"secret": "s"})
        EmailChange.objects.create(
            tenant=cast.lumen,
            user=cast.bob,
            email="bob.new@lumenhome.example",
            session_epoch=cast.bob.session_epoch,
            by_label="Bob Berg",
            requested_at=now,
            expires_at=now,
        )
    perform(AssignTag, actor=ada, target_id=cast.bob.pk, data=AssignTagInput(tag_id=tag.pk))
    perform(ExportUser, actor=ada, target_id=cast.bob.pk, data=NoInput())
    perform(DisableUser, actor=ada, target_id=cast.bob.pk, data=ReasonInput(reason="Bob Berg is away"))
    perform(EnableUser, actor=ada, target_id=cast.bob.pk, data=NoInput())
    data = InviteUserInput(first_name="Bob", last_name="Berg", email=cast.bob.email, role_id=cast.role("user").pk)
    with pytest.raises(Refused):
        perform(InviteUser, actor=ada, target_id=cast.berg.pk, data=data)
    with pytest.raises(TargetNotFound):
        perform(DisableUser, actor=bob, target_id=cast.bea.pk, data=ReasonInput())
    invite(cast.berg, "Pia Berg", cast.role("user"), by=cast.bea, email="pia@lumenhome.example")


def delete(cast: Cast, *, suppress: bool = False) -> None:
    """Ada deleted Bob eight days ago."""
    with clock.at(clock.now() - RESTORABLE_FOR - dt.timedelta(days=1)):
        data = DeleteUserInput(reason="left", suppress=suppress)
        perform(DeleteUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)


def erase(cast: Cast) -> Erasure:
    """The caretaker has erased Bob."""
    tasks.erase_deleted(timestamp=0)
    assert not User.objects.filter(pk=cast.bob.pk).exists()
    return Erasure.objects.get()


def everything_written() -> Iterator[tuple[str, str]]:
    """Every row of every table as text, whichever columns it has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = current_schema()"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608 - from the catalogue
            for (row,) in cursor.fetchall():
                yield table, row


def found(words: tuple[str, ...]) -> set[tuple[str, str]]:
    return {
        (table, word) for table, row in everything_written() for word in words if word in row and table not in STAYS
    }


def test_nothing_anywhere_names_an_erased_person(cast: Cast) -> None:
    live(cast)
    delete(cast)
    assert {table for table, _ in found(SAYING)} >= {"users_user", "actionlog_entry", "jobs_job", "users_emailchange"}
    erase(cast)
    assert not found(SAYING)
    assert not found(("192.0.2.77", "Bob's Browser"))


def test_the_log_keeps_what_happened_without_the_person(cast: Cast) -> None:
    live(cast)
    about = Entry.objects.filter(target_type="users.User", target_id=cast.bob.pk)
    by = Entry.objects.filter(actor_id=str(cast.bob.pk))
    before = [(each.pk, each.at, each.code, each.result) for each in (*about, *by)]
    ada_was = about.get(code="user.disable").actor_label
    delete(cast)
    erase(cast)
    pseudonym = pseudonym_of(cast.bob.pk)
    after = [(each.pk, each.at, each.code, each.result) for each in (*about.all(), *by.all())]
    assert set(before) <= set(after)
    assert {each.target_label for each in about.all()} == {pseudonym}
    assert {each.actor_label for each in by.all()} == {pseudonym}
    assert {each.address for each in by.all()} == {None}
    disabled = about.get(code="user.disable")
    assert (disabled.actor_label, disabled.facts) == (ada_was, {})
    assert about.get(code="user.edit").changes
    assert {change["after"] for change in about.get(code="user.edit").changes} == {None}
    assert by.filter(code="user.disable").get().target_id == cast.bea.pk
    last = about.get(code="user.erase")
    assert (last.actor_label, last.result) == ("Fleetfolk", "done")


def test_others_of_the_same_tenant_keep_their_names(cast: Cast) -> None:
    live(cast)
    others = Entry.objects.exclude(target_id=cast.bob.pk).exclude(actor_id=str(cast.bob.pk)).exclude(result="refused")
    kept = list(others.order_by("pk").values_list("pk", "actor_label", "target_label", "facts", "changes"))
    delete(cast)
    erase(cast)
    now = {row[0]: row for row in others.values_list("pk", "actor_label", "target_label", "facts", "changes")}
    jobs = {"jobs.Job", "users.Export"}
    changed = [row[0] for row in kept if now[row[0]] != row]
    assert set(Entry.objects.filter(pk__in=changed).values_list("target_type", flat=True)) <= jobs


def test_the_certificate_counts_and_names_nobody(cast: Cast, signed_in: SignedIn) -> None:
    live(cast)
    delete(cast)
    entries = Entry.objects.filter(target_type="users.User", target_id=cast.bob.pk).count()
    erasure = erase(cast)
    assert erasure.counts["users.User"] == 1
    assert erasure.counts["users.UserTag"] == 1
    assert "usersessions.UserSession" not in erasure.counts, "the sessions ended when the deletion began"
    assert erasure.counts["mfa.Authenticator"] == 1
    assert erasure.certificate == checksum_of(certificate_of(erasure))
    assert entries > 5
    answer = signed_in(cast.ada).get(reverse("users:erasure-file", args=[erasure.pk]))
    whole = json.loads(answer.content)
    assert whole["sha256"] == checksum_of(whole["certificate"])
    assert not [word for word in SAYING if word in answer.content.decode()]
    page = signed_in(cast.ada).get(reverse("users:erasure", args=[erasure.pk])).content.decode()
    assert "Certificate" in page
    assert not [word for word in SAYING if word in page]


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("finn", 403), ("dana", 403), ("eve", 404), ("sue", 403)])
def test_certificates_are_for_who_may_delete_anybody(cast: Cast, signed_in: SignedIn, who: str, status: int) -> None:
    delete(cast)
    erasure = erase(cast)
    for name in ("users:erasure", "users:erasure-file"):
        assert signed_in(getattr(cast, who)).get(reverse(name, args=[erasure.pk])).status_code == status
    listed = signed_in(getattr(cast, who)).get(reverse("users:erasures"))
    assert (f"/erasures/{erasure.pk}/" in listed.content.decode()) == (status == 200)


def test_nobody_but_the_caretaker_erases(cast: Cast) -> None:
    delete(cast)
    for data in (EraseUserInput(), EraseUserInput(again=True)):
        with pytest.raises(Denied):
            perform(EraseUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)
    assert User.objects.filter(pk=cast.bob.pk).exists()


def test_within_the_days_of_grace_nothing_is_erased(cast: Cast) -> None:
    perform(DeleteUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=DeleteUserInput())
    tasks.erase_deleted(timestamp=0)
    assert fresh(cast.bob).name == "Bob Berg"
    assert Entry.objects.filter(target_id=cast.bob.pk, target_label="Bob Berg").exists()


def test_after_the_days_of_grace_nothing_is_restored_while_erasing_goes_on(cast: Cast) -> None:
    delete(cast)
    forget_in_log(fresh(cast.bob), most=1)
    with pytest.raises(Refused) as refusal:
        perform(RestoreUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=NoInput())
    assert refusal.value.reason == "restore_over"


def test_erasing_that_was_killed_in_the_middle_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    live(cast)
    delete(cast)
    with monkeypatch.context() as killed:
        steps = iter([forget_in_log(fresh(cast.bob), most=2)])

        def once(_person: User) -> int:
            try:
                return next(steps)
            except StopIteration:
                raise KeyboardInterrupt from None

        killed.setattr(tasks, "forget_in_log", once)
        with pytest.raises(KeyboardInterrupt):
            tasks.erase_deleted(timestamp=0)
    assert User.objects.filter(pk=cast.bob.pk).exists()
    assert found(SAYING)
    erase(cast)
    assert not found(SAYING)


def test_a_deactivated_person_who_was_deleted_is_erased_all_the_same(cast: Cast) -> None:
    delete(cast)
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(deactivated_at=clock.now())
    erase(cast)


# Suppression


def test_a_suppressed_address_is_kept_as_a_hash_and_not_added_again(cast: Cast) -> None:
    delete(cast, suppress=True)
    erase(cast)
    assert not found(("bob@lumenhome.example",))
    assert Suppression.objects.count() == 1
    data = InviteUserInput(
        first_name="Bob", last_name="Again", email="bob@lumenhome.example", role_id=cast.role("user").pk
    )
    with pytest.raises(Refused) as refusal:
        perform(InviteUser, actor=actor(cast.ada), target_id=cast.berg.pk, data=data)
    assert refusal.value.reason == "address_suppressed"
    perform(
        InviteUser,
        actor=actor(cast.eve),
        target_id=cast.evil.pk,
        data=InviteUserInput(
            first_name="Bob",
            last_name="Again",
            email="bob@lumenhome.example",
            role_id=cast.role("user", cast.evil).pk,
        ),
    )


def test_a_suppressed_address_is_known_while_a_new_secret_key_takes_over(cast: Cast, settings: Settings) -> None:
    delete(cast, suppress=True)
    erase(cast)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key, of fifty letters or more"
    data = InviteUserInput(
        first_name="Bob", last_name="Again", email="bob@lumenhome.example", role_id=cast.role("user").pk
    )
    with pytest.raises(Refused) as refusal:
        perform(InviteUser, actor=actor(cast.ada), target_id=cast.berg.pk, data=data)
    assert refusal.value.reason == "address_suppressed"


def test_without_the_wish_the_address_may_come_back(cast: Cast) -> None:
    delete(cast)
    erase(cast)
    invite(cast.berg, "Bob Again", cast.role("user"), by=cast.ada, email="bob@lumenhome.example")


# After a restored backup


def restore_backup(rows: list[tuple[str, str]]) -> None:
    """The rows are back, and what was made since is gone."""
    with connection.cursor() as cursor:
        cursor.execute("/* staged */ DELETE FROM users_erasure")
        cursor.execute("/* staged */ DELETE FROM users_suppression")
        columns = "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
        for table, row in rows:
            cursor.execute(
                f"{columns} WHERE table_name = %s AND table_schema = current_schema() AND is_generated = 'NEVER'",
                [table],
            )
            (names,) = cursor.fetchone()
            cursor.execute(
                f"/* staged */ INSERT INTO {table} ({names})"  # noqa: S608 - from the catalogue
                f" SELECT {names} FROM json_populate_record(NULL::{table}, %s)",
                [row],
            )


def test_a_restored_backup_brings_nobody_back(cast: Cast, data_folder: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM users_user t WHERE id = %s", [cast.bob.pk])
        backup = [("users_user", row) for (row,) in cursor.fetchall()]
    delete(cast, suppress=True)
    erasure = erase(cast)
    keep_erasure(erasure)
    assert not [word for word in SAYING if word in file().read_text()]
    restore_backup(backup)
    assert fresh(cast.bob).email == "bob@lumenhome.example"
    call_command("reapply_erasures", verbosity=0)
    assert not User.objects.filter(pk=cast.bob.pk).exists()
    assert Erasure.objects.get().again
    assert Suppression.objects.count() == 1


def test_somebody_else_who_got_the_number_of_an_erased_person_stays(cast: Cast, data_folder: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM users_user t WHERE id = %s", [cast.bob.pk])
        (row,) = cursor.fetchone()
    delete(cast)
    keep_erasure(erase(cast))
    other = {**json.loads(row), "email": "new@lumenhome.example", "created_at": clock.now().isoformat()}
    restore_backup([("users_user", json.dumps(other))])
    call_command("reapply_erasures", verbosity=0)
    assert User.objects.get(pk=cast.bob.pk).email == "new@lumenhome.example"


def test_a_line_that_was_cut_off_is_passed_over(cast: Cast, data_folder: None) -> None:
    delete(cast)
    keep_erasure(erase(cast))
    with file().open("a") as out:
        out.write('{"tenant": 2, "subj')
    assert len(list(remembered())) == 1


def test_the_caretaker_alone_may_be_asked_by_the_system(cast: Cast) -> None:
    delete(cast)
    with pytest.raises(Denied):
        perform(
            EraseUser,
            actor=system_actor("mailer", tenant_id=cast.lumen.pk),
            target_id=cast.bob.pk,
            data=EraseUserInput(),
        )
