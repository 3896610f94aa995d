"""Choose many, and what is to be done to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.grants import grants_of
from fleetfolk.console.sql import Sql
from fleetfolk.jobs.acting import asked_by, started_by
from fleetfolk.jobs.bulk import THINGS, BulkAct, Things, bulk_act
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import LARGEST_KEY
from fleetfolk.organizations.models import Organization

MOST_NAMED = 10_000
"""So many can be named one by one; more are chosen as all that a list shows."""

COUNTED_FROM = 5_000
"""From so many on, the planner is told of them. Else it takes them for a few, and looks each up by itself."""

# Keys in their order, as everybody locks who locks many.
_NAMED = """
    INSERT INTO jobs_target (tenant_id, job_id, position, target_id, state, reason, values)
    SELECT %s, %s, row_number() OVER (ORDER BY id), id, 0, '', '{{}}'
    FROM (SELECT DISTINCT unnest(%s::bigint[]) AS id) named
"""
_SHOWN = """
    INSERT INTO jobs_target (tenant_id, job_id, position, target_id, state, reason, values)
    SELECT %s, %s, row_number() OVER (ORDER BY id), id, 0, '', '{{}}' FROM {table} WHERE {where}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateBulkInput:
    """What of which list is to be done to whom: to these keys, or to all whom the condition of a list holds."""

    of: str
    act: str
    ids: Sequence[int] = ()
    where: Sql | None = None


class CreateBulk(Action[Organization, CreateBulkInput]):
    """There is a draft that holds who was chosen, as the list was then. Nobody is changed yet.

    Keys that are not the actor's to see are kept like any others, so that nobody learns which there are: each is
    refused when its turn comes.
    """

    code = "job.bulk.create"
    label = _("Choose many")
    said = _("chose many in %(target)s")
    permission = VIEW_JOBS
    target_model = "organizations.Organization"
    input_type = CreateBulkInput

    def check(self, *, actor: Actor, target: Organization, data: CreateBulkInput) -> None:
        """Denies whoever may not see these things, or has the act's right nowhere; refuses what there is not."""
        act = require_act(actor, data.of, data.act)
        if not act.offered:
            raise Refused("bulk_unknown")
        if len(data.ids) > MOST_NAMED:
            raise Refused("bulk_too_many", most=MOST_NAMED)

    def apply(self, *, actor: Actor, target: Organization, data: CreateBulkInput) -> Outcome[Job]:  # type: ignore[override]
        """Makes the draft."""
        things, act = THINGS[data.of], require_act(actor, data.of, data.act)
        job = new_job(actor, target, things, act)
        ids = [key for key in data.ids if 0 < key <= LARGEST_KEY]
        statement, params = _NAMED, [ids]
        if data.where is not None:
            statement, params = _SHOWN, [*data.where.params]
        with connection.cursor() as cursor:
            cursor.execute(
                statement.format(table=things.table, where=data.where.text if data.where else ""),
                [job.tenant_id, job.pk, *params],
            )
            job.total = cursor.rowcount
            if job.total >= COUNTED_FROM:
                cursor.execute("ANALYZE jobs_target")
        if not job.total:
            raise Refused("bulk_nobody")
        job.title = act.headed(job.total)[:140]
        job.save(update_fields=["total", "title"])
        return Outcome(target=job, facts={"act": act.code, "of": data.of, "count": job.total})


def new_job(actor: Actor, organization: Organization, things: Things, act: BulkAct, **more: Any) -> Job:
    """A draft without targets."""
    return Job.objects.create(
        tenant_id=organization.tenant_id,
        organization=organization,
        kind=things.kind,
        title=str(act.label),
        state=JobState.DRAFT,
        **asked_by(actor),
        batch_id=uuid4(),
        input={"of": things.of, "act": act.code, "chosen": {}, **started_by(actor), **more},
        created_at=clock.now(),
    )


def require_act(actor: Actor, of: str, code: str) -> BulkAct:
    """The act, where the actor has its right somewhere. Whether they have it over each target is asked of each."""
    act = bulk_act(of, code)
    if act is None:
        raise Refused("bulk_unknown")
    held = {code for grant in grants_of(actor) for code in grant.permissions}
    if not {THINGS[of].view.code, act.action.permission.code} <= held:
        raise Denied("permission_missing")
    return act
