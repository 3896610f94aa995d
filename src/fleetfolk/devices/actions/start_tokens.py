"""Ask for a batch of static tokens."""

from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fleetfolk.devices.actions.changing_hands import require_usable
from fleetfolk.devices.permissions import MANAGE_STATIC_TOKENS
from fleetfolk.jobs.acting import asked_by
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization

TOKENS = "device.tokens"
"""The kind of the job."""

MOST_TOKENS = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class StartTokensInput:
    """So many devices of the template."""

    template_id: int
    count: int


class StartTokens(Action[Organization, StartTokensInput]):
    """A job waits that makes so many unclaimed devices in the organization, with a file of their tokens and codes."""

    code = "device.tokens.start"
    label = _("Order static tokens")
    said = _("ordered static tokens in %(target)s")
    permission = MANAGE_STATIC_TOKENS
    target_model = "organizations.Organization"
    input_type = StartTokensInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: StartTokensInput) -> None:
        """Refuses too many, a template that is not enabled here, and more than the plan has room for."""
        if not 1 <= data.count <= MOST_TOKENS:
            raise Refused("tokens_count", most=MOST_TOKENS)
        require_usable(data.template_id, target)
        limits.require(target.tenant_id, "devices", data.count)

    def apply(self, *, actor: Actor, target: Organization, data: StartTokensInput) -> Outcome[Job]:  # type: ignore[override]
        """Queues the job in the same transaction."""
        if actor.user_id is None:
            raise Denied("not_for_the_system")
        template, now = require_usable(data.template_id, target), clock.now()
        title = ngettext("%(count)s token for %(template)s", "%(count)s tokens for %(template)s", data.count)
        job = Job.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            kind=TOKENS,
            title=title % {"count": data.count, "template": template.name},
            state=JobState.QUEUED,
            **asked_by(actor),
            batch_id=uuid4(),
            input={"template": template.pk, "count": data.count, "client": actor.client.value},
            total=data.count,
            created_at=now,
            moved_at=now,
        )
        enqueue("jobs.run", job_id=job.pk)
        return Outcome(target=job, facts={"template": template.name, "count": data.count})
