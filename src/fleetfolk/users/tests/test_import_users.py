"""Importing people: what becomes of each row, and what a job may not do."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform, perform_set
from fleetfolk.organizations.actions import CreateLocation, CreateLocationInput, CreateTag, CreateTagInput
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.create_import import CreateImport, CreateImportInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_import import EditImport, EditImportInput
from fleetfolk.users.actions.import_users import ImportUsers, ImportUsersInput
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.actions.start_import import StartImport, StartImportInput
from fleetfolk.users.import_reasons import left_out
from fleetfolk.users.import_source import ImportSource
from fleetfolk.users.models import Invitation, State, User
from fleetfolk.users.runs import run_import
from fleetfolk.users.uploads import folder, keep_upload

pytestmark = pytest.mark.usefixtures("data_folder")


def draft(text: str, by: User, into: Organization, *, role: Role | None = None, invite: bool = False) -> Job:
    """A draft of an import of this text."""
    chosen = role or Role.objects.get(tenant=into.tenant_id, builtin="user")
    source = ImportSource.of_file(
        file=keep_upload([text.encode()]),
        file_name="people.csv",
        within=into,
        role_id=chosen.pk,
        country="DE",
        invite=invite,
        client="web",
    )
    job: Any = perform(CreateImport, actor=actor(by), target_id=into.pk, data=CreateImportInput(source=source)).target
    return Job.objects.get(pk=job.pk)


def start(job: Job, by: User, *, only_check: bool = False) -> Job:
    data = StartImportInput(only_check=only_check, here=True)
    started: Job = perform(StartImport, actor=actor(by), target_id=job.pk, data=data).target
    return started


def imported(text: str, by: User, into: Organization, **more: Any) -> Job:
    """The job, after an import of this text."""
    job = start(draft(text, by, into, **more), by)
    run_import(job.pk)
    return Job.objects.get(pk=job.pk)


def reasons(job: Job) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in job.problems.order_by("line")]


def test_new_people_are_pending_and_nobody_is_written_to(cast: Cast) -> None:
    job = imported("Vorname;Nachname;E-Mail;Telefon\nJürgen;Groß;jg@example.org;0171 1234567\n", cast.finn, cast.north)
    assert (job.state, job.counts["new"], job.done, job.total) == (JobState.DONE, 1, 1, 1)
    person = User.objects.select_related("role").get(email="jg@example.org")
    assert (person.name, person.phone, person.state) == ("Jürgen Groß", "+491711234567", State.PENDING)
    assert (person.organization_id, person.role.builtin) == (cast.north.pk, "user")
    assert not person.has_usable_password()
    assert not Invitation.objects.filter(user=person).exists()
    entry = Entry.objects.get(code="user.import", target_id=person.pk)
    assert (entry.actor_label, entry.target_label, entry.batch_id) == ("Finn North", "Jürgen Groß", job.batch_id)
    assert entry.facts["email"] == "jg@example.org"
    assert entry.facts["line"] == 2


def test_the_same_file_again_changes_nothing_and_adds_nobody(cast: Cast) -> None:
    text = "Name,Email\nJürgen Groß,jg@example.org\n"
    imported(text, cast.finn, cast.north)
    before = Entry.objects.filter(code="user.import").count()
    job = imported(text, cast.finn, cast.north)
    assert (job.counts["new"], job.counts["unchanged"]) == (0, 1)
    assert User.objects.filter(email="jg@example.org").count() == 1
    assert Entry.objects.filter(code="user.import").count() == before


def test_a_changed_row_updates_name_phone_location_role_and_tags_and_blank_leaves_them(cast: Cast) -> None:
    perform(CreateLocation, actor=actor(cast.finn), target_id=cast.north.pk, data=CreateLocationInput(name="Hall A"))
    perform(CreateTag, actor=actor(cast.finn), target_id=cast.north.pk, data=CreateTagInput(name="VIP", colour=1))
    header = "First name,Last name,Email,Phone,Role,Location,Tags\n"
    imported(header + "Jo,Groß,jg@example.org,+491711234567,,,\n", cast.finn, cast.north)
    imported(header + "Jürgen,,jg@example.org,,STAFF,hall a,vip\n", cast.finn, cast.north)
    person = User.objects.select_related("role", "location").get(email="jg@example.org")
    assert (person.first_name, person.last_name, person.phone) == ("Jürgen", "Groß", "+491711234567")
    assert person.role.builtin == "staff"
    assert person.location is not None
    assert person.location.name == "Hall A"
    assert [tag.name for tag in person.tags.all()] == ["VIP"]
    entry = Entry.objects.filter(code="user.import", target_id=person.pk).latest("at", "id")
    assert [(change["field"], change["before"], change["after"]) for change in entry.changes] == [
        ("first_name", "Jo", "Jürgen"),
        ("location", None, "Hall A"),
        ("role", "User", "Staff"),
        ("tag", None, "VIP"),
    ]
    job = imported(header + "Jürgen,,jg@example.org,,staff,HALL A,VIP\n", cast.finn, cast.north)
    assert job.counts["unchanged"] == 1


def test_wrong_rows_are_kept_with_line_and_reason_and_right_ones_go_in(cast: Cast) -> None:
    perform(CreateLocation, actor=actor(cast.finn), target_id=cast.north.pk, data=CreateLocationInput(name="Hall A"))
    job = imported(
        "Name,Email,Role,Location,Organization\n"
        "Good One,good@example.org,User,Hall A,\n"
        "No Address,,,,\n"
        "Bad Role,role@example.org,Emperor,,\n"
        '"Line\nBreak",break@example.org,,Nowhere,\n'
        "Far Away,far@example.org,,,South\n"
        "Good Too,two@example.org,,,familie berg\n",
        cast.finn,
        cast.north,
    )
    assert job.counts["new"] == 2
    assert reasons(job) == [
        (3, "email_missing"),
        (4, "role_unknown"),
        (5, "location_unknown"),
        (7, "organization_unknown"),
    ]
    assert User.objects.get(email="two@example.org").organization_id == cast.berg.pk


def test_a_column_of_names_that_mean_nothing_here_is_left_out_until_chosen(cast: Cast) -> None:
    text = "Name,Email,Company,City,Profile\nA B,a@example.org,Acme,Paris,Manager\n"
    job = imported(text, cast.finn, cast.north)
    assert set(job.input["mapping"]) == {"name", "email"}
    assert job.counts["new"] == 1


def test_nobody_stronger_is_changed_and_no_stronger_role_is_given(cast: Cast) -> None:
    job = imported(
        "Name,Email,Role\n"
        f"Finn Fool,{cast.finn.email},\n"
        "New Admin,admin2@example.org,Admin\n"
        f"Cleo Staff,{cast.cleo.email},Admin\n"
        "Fine,fine@example.org,Staff\n",
        cast.cleo,
        cast.north,
    )
    assert reasons(job) == [(2, "target_is_stronger"), (3, "role_is_stronger"), (4, "role_is_stronger")]
    assert job.counts["new"] == 1
    assert fresh(cast.finn).name == "Finn North"
    assert fresh(cast.cleo).role.builtin == "staff"


def test_a_role_for_rows_without_one_that_is_too_strong_is_denied(cast: Cast) -> None:
    with pytest.raises(Denied, match="role_is_stronger"):
        draft("Name,Email\nA B,a@example.org\n", cast.cleo, cast.north, role=cast.role("admin"))
    assert Entry.objects.get(code="user.import.create").result == "denied"


def test_the_last_admin_is_not_demoted_and_one_of_two_is(cast: Cast) -> None:
    job = imported(f"Name,Email,Role\nFinn North,{cast.finn.email},User\n", cast.ada, cast.north)
    assert reasons(job) == [(2, "last_admin")]
    job = imported(
        f"Name,Email,Role\nAbe Abel,{cast.abe.email},User\nAda Lindqvist,{cast.ada.email},User\n", cast.ada, cast.lumen
    )
    assert reasons(job) == [(3, "last_admin")]
    assert fresh(cast.abe).role.builtin == "user"


@pytest.mark.parametrize("by", ["eve", "sam", "bea"])
def test_an_importer_of_elsewhere_finds_no_such_organization(cast: Cast, by: str) -> None:
    with pytest.raises(TargetNotFound):
        draft("Name,Email\nA B,a@example.org\n", getattr(cast, by), cast.north, role=cast.role("user"))


def test_nobody_comes_into_an_archived_organization(cast: Cast) -> None:
    with staging():
        Organization.objects.filter(pk__in=[cast.north.pk, cast.berg.pk]).update(archived_at=clock.now())
    text = "name,email,organization\nNina New,nina@example.com,Familie Berg\nOlaf New,olaf@example.com,South\n"
    assert reasons(imported(text, cast.ada, cast.lumen)) == [(2, "organization_unknown")]
    job = imported("name,email\nPia New,pia@example.com\n", cast.ada, Organization.objects.get(pk=cast.north.pk))
    assert reasons(job) == [(2, "organization_archived")]
    assert "North is archived" in left_out(job.problems.get()).sentence
    assert {person.email for person in User.objects.filter(email__endswith="@example.com")} == {"olaf@example.com"}


def test_a_role_of_another_tenant_is_denied(cast: Cast) -> None:
    with pytest.raises(Denied, match="role_is_stronger"):
        draft("Name,Email\nA B,a@example.org\n", cast.finn, cast.north, role=cast.role("user", cast.evil))


def test_without_the_permission_nothing_is_prepared(cast: Cast) -> None:
    with pytest.raises(Denied, match="permission_missing"):
        draft("Name,Email\nA B,a@example.org\n", cast.dana, cast.lumen, role=cast.role("user"))
    assert not Job.objects.exists()


def test_an_address_with_an_account_elsewhere_is_answered_as_any_other(cast: Cast) -> None:
    job = imported(f"Name,Email\nEve Evil,{cast.eve.email}\nNew One,new@example.org\n", cast.finn, cast.north)
    assert (job.counts["new"], job.counts["problem"]) == (2, 0)
    assert fresh(cast.eve).organization_id == cast.evil.pk
    assert fresh(cast.eve).is_active


def test_another_persons_draft_cannot_be_started_with_their_rights(cast: Cast) -> None:
    job = draft("Name,Email\nA B,a@example.org\n", cast.finn, cast.north)
    with pytest.raises(Denied, match="import_of_another"):
        start(job, cast.cleo)
    with pytest.raises(TargetNotFound):
        start(job, cast.eve)


def test_another_persons_draft_is_not_changed_under_their_hands(cast: Cast) -> None:
    job = draft("Name,Email\nA B,a@example.org\n", cast.finn, cast.north)
    source = ImportSource.of_job(job)
    data = EditImportInput(mapping=source.mapping, country="FR", role_id=source.role_id, invite=True)
    with pytest.raises(Denied, match="import_of_another"):
        perform(EditImport, actor=actor(cast.ada), target_id=job.pk, data=data)
    job.refresh_from_db()
    assert ImportSource.of_job(job) == source
    perform(EditImport, actor=actor(cast.finn), target_id=job.pk, data=data)
    start(job, cast.finn)
    with pytest.raises(Refused, match="job_not_draft"):
        perform(EditImport, actor=actor(cast.finn), target_id=job.pk, data=data)


def test_a_check_is_no_draft_that_could_be_started(cast: Cast) -> None:
    check = start(draft("Name,Email\nA B,a@example.org\n", cast.finn, cast.north), cast.finn, only_check=True)
    with pytest.raises(Denied, match="import_of_another"):
        start(check, cast.finn)


def test_a_running_import_acts_with_nobody_elses_rights(cast: Cast) -> None:
    job = start(draft("Name,Email\nA B,a@example.org\n", cast.cleo, cast.north), cast.cleo)
    data = ImportUsersInput(rows=[], skipped=0, total=1)
    with pytest.raises(Refused, match="import_of_another"):
        perform_set(ImportUsers, actor=actor(cast.ada), target_id=job.pk, data=data)


def test_an_import_starts_once(cast: Cast) -> None:
    job = draft("Name,Email\nA B,a@example.org\n", cast.finn, cast.north)
    start(job, cast.finn)
    with pytest.raises(Refused, match="job_not_draft"):
        start(job, cast.finn)


def test_a_check_counts_and_changes_nobody(cast: Cast) -> None:
    people, entries = User.objects.count(), Entry.objects.filter(code="user.import").count()
    job = draft("Name,Email\nA B,a@example.org\nBad,\n", cast.finn, cast.north, invite=True)
    check = start(job, cast.finn, only_check=True)
    run_import(check.pk)
    check.refresh_from_db()
    job.refresh_from_db()
    assert (check.state, check.counts["new"], check.counts["problem"]) == (JobState.DONE, 1, 1)
    assert job.state == JobState.DRAFT
    assert job.input["check_id"] == check.pk
    assert User.objects.count() == people
    assert Entry.objects.filter(code="user.import").count() == entries


def many(count: int) -> str:
    return "Name,Email\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(count))


def test_who_is_demoted_midway_gets_no_further_and_what_was_done_stays(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleetfolk.users.import_run.CHUNK", 10)
    job = start(draft(many(30), cast.cleo, cast.north), cast.cleo)

    def demote(job: Job) -> None:
        role = AssignRoleInput(role_id=cast.role("user").pk)
        perform(AssignRole, actor=actor(cast.ada), target_id=cast.cleo.pk, data=role)

    run_import(job.pk, tell=demote)
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.FAILED, 10)
    assert User.objects.filter(email__startswith="p", organization=cast.north).count() == 10


def test_who_is_disabled_midway_gets_no_further(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleetfolk.users.import_run.CHUNK", 10)
    job = start(draft(many(30), cast.cleo, cast.north), cast.cleo)
    run_import(
        job.pk,
        tell=lambda _: perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput()),
    )
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.FAILED, 10)


def test_a_cancelled_job_stops_after_its_chunk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from fleetfolk.jobs.actions import CancelJob, CancelJobInput  # noqa: PLC0415

    monkeypatch.setattr("fleetfolk.users.import_run.CHUNK", 10)
    job = start(draft(many(30), cast.finn, cast.north), cast.finn)
    run_import(
        job.pk,
        tell=lambda job: perform(CancelJob, actor=actor(cast.finn), target_id=job.pk, data=CancelJobInput()),
    )
    job.refresh_from_db()
    assert (job.state, job.done, job.counts["new"]) == (JobState.CANCELLED, 10, 10)
    run_import(job.pk)
    job.refresh_from_db()
    assert job.done == 10


def test_invitations_go_out_where_asked_for_and_once(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415

    def mails() -> int:
        return ProcrastinateJob.objects.filter(task_name="users.send_invitation").count()

    before = mails()
    text = "Name,Email,Role\nJo Groß,jg@example.org,User\n"
    imported(text, cast.finn, cast.north)
    assert mails() == before
    job = imported(text, cast.finn, cast.north, invite=True)
    assert (job.counts["updated"], job.counts["invited"], mails()) == (1, 1, before + 1)
    person = User.objects.get(email="jg@example.org")
    assert person.invitation.is_bound_to(person)
    assert person.invitation.invited_by_label == "Finn North"
    job = imported(text, cast.finn, cast.north, invite=True)
    assert (job.counts["unchanged"], mails()) == (1, before + 1)
    # Another role voids the link: that is a problem, unless a new link may go out.
    job = imported(text.replace(",User", ",Staff"), cast.finn, cast.north)
    assert reasons(job) == [(2, "invitation_open")]
    job = imported(text.replace(",User", ",Staff"), cast.finn, cast.north, invite=True)
    assert (job.counts["updated"], mails()) == (1, before + 2)
    person = User.objects.get(email="jg@example.org")
    assert person.invitation.is_bound_to(person)


def test_an_account_on_its_way_out_is_left_alone(cast: Cast) -> None:
    perform(DeleteUser, actor=actor(cast.ada), target_id=cast.sue.pk, data=DeleteUserInput())
    job = imported(f"Name,Email\nSue Changed,{cast.sue.email}\n", cast.sam, cast.south)
    assert reasons(job) == [(2, "account_leaving")]


def test_a_file_that_breaks_off_says_where_and_keeps_the_rows_before(cast: Cast) -> None:
    job = imported(many(120) + '"C D,c@example.org\nE F,e@example.org\n', cast.finn, cast.north)
    assert (job.state, job.failure, job.counts["new"]) == (JobState.FAILED, "import_unreadable", 120)
    assert job.failure_values["line"] == 122


def test_the_file_is_private_and_a_weird_name_is_no_path(cast: Cast) -> None:
    draft("Name,Email\nA B,a@example.org\n", cast.finn, cast.north)
    (file,) = folder().iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(uuid.UUID(file.name)) == file.name


def test_two_runs_at_once_do_nothing_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleetfolk.users.import_run.CHUNK", 10)
    job = start(draft(many(30), cast.finn, cast.north), cast.finn)
    calls: Iterator[int] = iter(range(100))

    def run_beside(_job: Job) -> None:
        if next(calls) == 0:
            run_import(job.pk)

    run_import(job.pk, tell=run_beside)
    job.refresh_from_db()
    assert (job.state, job.done, job.counts["new"]) == (JobState.DONE, 30, 30)
    assert User.objects.filter(organization=cast.north, email__startswith="p").count() == 30
