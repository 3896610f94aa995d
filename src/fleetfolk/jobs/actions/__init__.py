"""Changes to jobs."""

from fleetfolk.jobs.actions.cancel_job import CancelJob, CancelJobInput

__all__ = ["CancelJob", "CancelJobInput"]
