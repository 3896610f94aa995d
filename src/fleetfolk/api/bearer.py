"""Whose key a request brings: looked up anew by every request, so that what is revoked is revoked now."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from django.db import connection
from django.http import HttpRequest
from ninja.security import HttpBearer

from fleetfolk.api.limits import spend
from fleetfolk.api.problems import Problem, unauthorized
from fleetfolk.api.secrets import ACCESS, PERSONAL, key_hash
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, ActorKind, Client, Proof
from fleetfolk.kernel.statements import planned_once
from fleetfolk.users.models import User
from fleetfolk.users.signed_in import signed_in_person
from fleetfolk.users.web.actors import address_of

EVERY: Final = dt.timedelta(minutes=5)
"""A key that is used says so this often."""

LONGEST: Final = 200

_PERSONAL = """
SELECT token.id, token.user_id, token.scopes, token.sensitive, token.session_epoch, token.last_used_at
FROM api_personaltoken token WHERE token.secret_hash = %s AND token.expires_at > %s
"""
_PROGRAM = """
SELECT program.id, program.name, program.tenant_id, program.organization_id, program.sensitive,
    secret.id, secret.last_used_at
FROM api_programtoken token
JOIN api_programsecret secret ON secret.id = token.secret_id
JOIN api_program program ON program.id = secret.program_id
JOIN organizations_organization home ON home.id = program.organization_id AND home.archived_at IS NULL
WHERE token.access_hash = %s AND token.expires_at > %s
"""
KEY_USED: Final = "UPDATE api_personaltoken SET last_used_at = %s WHERE id = %s"
PROGRAM_USED: Final = "UPDATE api_programsecret SET last_used_at = %s WHERE id = %s"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Whose key it is: ``name`` says so in what is kept about the key. ``person`` is there where it is a person's."""

    actor: Actor
    name: str
    organization_id: int
    person: User | None = None


class Bearer(HttpBearer):
    """A key in the header ``Authorization``: a person's own, or a token that a program got for its secret."""

    openapi_description = "A personal key, or an access token from /oauth2/token."

    def authenticate(self, request: HttpRequest, token: str) -> Holder:
        """Who acts, within the limit of their organization. Raises `Problem`."""
        holder = holder_of(token)
        actor = replace(holder.actor, request_id=getattr(request, "request_id", ""), address=address_of(request))
        structlog.contextvars.bind_contextvars(key=holder.name, tenant=actor.tenant_id)
        request.rate_headers = spend(holder.organization_id)  # type: ignore[attr-defined]
        return replace(holder, actor=actor)


def holder_of(token: str) -> Holder:
    """Whose key this is, now. Raises `Problem` where it is nobody's."""
    found = None
    if len(token) <= LONGEST:
        if token.startswith(PERSONAL):
            found = _of_person(token)
        elif token.startswith(ACCESS):
            found = _of_program(token)
    if found is None:
        raise unauthorized("bearer_wrong")
    return found


def _row(statement: str, token: str) -> Any:
    with planned_once() as cursor:
        cursor.execute(statement, [key_hash(token), clock.now()])
        return cursor.fetchone()


def _of_person(token: str) -> Holder | None:
    row = _row(_PERSONAL, token)
    if row is None:
        return None
    token_id, user_id, scopes, sensitive, epoch, last_used_at = row
    person = signed_in_person(user_id)
    if person is None or person.session_epoch != epoch:
        return None
    if person.must_add_factor:  # type: ignore[attr-defined]
        raise Problem(403, "second_factor_missing")
    _seen(KEY_USED, token_id, last_used_at)
    actor = replace(person.as_actor(Client.HTTPS_API, proof=_proof(sensitive)), scopes=frozenset(scopes))
    return Holder(actor=actor, name=f"token:{token_id}", organization_id=person.organization_id, person=person)


def _of_program(token: str) -> Holder | None:
    row = _row(_PROGRAM, token)
    if row is None:
        return None
    program_id, name, tenant_id, organization_id, sensitive, secret_id, last_used_at = row
    _seen(PROGRAM_USED, secret_id, last_used_at)
    actor = Actor(
        kind=ActorKind.API_CLIENT,
        id=str(program_id),
        label=name,
        tenant_id=tenant_id,
        client=Client.HTTPS_API,
        proof=_proof(sensitive),
    )
    return Holder(actor=actor, name=f"program:{program_id}", organization_id=organization_id)


def _proof(sensitive: bool) -> Proof:
    return Proof.GIVEN if sensitive else Proof.NOT_INCLUDED


def _seen(statement: str, key: int, last_used_at: dt.datetime | None) -> None:
    now = clock.now()
    if last_used_at is None or now - last_used_at > EVERY:
        with connection.cursor() as cursor:
            cursor.execute(statement, [now, key])
