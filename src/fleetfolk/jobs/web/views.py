"""The pages of long work: the list, one job with its progress and report, and stopping it."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fleetfolk.console.downloads import download_from
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.jobs.actions import CancelJob, CancelJobInput
from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job
from fleetfolk.jobs.queries import jobs_in_reach
from fleetfolk.jobs.web.panels import STATUS, panel_of
from fleetfolk.jobs.web.report_file import report_file
from fleetfolk.kernel.perform import perform

SIZE = 50
LIST = "jobs/job_list.html"
DETAIL = "jobs/job_detail.html"


@console_view
@require_GET
def job_list(request: ConsoleRequest) -> HttpResponse:
    """Long work, newest first, a page at a time by key."""
    jobs, place = jobs_in_reach(request.actor), _place(request.GET.get("before", ""))
    here = jobs.filter(_older(place)) if place else jobs
    rows = list(here[: SIZE + 1])
    context: dict[str, Any] = {
        "rows": [{"job": job, "status": STATUS[job.state], "url": _page_of(job)} for job in rows[:SIZE]],  # type: ignore[index]
        "next_url": _after(rows[SIZE - 1]) if len(rows) > SIZE else None,
        "first_url": reverse("jobs:list") if place else None,
    }
    return render(request, f"{LIST}#jobs-table" if request.htmx.target == "jobs" else LIST, context)


@console_view
@require_GET
def job_detail(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """One job. Through htmx the part that changes while it runs."""
    job = _job(request, job_id)
    if KINDS[job.kind].page is not None:
        return HttpResponseRedirect(_page_of(job))
    context = {"job": job, "panel": panel_of(request.actor, job)}
    partial = request.htmx and request.htmx.target == "job-panel"
    return render(request, f"{DETAIL}#job-panel" if partial else DETAIL, context)


@console_view
@require_POST
def cancel(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """The job stops after the rows that it has in hand."""
    perform(CancelJob, actor=request.actor, target_id=job_id, data=CancelJobInput())
    return done(
        request,
        toast=_("The job is stopping. What is done stays."),
        to=reverse("jobs:detail", args=[job_id]),
        changed="job:changed",
    )


@console_view
@download_from("jobs:detail")
@require_GET
def problems_file(request: ConsoleRequest, job_id: int) -> HttpResponseBase:
    """The rows that were left out, as a CSV file with line and reason that can be mended and imported again."""
    job = _job(request, job_id)
    problems = job.problems.order_by("line")
    return report_file(request, job, lambda: KINDS[job.kind].report(job, problems.iterator(chunk_size=500)))


def _job(request: ConsoleRequest, job_id: int) -> Job:
    job = jobs_in_reach(request.actor).filter(pk=job_id).first()
    if job is None:
        raise Http404
    return job


def _page_of(job: Job) -> str:
    """Where the job is shown: on its kind's own page, or on the one for all."""
    own = KINDS[job.kind].page
    return own(job) if own else reverse("jobs:detail", args=[job.pk])


def _after(job: Job) -> str:
    return f"{reverse('jobs:list')}?{urlencode({'before': f'{job.created_at.isoformat()}~{job.pk}'})}"


def _place(text: str) -> tuple[dt.datetime, int] | None:
    """The key of a job in an address; None where the text is none."""
    moment, _separator, key = text.partition("~")
    try:
        at, number = dt.datetime.fromisoformat(moment), int(key)
    except ValueError:
        return None
    return (at, number) if at.tzinfo and 0 < number < 2**63 else None


def _older(place: tuple[dt.datetime, int]) -> Q:
    return Q(created_at__lt=place[0]) | Q(created_at=place[0], pk__lt=place[1])
