"""The kind of job that does an act to many."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.acting import failure_of
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.kinds import JobKind
from fleetfolk.kernel.permissions import Permission


def bulk_kind(code: str, permission: Permission, *, personal: bool = False) -> JobKind:
    """The kind for one sort of things. Its jobs have pages of their own, and keep nothing outside the database."""
    return JobKind(
        code=code,
        permission=permission,
        run=run_bulk,
        failure_of=failure_of,
        erase=lambda _job: None,
        sweep=lambda: None,
        counts={"changed": _("Done"), "unchanged": _("Nothing to change"), "problem": _("Refused")},
        personal=personal,
        page=lambda job: reverse("bulk:job", args=[job.pk]),
    )
