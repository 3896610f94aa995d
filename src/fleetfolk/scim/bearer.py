"""Whose token a request brings: looked up anew by every request, so that what is revoked is revoked now.

The token alone says which directory asks, and so of which organization: nothing in the address or the headers does.
"""

from typing import Final

import structlog
from django.db import connection
from django.http import HttpRequest
from scim2_models import UnauthorizedException

from fleetfolk.api.bearer import EVERY
from fleetfolk.api.limits import spend
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, ActorKind, Client, Proof
from fleetfolk.scim.models import ScimClient
from fleetfolk.scim.storage import Directory
from fleetfolk.scim.tokens import LONGEST_SECRET, TOKEN, key_hash
from fleetfolk.users.web.actors import address_of

USED: Final = "UPDATE scim_scimclient SET last_used_at = %s WHERE id = %s"


def directory_of(request: HttpRequest) -> tuple[Directory, dict[str, str]]:
    """What the holder of the token may read and write, and how many requests are left to its organization.

    Raises `UnauthorizedException` where it is nobody's, and `fleetfolk.api.problems.Problem` beyond the limit.
    """
    client = _client(request.headers.get("Authorization", ""))
    structlog.contextvars.bind_contextvars(key=f"scim:{client.pk}", tenant=client.tenant_id)
    left = spend(client.organization_id)
    _seen(client)
    actor = Actor(
        kind=ActorKind.SCIM_CLIENT,
        id=str(client.pk),
        label=f"SCIM client {client.name}",
        tenant_id=client.tenant_id,
        client=Client.SCIM,
        request_id=getattr(request, "request_id", ""),
        address=address_of(request),
        # Whoever let it in has shown that it is them; nobody asks a program.
        proof=Proof.GIVEN,
    )
    return Directory(client, actor), left


def _client(header: str) -> ScimClient:
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.casefold() != "bearer" or not token:
        raise UnauthorizedException(detail="Send the token: Authorization: Bearer …")
    found = None
    if token.startswith(TOKEN) and len(token) <= LONGEST_SECRET:
        rows = ScimClient.objects.select_related("organization")
        found = rows.filter(secret_hash=key_hash(token), organization__archived_at=None).first()
    if found is None:
        raise UnauthorizedException(detail="This token is unknown, or was replaced or revoked.")
    return found


def _seen(client: ScimClient) -> None:
    now = clock.now()
    if client.last_used_at is None or now - client.last_used_at > EVERY:
        with connection.cursor() as cursor:
            cursor.execute(USED, [now, client.pk])
