"""Export everything that is known about a person."""

from uuid import uuid4

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.acting import asked_by
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import EXPORT, Export
from fleetfolk.users.permissions import EXPORT_USER_DATA


class ExportUser(Action[User, NoInput]):
    """A job makes one file of everything about the person; whoever asked is mailed a link that works once."""

    code = "user.export"
    label = _("Export all data of a user")
    said = _("asked for all data of %(target)s")
    permission = EXPORT_USER_DATA
    target_model = "users.User"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses a second file while the first is being made."""
        require_free_to_export(actor, target)

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Queues the job."""
        job = begin_export(actor, target, title=gettext("All data of %(name)s") % {"name": target})
        return Outcome(target=target, facts={"job": job.pk})


def require_free_to_export(actor: Actor, target: User) -> None:
    """Refuses while an export of the person, asked for by the same actor, is being made."""
    under_way = Export.objects.filter(
        user=target, requested_by_id=actor.user_id or 0, job__state__in=(JobState.QUEUED, JobState.RUNNING)
    )
    if under_way.exists():
        raise Refused("export_running")


def begin_export(actor: Actor, target: User, *, title: str) -> Job:
    """A job waits for the worker, and a name for its file. Denies what is no person, for a person gets the mail."""
    if actor.user_id is None:
        raise Denied("export_by_the_system")
    now = clock.now()
    job = Job.objects.create(
        tenant_id=target.tenant_id,
        organization=target.organization,
        kind=EXPORT,
        title=title[:140],
        state=JobState.QUEUED,
        **asked_by(actor),
        batch_id=uuid4(),
        input={"user_id": target.pk},
        created_at=now,
        moved_at=now,
    )
    Export.objects.create(
        tenant_id=target.tenant_id,
        user=target,
        job=job,
        requested_by_id=actor.user_id,
        file=uuid4(),
        created_at=now,
    )
    enqueue("jobs.run", job_id=job.pk)
    return job
