"""Make the devices of a batch of static tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_usable
from fleetfolk.devices.models import Claim, Device, Reported
from fleetfolk.devices.permissions import MANAGE_STATIC_TOKENS
from fleetfolk.devices.tokens import Kept
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Risk, SetAction
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome, SetOutcome
from fleetfolk.organizations import limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Ordered:
    """One device of the batch: its name, and what is kept of its token and of its code."""

    name: str
    token: Kept
    code: Kept


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateTokensInput:
    """The devices, and the file on disk that alone holds their tokens and codes."""

    devices: Sequence[Ordered]
    file: str


class CreateTokens(SetAction[Job, Device, CreateTokensInput]):
    """The batch's devices are there, unclaimed, and the job names the file; or nothing has changed."""

    code = "device.tokens.create"
    label = _("Create static tokens")
    said = _("made static tokens in %(target)s")
    permission = MANAGE_STATIC_TOKENS
    target_model = "jobs.Job"
    input_type = CreateTokensInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Job, data: CreateTokensInput) -> None:
        """Refuses what has ended or was made already, and another number than was ordered."""
        if target.is_over:
            raise Refused("job_over")
        if target.cursor or len(data.devices) != target.input["count"]:
            raise Refused("job_moved_on")
        require_usable(target.input["template"], target.organization)
        limits.require(target.tenant_id, "devices", len(data.devices))

    def apply_set(self, *, actor: Actor, target: Job, data: CreateTokensInput) -> SetOutcome[Device]:
        """Creates all of them in a few statements, and moves the job on."""
        template, now = require_usable(target.input["template"], target.organization), clock.now()
        devices = Device.objects.bulk_create(
            Device(
                tenant_id=target.tenant_id,
                organization=target.organization,
                template=template,
                name=ordered.name,
                token_hash=ordered.token.hash,
                token_end=ordered.token.end,
                created_at=now,
            )
            for ordered in data.devices
        )
        Reported.objects.bulk_create(Reported(device=device, tenant_id=device.tenant_id) for device in devices)
        Claim.objects.bulk_create(
            Claim(
                tenant_id=target.tenant_id,
                device=device,
                organization=target.organization,
                job=target,
                code_hash=ordered.code.hash,
                code_end=ordered.code.end,
                created_at=now,
            )
            for device, ordered in zip(devices, data.devices, strict=True)
        )
        count = len(devices)
        target.input = {**target.input, "file": data.file}
        target.counts, target.cursor, target.done = {"new": count}, count, count
        target.state, target.started_at, target.moved_at = JobState.RUNNING, target.started_at or now, now
        target.save(update_fields=["input", "counts", "cursor", "done", "state", "started_at", "moved_at"])
        return SetOutcome(
            outcomes=[
                Outcome(target=device, facts={"template": template.name, "code": ordered.code.end})
                for device, ordered in zip(devices, data.devices, strict=True)
            ]
        )
