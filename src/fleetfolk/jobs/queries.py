"""What people see of jobs."""

from django.db.models import Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel.actor import Actor


def jobs_in_reach(actor: Actor) -> QuerySet[Job]:
    """The jobs that the actor may see, newest first: all within reach of who may view jobs, else one's own.

    One's own are seen as long as one may still do what they do. Drafts are their maker's, and not listed.
    """
    grants = grants_of(actor)
    jobs = Job.objects.select_related("organization")
    seen = Q(pk__in=GATE.within_reach(Job.objects.all(), actor=actor, permission=VIEW_JOBS, grants=grants))
    for kind in KINDS.values():
        own = Job.objects.filter(Job.of(actor), kind=kind.code)
        seen |= Q(pk__in=GATE.within_reach(own, actor=actor, permission=kind.permission, grants=grants))
    return jobs.filter(seen, tenant_id=actor.tenant_id).exclude(state=JobState.DRAFT).order_by("-created_at", "-id")


def may_read_report(actor: Actor, job: Job) -> bool:
    """Whether the actor may read the rows that the job left out: they hold what was in its input."""
    kind = KINDS.get(job.kind)
    return kind is not None and GATE.decide(actor, kind.permission, job).allowed
