"""In whose name a job works, and how it says why it failed."""

from typing import Any

from django.utils.translation import gettext

from fleetfolk.access.place import place_again
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.actor import Actor, ActorKind, Client, Proof
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.reasons import REASONS


def actor_of_job(job: Job) -> Actor:
    """Whoever started the job, and proved then that it is them, with the rights that they hold at each chunk.

    What was started by a key goes no further than the key did, and what was started in a place no further than that.
    """
    scopes = job.input.get("scopes")
    place = None
    if job.place_id is not None:
        place = place_again(job.place_id, person_id=job.created_by_id, tenant_id=job.tenant_id)
    return Actor(
        kind=ActorKind.USER if job.program_id is None else ActorKind.API_CLIENT,
        id=str(job.created_by_id if job.program_id is None else job.program_id),
        label=job.created_by_label,
        tenant_id=job.tenant_id,
        client=Client(job.input["client"]),
        batch_id=job.batch_id,
        proof=Proof.GIVEN,
        place=place,
        scopes=None if scopes is None else frozenset(scopes),
    )


def asked_by(actor: Actor) -> dict[str, Any]:
    """The columns of a job that say who asked for it, and where. Denies what is neither a person nor a program."""
    if actor.user_id is None and actor.program_id is None:
        raise Denied("not_for_the_system")
    return {
        "created_by_id": actor.user_id or 0,
        "created_by_label": actor.label[:140],
        "program_id": actor.program_id,
        "place_id": actor.place.organization_id if actor.place else None,
    }


def started_by(actor: Actor) -> dict[str, Any]:
    """What the job's input keeps of how it was started."""
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return {"client": actor.client.value, "scopes": scopes}


def failure_of(job: Job) -> str:
    """The sentence of why the job failed."""
    sentence: str = str(REASONS[job.failure]) % job.failure_values if job.failure in REASONS else gettext("It failed.")
    return sentence
