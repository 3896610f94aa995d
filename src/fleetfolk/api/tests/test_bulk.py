"""Acts on many by programs: with their own rights, from the beginning to the end, and nobody else's work."""

from dataclasses import replace
from typing import Any

import pytest

from fleetfolk.access.defaults import default_permissions
from fleetfolk.access.models import BuiltinRole
from fleetfolk.actionlog.models import Entry
from fleetfolk.api.actions.delete_program import DeleteProgram
from fleetfolk.api.actions.edit_program import EditProgram, EditProgramInput
from fleetfolk.api.models import Program as Row
from fleetfolk.api.scopes import only_looking
from fleetfolk.api.tests.asking import Program, reason
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.actor import ActorKind, system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_api import access_of, key_of, program_of
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

RIGHTS = tuple(set(default_permissions(BuiltinRole.STAFF)) | {"users.disable", "users.jobs.view"})


@pytest.fixture
def sync(cast: Cast) -> Row:
    """A program of North that may disable its people."""
    return program_of(cast.north, by=cast.ada, rights=RIGHTS, sensitive=True)


@pytest.fixture
def program(cast: Cast, sync: Row) -> Program:
    return Program(access_of(sync, by=cast.ada))


def start(program: Program, *people: User, **more: Any) -> Any:
    sent = {"ids": [person.pk for person in people], "chosen": {"reason": "left"}, **more}
    return program.post("bulk/users/disable", sent)


def test_a_program_chooses_looks_does_reports_and_takes_back(cast: Cast, program: Program, sync: Row) -> None:
    plan = start(program, cast.cleo, cast.sam, dry_run=True).json()["plan"]
    assert plan == {"total": 2, "changes": 1, "unchanged": 0, "cannot": 1}
    job = start(program, cast.cleo, cast.sam).json()["job"]
    assert (job["state"], job["created_by"]) == ("queued", "Sync")
    run_bulk(job["id"])
    assert fresh(cast.cleo).disabled_at
    assert not fresh(cast.sam).disabled_at
    entry = Entry.objects.get(code="user.disable", result="done")
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == (ActorKind.API_CLIENT, str(sync.pk), "Sync")
    assert program.get(f"jobs/{job['id']}").json()["counts"] == {"changed": 1, "problem": 1}
    targets = program.get(f"jobs/{job['id']}/targets").json()["items"]
    assert [(one["name"], one["result"], one["reason"]) for one in targets] == [
        ("Cleo Staff", "done", ""),
        (None, "refused", "not_found"),
    ]
    refused = program.get(f"jobs/{job['id']}/targets", result="refused", limit=1).json()
    assert ([one["target_id"] for one in refused["items"]], refused["next"]) == ([cast.sam.pk], None)
    answer = program.do("job.bulk.restore", target=job["id"])
    assert answer.status_code == 200, answer.content
    run_bulk(answer.json()["target"]["id"])
    assert not fresh(cast.cleo).disabled_at


def test_all_that_a_list_finds_can_be_meant_and_the_work_be_cancelled(cast: Cast, program: Program) -> None:
    job = start(program, filter="q=cleo").json()["job"]
    assert job["total"] == 1
    assert program.do("job.cancel", target=job["id"]).status_code == 200
    run_bulk(job["id"])
    assert program.get(f"jobs/{job['id']}").json()["state"] == "cancelled"
    assert not fresh(cast.cleo).disabled_at


def test_the_work_goes_as_far_as_the_program_may_at_that_moment(cast: Cast, program: Program, sync: Row) -> None:
    less, gone = (start(program, cast.cleo).json()["job"]["id"] for _ in range(2))
    data = EditProgramInput(name="Sync", permissions=["users.view"], sensitive=True)
    perform(EditProgram, actor=actor(cast.ada), target_id=sync.pk, data=data)
    run_bulk(less)
    perform(DeleteProgram, actor=actor(cast.ada), target_id=sync.pk, data=NoInput())
    run_bulk(gone)
    assert [Job.objects.get(pk=one).counts for one in (less, gone)] == [{"problem": 1}, {"problem": 1}]
    assert not fresh(cast.cleo).disabled_at


def test_a_program_that_may_do_nothing_sensitive_starts_nothing_sensitive(cast: Cast) -> None:
    plain = Program(access_of(program_of(cast.north, by=cast.ada, rights=RIGHTS, name="Plain"), by=cast.ada))
    answer = start(plain, cast.cleo)
    assert (answer.status_code, reason(answer)) == (403, "token_not_sensitive")


def test_a_program_without_the_right_chooses_nobody(cast: Cast) -> None:
    looking = program_of(cast.north, by=cast.ada, rights=sorted(only_looking()), sensitive=True, name="Look")
    answer = start(Program(access_of(looking, by=cast.ada)), cast.cleo)
    assert (answer.status_code, reason(answer)) == (403, "permission_missing")


def test_what_the_act_asks_is_said_where_it_is_missing_and_can_be_sent_again(cast: Cast, program: Program) -> None:
    asked = {"ids": [cast.cleo.pk], "chosen": {"tag_id": 4711}}
    for _time in range(2):
        answer = program.post("bulk/users/tag", asked, **{"Idempotency-Key": "once"})
        assert (answer.status_code, reason(answer)) == (422, "input_malformed")
        assert [error["field"] for error in answer.json()["errors"]] == ["chosen.tag_id"]


def test_nobody_takes_back_what_another_started(cast: Cast, program: Program, sync: Row) -> None:
    """Not another program of the same place, nor the person whose key has the program's number."""
    job = Job.objects.get(pk=start(program, cast.cleo).json()["job"]["id"])
    run_bulk(job.pk)
    job.refresh_from_db()
    assert (job.state, job.created_by_id, job.program_id) == (JobState.DONE, 0, sync.pk)
    twin = program_of(cast.north, by=cast.ada, rights=RIGHTS, sensitive=True, name="Twin")
    for other in (access_of(twin, by=cast.ada), key_of(cast.ada, scopes=RIGHTS, sensitive=True)):
        answer = Program(other).do("job.bulk.restore", target=job.pk)
        assert (answer.status_code, reason(answer)) == (403, "bulk_of_another")
    for stranger in (replace(actor(cast.ada), id=str(sync.pk)), system_actor("worker", tenant_id=cast.lumen.pk)):
        assert not job.is_of(stranger)
        assert not Job.objects.filter(Job.of(stranger), pk=job.pk).exists()


def test_a_program_without_the_right_over_jobs_sees_its_own_alone(cast: Cast, program: Program) -> None:
    job = start(program, cast.cleo).json()["job"]["id"]
    other = Program(access_of(program_of(cast.north, by=cast.ada, rights=["users.view"], name="Other"), by=cast.ada))
    assert [one["id"] for one in program.get("jobs").json()["items"]] == [job]
    assert other.get("jobs").json()["items"] == []
    assert other.get(f"jobs/{job}").status_code == 404
    assert other.get(f"jobs/{job}/targets").status_code == 404


def test_another_programs_choice_is_nobodys_audience(cast: Cast, program: Program) -> None:
    chosen = start(program, cast.cleo, dry_run=True).json()["job"]["id"]
    twin = Program(access_of(program_of(cast.north, by=cast.ada, rights=RIGHTS, name="Twin"), by=cast.ada))
    said = {"target": cast.north.pk, "subject": "Hello", "body": "x", "audience": {"job": chosen}}
    assert reason(twin.do("message.create", **said)) == "message_selection"
    assert program.do("message.create", **said).status_code == 200


def test_who_may_not_read_the_rows_is_told_so(cast: Cast, program: Program) -> None:
    job = start(program, cast.cleo).json()["job"]["id"]
    reader = Program(key_of(cast.ada, scopes=["users.jobs.view"]))
    answer = reader.get(f"jobs/{job}/targets")
    assert (answer.status_code, reason(answer)) == (403, "report_not_readable")
    assert Program(key_of(cast.eve)).get(f"jobs/{job}/targets").status_code == 404


def test_people_see_on_the_page_which_program_it_was_and_take_back_nothing(
    cast: Cast, program: Program, signed_in: SignedIn
) -> None:
    job = start(program, cast.cleo).json()["job"]["id"]
    run_bulk(job)
    page = signed_in(cast.ada).get(f"/bulk/{job}/").content.decode()
    assert "Sync" in page
    assert "/undo/" not in page
