"""Import people: one chunk of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from secrets import token_hex
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict
from psycopg import sql

from fleetfolk.jobs.models import Job, JobState, Problem
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Risk, SetAction
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Fact, Outcome, SetOutcome
from fleetfolk.users.import_plan import PlannedRow, Verdict, plan_rows
from fleetfolk.users.import_source import CHECK, ReadRow
from fleetfolk.users.models import INVITATION_LASTS, Invitation, User, UserTag
from fleetfolk.users.permissions import IMPORT_USERS

_GIVEN = {
    "tenant_id": "bigint",
    "organization_id": "bigint",
    "role_id": "bigint",
    "location_id": "bigint",
    "first_name": "text",
    "last_name": "text",
    "email": "text",
    "phone": "text",
    "created_at": "timestamptz",
}
_UPDATE = """
    UPDATE users_user AS person
    SET first_name = given.first_name, last_name = given.last_name, phone = given.phone,
        role_id = given.role_id, location_id = given.location_id
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
        AS given (id, first_name, last_name, phone, role_id, location_id)
    WHERE person.id = given.id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportUsersInput:
    """Rows of the job's file: those behind the first ``skipped``, which is how far the job was when they were read.

    ``total`` is the number of rows in the file.
    """

    rows: Sequence[ReadRow]
    skipped: int
    total: int


class ImportUsers(SetAction[Job, User, ImportUsersInput]):
    """The people of these rows are there as the file describes them, and the job knows it, or nothing has changed.

    A row that cannot be imported is kept with its reason and disturbs no other. A job that only checks
    only counts. Mails go out only where the import asks for them.
    """

    code = "user.import"
    label = _("Import users")
    said = _("imported %(target)s")
    permission = IMPORT_USERS
    target_model = "jobs.Job"
    input_type = ImportUsersInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Job, data: ImportUsersInput) -> None:
        """Refuses what has ended, and rows that are not the next ones."""
        if target.is_over:
            raise Refused("job_over")
        if target.cursor != data.skipped:
            raise Refused("job_moved_on")
        if target.created_by_id != actor.user_id:
            raise Refused("import_of_another")

    def apply_set(self, *, actor: Actor, target: Job, data: ImportUsersInput) -> SetOutcome[User]:
        """Creates and updates people, and moves the job on."""
        only_check = target.kind == CHECK
        planned = plan_rows(actor, target, data.rows, locked=not only_check)
        new = [row for row in planned if row.verdict is Verdict.NEW]
        updated = [row for row in planned if row.verdict is Verdict.UPDATED]
        if not only_check:
            _create(new)
            _update(updated)
            _tag([*new, *updated])
            _invite([row for row in (*new, *updated) if row.invite], actor)
        _keep_problems(target, planned)
        _move_on(target, planned, data)
        outcomes = [] if only_check else [_outcome(row) for row in (*new, *updated)]
        return SetOutcome(outcomes=outcomes)


def _create(rows: Sequence[PlannedRow]) -> None:
    """The people are there: one statement, with a tenth of what Django's own way costs."""
    if not rows:
        return
    now = clock.now()
    people = {(person.organization_id, person.email): person for person in map(_person, rows)}
    for person in people.values():
        person.created_at = now
    values: list[Any] = [[getattr(person, name) for person in people.values()] for name in _GIVEN]
    values.append([UNUSABLE_PASSWORD_PREFIX + token_hex(20) for _ in people])
    with connection.cursor() as cursor:
        cursor.execute(_insert_statement(), values)
        for key, name, organization_id, email in cursor.fetchall():
            person = people[organization_id, email]
            person.pk, person.name = key, name
            person._state.adding = False


@cache
def _insert_statement() -> str:
    """Inserts people from arrays of what is given; every other column is as the model says."""
    given = {**_GIVEN, "password": "text"}
    constants = {
        str(field.column): field.get_default()
        for field in User._meta.concrete_fields
        if not (field.generated or field.primary_key or field.has_db_default() or field.column in given)
    }
    values: list[sql.Composable] = [sql.Identifier("given", name) for name in given]
    values += [sql.Literal(value) for value in constants.values()]
    return (
        sql.SQL(
            "INSERT INTO users_user ({columns}) SELECT {values} FROM unnest({arrays}) AS given ({names}) "
            "RETURNING id, name, organization_id, email"
        )
        .format(
            columns=sql.SQL(", ").join(sql.Identifier(name) for name in (*given, *constants)),
            values=sql.SQL(", ").join(values),
            arrays=sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(kind)) for kind in given.values()),
            names=sql.SQL(", ").join(sql.Identifier(name) for name in given),
        )
        .as_string()
    )


def _update(rows: Sequence[PlannedRow]) -> None:
    people = [_person(row) for row in rows if row.changes]
    if not people:
        return
    columns: list[Any] = [
        [getattr(person, name) for person in people]
        for name in ("pk", "first_name", "last_name", "phone", "role_id", "location_id")
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, columns)


def _tag(rows: Sequence[PlannedRow]) -> None:
    links = [UserTag(tenant_id=_person(row).tenant_id, user=_person(row), tag=tag) for row in rows for tag in row.tags]
    if links:
        UserTag.objects.bulk_create(links, ignore_conflicts=True)


def _invite(rows: Sequence[PlannedRow], actor: Actor) -> None:
    """Pending people have an invitation for who they are now, and its mail is queued; older links are void."""
    if not rows:
        return
    now = clock.now()
    invitations = Invitation.objects.bulk_create(
        [
            Invitation(
                tenant_id=person.tenant_id,
                user=person,
                email=person.email,
                role_id_bound=person.role_id,
                organization_id_bound=person.organization_id,
                invited_by_id=actor.id,
                invited_by_label=actor.label,
                created_at=now,
                expires_at=now + INVITATION_LASTS,
            )
            for person in map(_person, rows)
        ],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=[
            *("email", "role_id_bound", "organization_id_bound", "secret_hash", "invited_by_id", "invited_by_label"),
            *("expires_at", "sent_at", "opened_at", "revoked_at"),
        ],
    )
    mails: list[JSONDict] = [{"invitation_id": each.pk, "tenant_id": each.tenant_id} for each in invitations]
    app.configure_task("users.send_invitation").batch_defer(*mails)


def _keep_problems(job: Job, planned: Sequence[PlannedRow]) -> None:
    Problem.objects.bulk_create(
        Problem(
            tenant_id=job.tenant_id,
            job=job,
            line=row.problem.line,
            field=row.problem.field.value if row.problem.field else "",
            reason=row.problem.reason,
            values=dict(row.problem.values),
            cells=list(row.problem.cells),
        )
        for row in planned
        if row.problem is not None
    )


def _move_on(job: Job, planned: Sequence[PlannedRow], data: ImportUsersInput) -> None:
    now = clock.now()
    counts = dict(job.counts)
    for verdict in Verdict:
        counts[verdict.value] = counts.get(verdict.value, 0) + sum(row.verdict is verdict for row in planned)
    counts["invited"] = counts.get("invited", 0) + sum(row.invite for row in planned)
    job.counts = counts
    job.cursor = job.done = data.skipped + len(data.rows)
    job.total = data.total
    job.state, job.started_at, job.moved_at = JobState.RUNNING, job.started_at or now, now
    job.save(update_fields=["counts", "cursor", "done", "total", "state", "started_at", "moved_at"])


def _outcome(row: PlannedRow) -> Outcome[User]:
    person = _person(row)
    facts: dict[str, Fact] = {"email": person.email, "line": row.line, "invited": row.invite}
    if row.verdict is Verdict.NEW:
        facts |= {"new": True, "role": person.role.name}
    return Outcome(target=person, changes=row.changes, facts=facts)


def _person(row: PlannedRow) -> User:
    assert row.person is not None  # noqa: S101 - rows without a person are problems
    return row.person
