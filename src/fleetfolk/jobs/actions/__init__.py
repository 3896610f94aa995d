"""Changes to jobs."""

from fleetfolk.jobs.actions.cancel_job import CancelJob, CancelJobInput
from fleetfolk.jobs.actions.create_bulk import CreateBulk, CreateBulkInput
from fleetfolk.jobs.actions.end_job import EndJob, EndJobInput
from fleetfolk.jobs.actions.erase_report import EraseReport, EraseReportInput
from fleetfolk.jobs.actions.export_report import ExportReport, ExportReportInput
from fleetfolk.jobs.actions.restore_bulk import RestoreBulk, RestoreBulkInput
from fleetfolk.jobs.actions.start_bulk import StartBulk, StartBulkInput
from fleetfolk.jobs.actions.start_job import StartJob, StartJobInput

__all__ = [
    "CancelJob",
    "CancelJobInput",
    "CreateBulk",
    "CreateBulkInput",
    "EndJob",
    "EndJobInput",
    "EraseReport",
    "EraseReportInput",
    "ExportReport",
    "ExportReportInput",
    "RestoreBulk",
    "RestoreBulkInput",
    "StartBulk",
    "StartBulkInput",
    "StartJob",
    "StartJobInput",
]
