"""What is done with the log itself."""

from fleetfolk.actionlog.actions.export_log import ExportLog, ExportLogInput

__all__ = ["ExportLog", "ExportLogInput"]
