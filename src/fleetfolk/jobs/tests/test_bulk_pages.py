"""What the pages of acts on many let nobody do, and two workers at one job."""

import pytest
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.actions import CreateBulk, CreateBulkInput, StartBulk, StartBulkInput
from fleetfolk.jobs.bulk_run import _waiting, _work, run_bulk
from fleetfolk.jobs.models import Job, JobState, Target, TargetState
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_bulk import drafted
from fleetfolk.users.models import State

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


def test_there_is_no_list_of_nonsense(cast: Cast, ada: Client) -> None:
    assert ada.post("/bulk/nonsense/disable/", {"ids": str(cast.cleo.pk)}).status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize("chosen", [{"all": "1", "address": ""}, {"ids": "1"}])
def test_who_may_not_do_it_chooses_neither_some_nor_all(
    cast: Cast, signed_in: SignedIn, chosen: dict[str, str]
) -> None:
    assert signed_in(cast.dana).post("/bulk/users/disable/", chosen).status_code == 403
    assert not Job.objects.exists()


def test_a_form_that_is_not_filled_in_starts_nothing(cast: Cast, ada: Client) -> None:
    answer = ada.post("/bulk/users/tag/", {"ids": str(cast.cleo.pk)})
    job = Job.objects.get()
    assert answer["Location"] == reverse("bulk:job", args=[job.pk])
    page = reverse("bulk:job", args=[job.pk])
    early = ada.get(page, {"tag_id": ""}, headers={**HTMX, "HX-Target": "bulk-page"})
    assert early.status_code == 422
    assert "Choose one." in early.content.decode()
    unasked = ada.get(page, {"tag_id": ""}, headers={**HTMX, "HX-Target": "plan"})
    assert unasked.status_code == 200
    assert "Choose one." not in unasked.content.decode()
    wrong = ada.post(reverse("bulk:start", args=[job.pk]), {"tag_id": "987654321"})
    assert wrong.status_code == 422
    job.refresh_from_db()
    assert job.state == JobState.DRAFT


@pytest.mark.parametrize(("act", "choice", "said"), [("role", "role_id", "New role"), ("disable", "reason", "Reason")])
def test_the_report_says_what_was_chosen(cast: Cast, ada: Client, act: str, choice: str, said: str) -> None:
    role = cast.bob.role
    data = CreateBulkInput(of="users", act=act, ids=[cast.cleo.pk])
    job = perform(CreateBulk, actor=actor(cast.ada), target_id=cast.north.pk, data=data).target
    chosen = {choice: role.pk if choice == "role_id" else role.name}
    perform(StartBulk, actor=actor(cast.ada), target_id=job.pk, data=StartBulkInput(chosen=chosen))
    run_bulk(job.pk)
    page = reverse("bulk:job", args=[job.pk])
    assert f"<span>{said}</span><bdi>{role.name}</bdi>" in ada.get(page).content.decode()
    with staging():
        Job.objects.filter(pk=job.pk).update(report_erased_at=clock.now())
    assert f"<bdi>{role.name}</bdi>" not in ada.get(page).content.decode()


def test_who_may_not_see_the_people_any_more_sees_not_even_their_own_choice(cast: Cast, ada: Client) -> None:
    draft = drafted(cast)
    page = reverse("bulk:job", args=[draft.pk])
    assert ada.get(page).status_code == 200
    role = cast.ada.role
    role.permissions = sorted({*role.permissions} - {"users.view"})
    with staging():
        role.save(update_fields=["permissions"])
    assert ada.get(page).status_code == 404
    assert ada.post(reverse("bulk:start", args=[draft.pk]), {"reason": ""}).status_code == 404
    assert fresh(cast.cleo).state == State.ACTIVE


def test_with_scripts_the_browser_is_sent_on(cast: Cast, ada: Client) -> None:
    answer = ada.post("/bulk/users/disable/", {"ids": str(cast.cleo.pk)}, headers=HTMX)
    job = Job.objects.get()
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("bulk:job", args=[job.pk]))


def test_what_another_worker_did_or_cancelled_meanwhile_is_not_done_again(cast: Cast) -> None:
    job = drafted(cast)
    perform(StartBulk, actor=actor(cast.ada), target_id=job.pk, data=StartBulkInput(chosen={"reason": ""}))
    job = Job.objects.get(pk=job.pk)
    in_hand = list(_waiting(job))
    for state, targets in ((JobState.RUNNING, TargetState.DONE), (JobState.CANCELLED, TargetState.WAITING)):
        with staging():
            Job.objects.filter(pk=job.pk).update(state=state)
            Target.objects.filter(job=job).update(state=targets)
        with pytest.raises(Refused, match="job_moved_on"):
            _work(job, in_hand)
        assert fresh(cast.cleo).state == State.ACTIVE
    run_bulk(job.pk)
    assert fresh(cast.cleo).state == State.ACTIVE
    assert not Entry.objects.filter(code="user.disable").exists()
