"""What jobs and acts on many refuse, case by case."""

import pytest

from fleetfolk.jobs.actions.create_bulk import MOST_NAMED
from fleetfolk.jobs.models import Job, JobState, Target, TargetState
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.refusals import Change, after, by, given, once, refuses
from fleetfolk.testing.sampling import Sample


def _nothing_done(_cast: Cast, sample: Sample) -> None:
    Target.objects.filter(job=sample.target_id).update(state=TargetState.REFUSED, reason="not_found", undo=None)


def _young(_cast: Cast, sample: Sample) -> None:
    Job.objects.filter(pk=sample.target_id).update(created_at=clock.now(), finished_at=clock.now())


CASES: list[tuple[str, Change, str]] = [
    ("job.cancel", once(state=JobState.DONE), "job_over"),
    ("job.start", once(state=JobState.CANCELLED), "job_over"),
    ("job.start", by("ada"), "job_of_the_system"),
    ("job.end", once(state=JobState.DONE), "job_over"),
    ("job.end", by("ada"), "job_of_the_system"),
    ("job.report.erase", after(_young), "job_still_needed"),
    ("job.report.erase", by("ada"), "job_of_the_system"),
    ("job.report.export", once(state=JobState.DRAFT), "report_gone"),
    ("job.bulk.create", given(ids=[1] * (MOST_NAMED + 1)), "bulk_too_many"),
    ("job.bulk.create", given(ids=[0, -1, 2**63]), "bulk_nobody"),
    ("job.bulk.create", given(act="nonsense"), "bulk_unknown"),
    ("job.bulk.start", once(state=JobState.QUEUED), "job_not_draft"),
    ("job.bulk.start", once(state=JobState.DONE), "job_not_draft"),
    ("job.bulk.start", by("finn"), "bulk_of_another"),
    ("job.bulk.restore", once(state=JobState.RUNNING), "bulk_not_over"),
    ("job.bulk.restore", after(_nothing_done), "bulk_nothing_done"),
    ("job.bulk.restore", by("finn"), "bulk_of_another"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)
