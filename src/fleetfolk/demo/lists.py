"""The files that the demo world's people import: real CSV files, imported by the real import."""

import csv
import datetime as dt
from collections.abc import Callable
from io import StringIO

from fleetfolk.demo.events import Event
from fleetfolk.demo.places import site
from fleetfolk.jobs.actions import EraseReport, EraseReportInput
from fleetfolk.jobs.actions.erase_report import REPORT_KEPT_FOR
from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.users.import_source import ImportSource
from fleetfolk.users.runs import run_import
from fleetfolk.users.uploads import keep_upload

_HEADER = ("E-mail", "First name", "Last name", "Phone", "Location")


class ImportFailed(Exception):
    """A list of the story was not imported as it is told."""


def keep_list(
    event: Event, *, within: Organization, role_id: int, as_stored: Callable[[str, str], tuple[str, str]]
) -> ImportSource:
    """The file of an import is on disk, as its actor would have uploaded it, with a mail for everybody."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    for row in event.rows:
        place = site(row["organization"], row["site"]).name if row["site"] else ""
        writer.writerow([row["email"], *as_stored(row["first_name"], row["last_name"]), row["phone"], place])
    return ImportSource.of_file(
        file=keep_upload([text.getvalue().encode()]),
        file_name=event.data["file"],
        within=within,
        role_id=role_id,
        country="",
        invite=event.data["invite"] == "yes",
        client="web",
    )


def run_list(job_id: int, *, at: dt.datetime, now: dt.datetime) -> None:
    """The import is done; when a week has passed by ``now``, its file and report are erased as the caretaker does."""
    with clock.at(at):
        run_import(job_id)
    job = Job.objects.get(pk=job_id)
    if job.state != JobState.DONE or job.counts.get("problem"):
        raise ImportFailed(f"{job.title}: {job.state}, {job.failure or job.counts}")
    # The caretaker comes once an hour.
    erased_at = (at + REPORT_KEPT_FOR + dt.timedelta(hours=1)).replace(minute=41, second=0, microsecond=0)
    if erased_at < now and job.report_erased_at is None:
        KINDS[job.kind].erase(job)
        with clock.at(erased_at):
            caretaker = system_actor("caretaker", tenant_id=job.tenant_id)
            perform(EraseReport, actor=caretaker, target_id=job.pk, data=EraseReportInput())
