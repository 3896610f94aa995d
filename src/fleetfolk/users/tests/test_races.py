"""Two at the same moment, on real connections: one succeeds, the other reads why not."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.each import perform_each
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform, perform_set
from fleetfolk.testing.cast import Cast, accept, actor, fresh, invite
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.races import meeting_at_the_lock, own_copy_of_the_database
from fleetfolk.testing.samples_roles import installers
from fleetfolk.users import tasks
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.delete_role import DeleteRole, DeleteRoleInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_invitation import EditInvitation, EditInvitationInput
from fleetfolk.users.actions.export_data import ExportData
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.import_users import ImportUsers, ImportUsersInput
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput
from fleetfolk.users.import_run import chunks
from fleetfolk.users.import_source import ImportSource
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Export
from fleetfolk.users.runs_export import run_export
from fleetfolk.users.tests.links import link_in_last_mail
from fleetfolk.users.tests.test_import_users import draft, start

MAILS = "LOCK TABLE procrastinate_jobs IN SHARE MODE"
"""Keeps whoever has just changed somebody and now queues the mail."""


@pytest.fixture
def _django_db_helper(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Stands in for pytest-django's transaction, which other connections could not look into."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        yield


def choose(browser: Client, path: str, password: str) -> Any:
    return browser.post(path, {"password1": password, "password2": password})


def test_a_link_that_is_posted_twice_at_the_same_moment_sets_one_password(cast: Cast) -> None:
    tasks.send_forgotten_link(email=cast.bob.email)
    link, browsers, passwords = link_in_last_mail(), [Client(), Client()], ["nine lamps in a row", "ten lamps in a row"]
    paths = [browser.get(link).headers["Location"] for browser in browsers]
    works = [partial(choose, *each) for each in zip(browsers, paths, passwords, strict=True)]
    held = "SELECT id FROM users_user WHERE id = %s FOR NO KEY UPDATE"
    answers = meeting_at_the_lock(*works, held=held, values=[cast.bob.pk])
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    for answer, password in zip(answers, passwords, strict=True):
        assert fresh(cast.bob).check_password(password) is (answer.status_code == 302)
    (late,) = [answer for answer in answers if answer.status_code == 200]
    assert "This link does not work any more" in late.content.decode()
    assert "fleetfolk-known" not in late.cookies
    results = Entry.objects.filter(code="user.password.edit", target_id=cast.bob.pk).values_list("result", "reason")
    assert set(results) == {("done", ""), ("refused", "password_link_over")}
    assert not [sent for sent in mail.outbox if "lamps" in str(sent.body)]


def inviting(cast: Cast, email: str, into: str) -> Any:
    data = InviteUserInput(first_name="New", last_name="Comer", email=email, role_id=cast.role("user").pk)
    return partial(perform, InviteUser, actor=actor(cast.abe), target_id=getattr(cast, into).pk, data=data)


def correcting(cast: Cast, person: User, email: str) -> Any:
    data = EditInvitationInput(email=email)
    return partial(perform, EditInvitation, actor=actor(cast.ada), target_id=person.pk, data=data)


def late_by_an_address(answers: list[Any]) -> None:
    first, second = answers
    assert not isinstance(first, Exception), first
    assert isinstance(second, Refused), second
    assert second.reason == "email_in_organization"
    assert Entry.objects.filter(reason="email_in_organization", result="refused").count() == 1


def test_an_invitation_is_corrected_to_an_address_that_is_just_being_invited(cast: Cast) -> None:
    paul = invite(cast.berg, "Paul Pending", cast.role("user"), by=cast.ada)
    late_by_an_address(
        meeting_at_the_lock(
            inviting(cast, "same@new.example", "berg"), correcting(cast, paul, "same@new.example"), held=MAILS
        )
    )
    assert fresh(paul).email == "paul@lumenhome.example"


def test_somebody_is_invited_under_an_address_to_which_an_invitation_is_just_corrected(cast: Cast) -> None:
    paul = invite(cast.berg, "Paul Pending", cast.role("user"), by=cast.ada)
    late_by_an_address(
        meeting_at_the_lock(
            correcting(cast, paul, "same@new.example"), inviting(cast, "same@new.example", "berg"), held=MAILS
        )
    )
    assert User.objects.get(email="same@new.example").pk == paul.pk


def test_somebody_is_transferred_to_where_their_address_is_just_being_invited(cast: Cast) -> None:
    data = TransferUserInput(admin_email=cast.sam.email, role_id=cast.role("user").pk)
    transferring = partial(perform, TransferUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)
    late_by_an_address(meeting_at_the_lock(inviting(cast, cast.bob.email, "south"), transferring, held=MAILS))
    assert fresh(cast.bob).organization == cast.berg


def test_an_import_writes_down_what_was_there_when_it_changed_it(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.FLEETFOLK_DATA = tmp_path
    job = start(draft("Name,Email,Role\nBob Berg,bob@lumenhome.example,Admin\n", cast.ada, cast.berg), cast.ada)
    (rows,) = chunks(ImportSource.of_job(job).rows(), skip=0, size=10)
    data = ImportUsersInput(rows=rows, skipped=0, total=1)
    importing = partial(perform_set, ImportUsers, actor=actor(cast.ada), target_id=job.pk, data=data)
    held, values = "UPDATE users_user SET role_id = %s WHERE id = %s", [cast.role("staff").pk, cast.bob.pk]
    (outcome,) = meeting_at_the_lock(importing, held=held, values=values)
    assert not isinstance(outcome, Exception), outcome
    entry = Entry.objects.get(code="user.import", target_id=cast.bob.pk, result="done")
    assert entry.changes == [{"field": "role", "before": "Staff", "after": "Admin"}]


def test_two_last_admins_cannot_remove_each_other(cast: Cast) -> None:
    second = accept(invite(cast.berg, "Bert Berg", cast.role("admin"), by=cast.ada))
    works = [
        partial(perform, DisableUser, actor=actor(cast.ada), target_id=cast.bea.pk, data=ReasonInput()),
        partial(
            perform,
            AssignRole,
            actor=actor(cast.abe),
            target_id=second.pk,
            data=AssignRoleInput(role_id=cast.role("staff").pk),
        ),
    ]
    held = "SELECT id FROM organizations_organization WHERE id = %s FOR NO KEY UPDATE"
    first, late = meeting_at_the_lock(*works, held=held, values=[cast.berg.pk])
    assert not isinstance(first, Exception), first
    assert isinstance(late, Refused)
    assert late.reason == "last_admin"
    assert fresh(second).role.builtin == "admin"


def take_file(browser: Client) -> Any:
    answer: Any = browser.post("/exports/")
    content = b"".join(answer.streaming_content) if answer.streaming else b""
    return answer, content


@pytest.mark.parametrize("whose", ["own", "of another"])
def test_an_export_that_is_fetched_twice_at_the_same_moment_is_given_once(
    cast: Cast, signed_in: SignedIn, settings: Settings, tmp_path: Path, whose: str
) -> None:
    settings.FLEETFOLK_DATA = tmp_path
    asking, asked = (cast.bob if whose == "own" else cast.ada), ExportData if whose == "own" else ExportUser
    perform(asked, actor=actor(asking), target_id=cast.bob.pk, data=NoInput())
    export = Export.objects.get()
    run_export(export.job_id)
    tasks.send_export_link(export_id=export.pk, tenant_id=export.tenant_id)
    (link,) = (word for word in str(mail.outbox[-1].body).split() if "/exports/" in word)
    browsers = [signed_in(asking), signed_in(asking)]
    for browser in browsers:
        browser.get(urlsplit(link).path)
    held = "SELECT id FROM users_user WHERE id = %s FOR NO KEY UPDATE"
    answers = meeting_at_the_lock(*[partial(take_file, each) for each in browsers], held=held, values=[cast.bob.pk])
    assert sorted(answer.status_code for answer, _content in answers) == [200, 410]
    for answer, content in answers:
        assert content.startswith(b"PK") is (answer.status_code == 200)
    code = "user.data.read" if whose == "own" else "user.export.read"
    results = Entry.objects.filter(code=code).values_list("result", "reason")
    assert sorted(results) == [("done", ""), ("refused", "export_taken")]


def _give(cast: Cast, role: Role) -> Any:
    return perform(AssignRole, actor=actor(cast.ada), target_id=cast.bob.pk, data=AssignRoleInput(role_id=role.pk))


def _invite(cast: Cast, role: Role) -> Any:
    data = InviteUserInput(first_name="New", last_name="Comer", email="new@lumenhome.example", role_id=role.pk)
    return perform(InviteUser, actor=actor(cast.ada), target_id=cast.berg.pk, data=data)


@pytest.mark.parametrize("give", [_give, _invite])
def test_a_role_that_is_deleted_while_it_is_given_is_refused(cast: Cast, give: Any) -> None:
    role = installers(cast)
    [answer] = meeting_at_the_lock(
        partial(give, cast, role), held="DELETE FROM access_role WHERE id = %s", values=[role.pk]
    )
    assert isinstance(answer, Refused)
    assert answer.reason == "role_gone"
    assert fresh(cast.bob).role == cast.role("user")


def test_a_role_is_given_to_many_while_it_is_deleted_to_nobody(cast: Cast) -> None:
    role = installers(cast)
    [answer] = meeting_at_the_lock(
        lambda: perform_each(
            AssignRole,
            actor=actor(cast.ada),
            target_ids=[cast.bob.pk, cast.sue.pk],
            data=AssignRoleInput(role_id=role.pk),
        ),
        held="DELETE FROM access_role WHERE id = %s",
        values=[role.pk],
    )
    assert not answer.done
    assert set(answer.refused) == {cast.bob.pk, cast.sue.pk}


def test_whoever_is_given_a_role_while_it_is_deleted_gets_the_other_one(cast: Cast) -> None:
    """The deletion waits for who gives it, and finds the person then."""
    role = installers(cast)
    deleting = partial(
        perform,
        DeleteRole,
        actor=actor(cast.ada),
        target_id=role.pk,
        data=DeleteRoleInput(replacement_id=cast.role("staff").pk),
    )
    # Somebody else gives it, as the Action does: it holds the role first.
    held = (
        "WITH kept AS (SELECT id FROM access_role WHERE id = %s FOR KEY SHARE)"
        " UPDATE users_user SET role_id = kept.id FROM kept WHERE users_user.id = %s"
    )
    [answer] = meeting_at_the_lock(deleting, held=held, values=[role.pk, cast.bob.pk])
    assert answer.facts["people"] == 1
    assert fresh(cast.bob).role == cast.role("staff")
