"""Tokens of programs: made for a secret, exchanged once for the next."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from fleetfolk.api.models import TOKEN_LASTS
from fleetfolk.api.secrets import ACCESS, LONGEST_SECRET, REFRESH, key_hash, new_key
from fleetfolk.kernel import clock

ISSUE: Final = """
    INSERT INTO api_programtoken (secret_id, access_hash, refresh_hash, expires_at) VALUES (%s, %s, %s, %s)
"""
SPEND: Final = """
    UPDATE api_programtoken token SET refreshed_at = %(now)s
    FROM api_programsecret secret JOIN api_program program ON program.id = secret.program_id
    WHERE token.refresh_hash = %(hash)s AND token.refreshed_at IS NULL AND token.expires_at > %(now)s
        AND secret.id = token.secret_id AND program.client_id = %(client)s
    RETURNING secret.id
"""
_PROVED = """
    SELECT secret.id FROM api_programsecret secret JOIN api_program program ON program.id = secret.program_id
    WHERE program.client_id = %s AND secret.secret_hash = %s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Issued:
    """What a program gets."""

    access: str
    refresh: str
    lasts: dt.timedelta


def secret_of(client_id: str, secret: str) -> int | None:
    """The secret, where it is one of this program's."""
    if len(client_id) > LONGEST_SECRET or len(secret) > LONGEST_SECRET or "\0" in client_id:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_PROVED, [client_id, key_hash(secret)])
        row: Any = cursor.fetchone()
    return None if row is None else int(row[0])


def issue(secret_id: int) -> Issued:
    """A token for the secret."""
    issued = Issued(access=new_key(ACCESS), refresh=new_key(REFRESH), lasts=TOKEN_LASTS)
    with connection.cursor() as cursor:
        values: list[Any] = [secret_id, key_hash(issued.access), key_hash(issued.refresh), clock.now() + TOKEN_LASTS]
        cursor.execute(ISSUE, values)
    return issued


def exchange(client_id: str, refresh: str) -> Issued | None:
    """The next token for one that is spent by it; None where it is spent, over, or another program's."""
    if len(refresh) > LONGEST_SECRET:
        return None
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SPEND, {"now": clock.now(), "hash": key_hash(refresh), "client": client_id})
            row: Any = cursor.fetchone()
        return None if row is None else issue(int(row[0]))
