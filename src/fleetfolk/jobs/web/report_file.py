"""The report of a job as a file that is taken along."""

from collections.abc import Callable, Iterator
from typing import Final

from allauth.core.internal import ratelimit
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify

from fleetfolk.console.csv_export import CONTENT_TYPE
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.jobs.actions import ExportReport, ExportReportInput
from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.queries import may_read_report
from fleetfolk.kernel.perform import perform

DOWNLOADS: Final = {"job_report": "10/10m/user"}
"""Downloads of one person: each reads all of a report and keeps a worker busy while it does."""


def report_file(request: ConsoleRequest, job: Job, lines: Callable[[], Iterator[bytes]]) -> HttpResponseBase:
    """A CSV file that streams. That a report about people was taken is in the log. Too many at once wait a while."""
    if job.state == JobState.DRAFT or job.report_erased_at is not None or not may_read_report(request.actor, job):
        raise Http404
    if not ratelimit.consume(request, app="fleetfolk", action="job_report", config=DOWNLOADS, limit_get=True):
        return ratelimit.respond_429(request)
    if KINDS[job.kind].personal:
        perform(ExportReport, actor=request.actor, target_id=job.pk, data=ExportReportInput())
    answer = StreamingHttpResponse(lines(), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{slugify(job.title) or "job"}-{job.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
