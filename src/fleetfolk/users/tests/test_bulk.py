"""Acts on many people: chosen, looked at, done, reported and taken back."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs import bulk_run
from fleetfolk.jobs.actions import CancelJob, CancelJobInput, create_bulk
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job, JobState, Target, TargetState
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import State, User, UserTag


@pytest.fixture
def ada(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def vip(cast: Cast) -> Tag:
    with staging():
        return Tag.objects.create(tenant=cast.lumen, organization=cast.lumen, name="Vip")


def choose(browser: Client, act: str, people: list[User] | None = None, *, status: int = 302, **data: str) -> Any:
    """What the browser answers; the draft's key where there is one now."""
    if people is not None:
        data["ids"] = ",".join(str(person.pk) for person in people)
    answer = browser.post(reverse("bulk:choose", args=["users", act]), data)
    assert answer.status_code == status, answer.content
    return int(answer["Location"].strip("/").split("/")[-1]) if status == 302 else answer


def start(browser: Client, job_id: int, **data: Any) -> Job:
    answer = browser.post(reverse("bulk:start", args=[job_id]), data)
    assert answer.status_code == 302, answer.content
    run_bulk(job_id)
    return Job.objects.get(pk=job_id)


def undo(browser: Client, job: Job) -> Job:
    answer = browser.post(reverse("bulk:undo", args=[job.pk]))
    assert answer.status_code == 302, answer.content
    undoing = Job.objects.exclude(pk=job.pk).latest("pk")
    run_bulk(undoing.pk)
    return Job.objects.get(pk=undoing.pk)


def page(browser: Client, job_id: int, **query: Any) -> str:
    return browser.get(reverse("bulk:job", args=[job_id]), query).content.decode()


def tagged(tag: Tag) -> set[int]:
    return set(UserTag.objects.filter(tag=tag).values_list("user_id", flat=True))


def test_a_tag_is_put_on_many_and_taken_off_again(cast: Cast, ada: Client, vip: Tag) -> None:
    with staging():
        UserTag.objects.create(tenant=cast.lumen, user=cast.sue, tag=vip)
    job_id = choose(ada, "tag", [cast.bob, cast.sue, cast.cleo])
    assert "Choose above" in page(ada, job_id)
    preview = page(ada, job_id, tag_id=vip.pk)
    assert "Add a tag to 2 users" in preview
    assert "Has the tag already" in preview
    assert tagged(vip) == {cast.sue.pk}

    job = start(ada, job_id, tag_id=vip.pk)
    assert tagged(vip) == {cast.bob.pk, cast.sue.pk, cast.cleo.pk}
    assert (job.state, job.counts) == (JobState.DONE, {"changed": 2, "unchanged": 1})
    entries = Entry.objects.filter(code="user.tag.assign", batch_id=job.batch_id)
    assert {(entry.target_id, entry.actor_label) for entry in entries} == {
        (cast.bob.pk, "Ada Lindqvist"),
        (cast.cleo.pk, "Ada Lindqvist"),
    }
    assert "Bob Berg" in page(ada, job_id, show="done")

    undone = undo(ada, job)
    assert tagged(vip) == {cast.sue.pk}
    assert undone.counts == {"changed": 2}
    assert ada.post(reverse("bulk:undo", args=[job.pk])).status_code == 409
    assert ada.post(reverse("bulk:undo", args=[undone.pk])).status_code == 409


def test_all_that_match_are_those_of_the_list(cast: Cast, signed_in: SignedIn, vip: Tag) -> None:
    finn = signed_in(cast.finn)
    job_id = choose(finn, "tag", all="1", address=f"?organization={cast.berg.pk}&after=nonsense")
    job = start(finn, job_id, tag_id=vip.pk)
    assert tagged(vip) == {cast.bob.pk, cast.bea.pk}
    assert job.total == 2
    everybody = choose(finn, "tag", all="1", address="")
    start(finn, everybody, tag_id=vip.pk)
    north = User.objects.filter(path__startswith=cast.north.path)
    assert tagged(vip) == set(north.values_list("pk", flat=True))


def test_the_planner_knows_how_many_were_chosen(cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def expected(job: Job) -> int:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (FORMAT json) SELECT 1 FROM jobs_target WHERE job_id = %s", [job.pk])
            return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])

    monkeypatch.setattr(create_bulk, "COUNTED_FROM", 4)
    everybody = [cast.bob, cast.cleo, cast.finn, cast.sam, cast.sue]
    choose(ada, "tag", [cast.bob])
    job = Job.objects.get(pk=choose(ada, "tag", everybody))
    assert expected(job) == job.total == len(everybody)


def test_who_is_not_to_be_seen_is_never_told_apart(cast: Cast, signed_in: SignedIn, vip: Tag) -> None:
    finn = signed_in(cast.finn)
    gone = User(pk=987654321)
    job_id = choose(finn, "tag", [cast.bob, cast.eve, cast.sue, gone])
    preview = page(finn, job_id, tag_id=vip.pk)
    assert "Add a tag to 1 user" in preview
    assert not {"Eve", "Sue"} & set(preview.replace("<", " ").replace(">", " ").split())
    job = start(finn, job_id, tag_id=vip.pk)
    assert tagged(vip) == {cast.bob.pk}
    refused = Target.objects.filter(job=job, state=TargetState.REFUSED)
    assert {(one.target_id, one.reason) for one in refused} == {
        (person.pk, "not_found") for person in (cast.eve, cast.sue, gone)
    }
    entries = Entry.objects.filter(code="user.tag.assign", batch_id=job.batch_id).exclude(result="done")
    assert {entry.target_id for entry in entries} == {cast.eve.pk, cast.sue.pk, gone.pk}
    assert {(entry.result, entry.target_label) for entry in entries} == {("not_found", "")}
    shown = page(finn, job_id, show="refused")
    assert shown.count("Not yours to see, or gone") == 3
    report = b"".join(finn.get(reverse("bulk:report", args=[job_id])).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Eve" not in report
    assert "Sue" not in report
    assert "Bob Berg" in report


def test_the_stronger_are_left_out(cast: Cast, signed_in: SignedIn) -> None:
    cleo = signed_in(cast.cleo)
    job_id = choose(cleo, "disable", [cast.bob, cast.finn, cast.cleo])
    preview = page(cleo, job_id)
    assert "Disable 1 user" in preview
    assert "holds rights that you do not" in preview
    assert "That is you" in preview
    job = start(cleo, job_id, reason="Left")
    assert fresh(cast.bob).state == State.DISABLED
    assert fresh(cast.finn).state == State.ACTIVE
    assert job.counts == {"changed": 1, "problem": 2}
    (entry,) = Entry.objects.filter(code="user.disable", result="done", batch_id=job.batch_id)
    assert entry.facts["reason"] == "Left"
    undo(cleo, job)
    assert fresh(cast.bob).state == State.ACTIVE


def test_roles_go_back_to_what_each_had_and_whoever_changed_since_is_left_alone(cast: Cast, ada: Client) -> None:
    staff, plain = cast.role("staff"), cast.role("user")
    job = start(ada, choose(ada, "role", [cast.bob, cast.sue, cast.bea]), role_id=staff.pk)
    assert {fresh(one).role_id for one in (cast.bob, cast.sue)} == {staff.pk}
    with staging():
        User.objects.filter(pk=cast.sue.pk).update(role=cast.role("support"))
    undone = undo(ada, job)
    assert fresh(cast.bob).role_id == plain.pk
    assert fresh(cast.sue).role_id == cast.role("support").pk
    assert Target.objects.get(job=undone, target_id=cast.sue.pk).reason == "bulk_changed_since"


def test_many_are_deleted_only_with_the_word(cast: Cast, ada: Client) -> None:
    job_id = choose(ada, "delete", [cast.bob, cast.sue])
    assert 'data-confirm="DELETE"' in page(ada, job_id)
    assert ada.post(reverse("bulk:start", args=[job_id]), {"word": "delete"}).status_code == 409
    assert fresh(cast.bob).state == State.ACTIVE
    job = start(ada, job_id, word="DELETE")
    assert {fresh(cast.bob).state, fresh(cast.sue).state} == {State.DELETION_PENDING}
    undo(ada, job)
    assert {fresh(cast.bob).state, fresh(cast.sue).state} == {State.ACTIVE}


def test_the_last_admin_is_foreseen(cast: Cast, ada: Client) -> None:
    job_id = choose(ada, "disable", [cast.sam, cast.sue])
    preview = page(ada, job_id)
    assert "The last Admin of their organization" in preview
    assert "Disable 1 user" in preview


def test_two_last_admins_do_not_go_together(cast: Cast, ada: Client) -> None:
    job = start(ada, choose(ada, "disable", [cast.abe, cast.ada]))
    assert job.counts == {"changed": 1, "problem": 1}
    abe = fresh(cast.abe)
    assert abe.state == State.DISABLED


@pytest.mark.parametrize(
    ("act", "data"),
    [("send-invitation", {}), ("end-sessions", {}), ("location", {"location_id": "0"})],
)
def test_every_act_runs(cast: Cast, ada: Client, act: str, data: dict[str, str]) -> None:
    pia = invite(cast.north, "Pia Pending", cast.role("user"), by=cast.ada)
    job = start(ada, choose(ada, act, [pia]), **data)
    assert job.state == JobState.DONE
    assert sum(job.counts.values()) == 1


def test_people_are_transferred(cast: Cast, ada: Client) -> None:
    job_id = choose(ada, "transfer", [cast.sue, cast.bob])
    start(ada, job_id, admin_email=cast.finn.email, role_id=cast.role("user").pk)
    assert {fresh(cast.sue).organization_id, fresh(cast.bob).organization_id} == {cast.north.pk}
    assert "Undo all" not in page(ada, job_id)


def test_a_sensitive_act_asks_who_sits_there(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada, minutes_ago=60)
    job_id = choose(browser, "disable", [cast.bob])
    assert browser.post(reverse("bulk:start", args=[job_id])).status_code == 422
    assert Job.objects.get(pk=job_id).state == JobState.DRAFT


def test_another_starts_undoes_and_sees_no_draft_of_mine(cast: Cast, ada: Client, signed_in: SignedIn) -> None:
    abe, job_id = signed_in(cast.abe), choose(ada, "disable", [cast.bob])
    assert abe.get(reverse("bulk:job", args=[job_id])).status_code == 404
    assert abe.post(reverse("bulk:start", args=[job_id])).status_code == 404
    start(ada, job_id)
    assert "Undo all" not in page(abe, job_id)
    assert abe.post(reverse("bulk:undo", args=[job_id])).status_code == 403
    assert abe.post(reverse("bulk:again", args=[job_id])).status_code in (302, 409)


def test_who_may_not_chooses_nothing(cast: Cast, signed_in: SignedIn) -> None:
    assert choose(signed_in(cast.dana), "disable", [cast.bob], status=403)
    assert choose(signed_in(cast.bob), "disable", [cast.bob], status=403)
    assert choose(signed_in(cast.cleo), "delete", [cast.bob], status=403)
    assert choose(signed_in(cast.ada), "nonsense", [cast.bob], status=409)
    assert choose(signed_in(cast.ada), "restore", [cast.bob], status=409)
    assert choose(signed_in(cast.ada), "disable", [], status=409)
    assert 'id="selection"' not in signed_in(cast.dana).get(reverse("users:list")).content.decode()
    assert 'id="selection"' in signed_in(cast.cleo).get(reverse("users:list")).content.decode()


def test_what_the_starter_may_not_any_more_is_not_done(cast: Cast, ada: Client, signed_in: SignedIn) -> None:
    cleo = signed_in(cast.cleo)
    job_id = choose(cleo, "disable", [cast.bob])
    cleo.post(reverse("bulk:start", args=[job_id]))
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(role=cast.role("user"))
    run_bulk(job_id)
    assert fresh(cast.bob).state == State.ACTIVE
    assert Job.objects.get(pk=job_id).counts == {"problem": 1}


def test_a_job_goes_on_where_it_was_killed(cast: Cast, ada: Client, vip: Tag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_run, "CHUNK", 1)
    job_id = choose(ada, "tag", [cast.bob, cast.sue, cast.cleo])
    ada.post(reverse("bulk:start", args=[job_id]), {"tag_id": vip.pk})

    def pull_the_plug(_job: Job) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run_bulk(job_id, tell=pull_the_plug)
    assert Job.objects.get(pk=job_id).done == 2
    run_bulk(job_id)
    job = Job.objects.get(pk=job_id)
    assert (job.state, job.done, job.counts) == (JobState.DONE, 3, {"changed": 3})
    assert Entry.objects.filter(code="user.tag.assign", batch_id=job.batch_id).count() == 3


def test_killed_inside_a_chunk_nothing_of_it_was_done(
    cast: Cast, ada: Client, vip: Tag, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = choose(ada, "tag", [cast.bob, cast.sue])
    ada.post(reverse("bulk:start", args=[job_id]), {"tag_id": vip.pk})

    def pull_the_plug(_chunk: object, _targets: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(bulk_run._Chunk, "_move_on", pull_the_plug)
        with pytest.raises(KeyboardInterrupt):
            run_bulk(job_id)
    job = Job.objects.get(pk=job_id)
    assert tagged(vip) == set()
    assert not Target.objects.filter(job=job).exclude(state=TargetState.WAITING).exists()
    assert not Entry.objects.filter(batch_id=job.batch_id, code="user.tag.assign").exists()
    run_bulk(job_id)
    assert tagged(vip) == {cast.bob.pk, cast.sue.pk}
    assert Entry.objects.filter(batch_id=job.batch_id, code="user.tag.assign").count() == 2


def test_cancelled_it_stops_and_what_was_done_can_be_undone(
    cast: Cast, ada: Client, vip: Tag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_run, "CHUNK", 1)
    job_id = choose(ada, "tag", [cast.bob, cast.sue, cast.cleo])
    ada.post(reverse("bulk:start", args=[job_id]), {"tag_id": vip.pk})

    def cancel(job: Job) -> None:
        perform(CancelJob, actor=actor(cast.ada), target_id=job.pk, data=CancelJobInput())

    run_bulk(job_id, tell=cancel)
    job = Job.objects.get(pk=job_id)
    assert (job.state, job.counts) == (JobState.CANCELLED, {"changed": 1})
    assert "Cancelled after 1 of 3" in page(ada, job_id)
    undo(ada, job)
    assert tagged(vip) == set()


def test_the_refused_are_tried_again(cast: Cast, ada: Client) -> None:
    job = start(ada, choose(ada, "disable", [cast.sam, cast.bob]))
    answer = ada.post(reverse("bulk:again", args=[job.pk]))
    draft = Job.objects.latest("pk")
    assert answer["Location"] == reverse("bulk:job", args=[draft.pk])
    assert list(Target.objects.filter(job=draft).values_list("target_id", flat=True)) == [cast.sam.pk]


def test_those_chosen_are_taken_along_as_a_file(cast: Cast, ada: Client) -> None:
    answer = ada.post(reverse("bulk:choose", args=["users", "export"]), {"ids": f"{cast.bob.pk},{cast.eve.pk}"})
    assert answer["Location"].startswith(reverse("users:export-form"))
    assert ada.get(answer["Location"]).status_code == 200
    file = ada.get(reverse("users:export-file") + "?" + answer["Location"].partition("?")[2])
    content = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Bob" in content
    assert "Eve" not in content
