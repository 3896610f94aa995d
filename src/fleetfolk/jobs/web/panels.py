"""What a page shows of a job: how far it is, how it ended, and what it left out."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fleetfolk.access.gate import GATE
from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.jobs.queries import may_read_report
from fleetfolk.kernel.actor import Actor

PROBLEMS_SHOWN = 20
STATUS = {
    JobState.DRAFT: "waiting",
    JobState.QUEUED: "waiting",
    JobState.RUNNING: "running",
    JobState.DONE: "done",
    JobState.CANCELLED: "cancelled",
    JobState.FAILED: "failed",
}


def panel_of(actor: Actor, job: Job) -> dict[str, Any]:
    """The template's `panel`: figures for everybody who sees the job, rows for who may read them."""
    kind = KINDS[job.kind]
    readable = may_read_report(actor, job)
    counted = {name: int(job.counts.get(name, 0)) for name in kind.counts}
    problems: list[dict[str, object]] = []
    if readable and counted.get("problem"):
        problems = [
            {"line": problem.line, "who": kind.person_of(job, problem), "sentence": kind.sentence_of(problem)}
            for problem in job.problems.order_by("line")[:PROBLEMS_SHOWN]
        ]
    return {
        "status": STATUS[JobState(job.state)],
        "waiting": job.state == JobState.QUEUED,
        "stopping": job.cancel_requested_at is not None and not job.is_over,
        "percent": 100 * job.done // job.total if job.total else 0,
        "counts": [
            {"name": name, "label": label, "count": counted[name]}
            for name, label in kind.counts.items()
            if counted[name] or name != "invited"
        ],
        "problems": problems,
        "problem_count": counted.get("problem", 0),
        "report": readable and bool(counted.get("problem")) and job.report_erased_at is None,
        "personal": kind.personal,
        "erased": job.report_erased_at is not None and bool(counted.get("problem")),
        "failure": kind.failure_of(job) if job.state == JobState.FAILED else "",
        "left": _time_left(job),
        "took": _took(job),
        "may_cancel": not job.is_over
        and job.cancel_requested_at is None
        and GATE.decide(actor, VIEW_JOBS, job).allowed,
        "next": kind.next_step(job) if job.is_over else None,
        "note": kind.note_of(job) if job.state == JobState.DONE else "",
    }


def _time_left(job: Job) -> str:
    if job.state != JobState.RUNNING or job.started_at is None or job.moved_at is None or not 0 < job.done < job.total:
        return ""
    spent = (job.moved_at - job.started_at).total_seconds()
    if spent < 2:
        return ""
    return _("about %(time)s left") % {"time": _duration(dt.timedelta(seconds=spent * (job.total / job.done - 1)))}


def _took(job: Job) -> str:
    if job.started_at is None or job.finished_at is None:
        return ""
    return _duration(job.finished_at - job.started_at)


def _duration(length: dt.timedelta) -> str:
    seconds = max(round(length.total_seconds()), 1)
    if seconds < 90:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
