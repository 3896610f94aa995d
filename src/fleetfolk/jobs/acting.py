"""In whose name a job works, and how it says why it failed."""

from typing import Any

from django.utils.translation import gettext

from fleetfolk.jobs.models import Job
from fleetfolk.kernel.actor import Actor, ActorKind, Client, Proof
from fleetfolk.kernel.reasons import REASONS


def actor_of_job(job: Job) -> Actor:
    """Whoever started the job, and proved then that it is them, with the rights that they hold at each chunk.

    What was started by a key goes no further than the key did.
    """
    scopes = job.input.get("scopes")
    return Actor(
        kind=ActorKind.USER,
        id=str(job.created_by_id),
        label=job.created_by_label,
        tenant_id=job.tenant_id,
        client=Client(job.input["client"]),
        batch_id=job.batch_id,
        proof=Proof.GIVEN,
        scopes=None if scopes is None else frozenset(scopes),
    )


def started_by(actor: Actor) -> dict[str, Any]:
    """What the job's input keeps of who started it, and by what."""
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return {"client": actor.client.value, "scopes": scopes}


def failure_of(job: Job) -> str:
    """The sentence of why the job failed."""
    sentence: str = str(REASONS[job.failure]) % job.failure_values if job.failure in REASONS else gettext("It failed.")
    return sentence
