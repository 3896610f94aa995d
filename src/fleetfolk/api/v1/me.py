"""Who asks, and what the key opens."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema

from fleetfolk.access.grants import grants_of
from fleetfolk.api.shell import API, holder_of
from fleetfolk.kernel.actor import ActorKind, Proof


class PlaceOut(Schema):
    """What the key opens at one place of the tree and below."""

    organization: str
    role: str
    permissions: list[str]


class MeOut(Schema):
    """Whose key it is, and what it opens now."""

    kind: str = Field(description="`person` or `program`.", examples=["person"])
    id: int
    name: str = Field(examples=["Ada Lindqvist"])
    email: str | None = Field(description="Of a person.")
    organization_id: int
    tenant_id: int
    sensitive: bool = Field(description="Whether it may do what a browser would ask for a proof.")
    places: list[PlaceOut]


@API.get("/me", response=MeOut, tags=["Keys"], operation_id="me", summary="Who I am")
def me(request: HttpRequest) -> Any:
    """Whose key this is, and what it opens now: what its holder holds, within its scopes."""
    holder = holder_of(request)
    actor = holder.actor
    return {
        "kind": "program" if actor.kind is ActorKind.API_CLIENT else "person",
        "id": int(actor.id),
        "name": actor.label,
        "email": holder.person.email if holder.person else None,
        "organization_id": holder.organization_id,
        "tenant_id": actor.tenant_id,
        "sensitive": actor.proof is Proof.GIVEN,
        "places": [
            {
                "organization": grant.organization_name,
                "role": grant.role_name,
                "permissions": sorted(grant.permissions),
            }
            for grant in grants_of(actor)
        ],
    }
