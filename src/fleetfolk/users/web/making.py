"""How far a file of somebody's data is that was asked for on this page."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import EXPORT, Export

PART = "making"
"""The element that asks for itself while the file is being made."""

TOLD_FOR = dt.timedelta(days=1)
"""So long the page says how the last one went."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Making:
    """The last file that was asked for: ``going`` while it is made, ``ready`` when its link is mailed, or failed."""

    going: bool
    waiting: bool
    ready: bool
    failure: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        """How much of it is there."""
        return 100 * self.done // self.total


def making_of(actor: Actor, person: User) -> Making | None:
    """The last file of the person that the actor asked for; None where there is nothing to say of one."""
    mine = Export.objects.filter(user=person, requested_by_id=actor.user_id or 0).select_related("job")
    export = mine.order_by("-created_at", "-pk").first()
    if export is None or export.taken_at is not None or export.created_at < clock.now() - TOLD_FOR:
        return None
    job, over = export.job, export.expires_at is not None and clock.now() >= export.expires_at
    if over:
        return None
    return Making(
        going=not job.is_over,
        waiting=job.state == JobState.QUEUED,
        ready=job.state == JobState.DONE,
        failure=_failure(job),
        done=job.done,
        total=job.total or 1,
    )


def _failure(job: Job) -> str:
    if job.state == JobState.CANCELLED:
        return gettext("It was cancelled.")
    return KINDS[EXPORT].failure_of(job) if job.state == JobState.FAILED else ""
