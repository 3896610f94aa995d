"""Changes to jobs."""

from fleetfolk.jobs.actions.cancel_job import CancelJob, CancelJobInput
from fleetfolk.jobs.actions.end_job import EndJob, EndJobInput
from fleetfolk.jobs.actions.erase_report import EraseReport, EraseReportInput
from fleetfolk.jobs.actions.start_job import StartJob, StartJobInput

__all__ = [
    "CancelJob",
    "CancelJobInput",
    "EndJob",
    "EndJobInput",
    "EraseReport",
    "EraseReportInput",
    "StartJob",
    "StartJobInput",
]
