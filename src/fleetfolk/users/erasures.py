"""The erasures that an actor may read: those of the whole tenant, for who may delete anybody in it."""

from collections.abc import Sequence

from fleetfolk.access.grants import grants_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.users.models_privacy import Erasure
from fleetfolk.users.permissions import DELETE_USERS

MOST = 200


def erasures_seen(actor: Actor) -> Sequence[Erasure]:
    """The latest, newest first. Raises `Denied` for who may not."""
    _require(actor)
    return list(Erasure.objects.filter(tenant_id=actor.tenant_id).order_by("-at", "-pk")[:MOST])


def erasure_seen(actor: Actor, erasure_id: int) -> Erasure | None:
    """One of them; None for one of another tenant. Raises `Denied` for who may not."""
    _require(actor)
    return Erasure.objects.filter(tenant_id=actor.tenant_id, pk=erasure_id).first()


def _require(actor: Actor) -> None:
    """An erasure does not say where the person was, so it is for who may delete people everywhere in the tenant."""
    if not any(DELETE_USERS.code in grant.permissions and grant.path.count(".") == 1 for grant in grants_of(actor)):
        raise Denied("permission_missing")
