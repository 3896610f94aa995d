"""A change that is asked for twice by the same idempotency key happens once."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final

from django.db import connection
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError
from pydantic import BaseModel

from fleetfolk.api.bearer import Holder
from fleetfolk.api.problems import Problem
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import ActionError

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_KEY = re.compile(r"[!-~]{1,200}")

BEGIN: Final = """
    INSERT INTO api_answer (holder, key, fingerprint, status, body, at) VALUES (%s, %s, %s, NULL, '', %s)
    ON CONFLICT (holder, key) DO NOTHING
"""
KEEP: Final = "UPDATE api_answer SET status = %s, body = %s WHERE holder = %s AND key = %s"
FORGET: Final = "DELETE FROM api_answer WHERE holder = %s AND key = %s"
_FIND = "SELECT fingerprint, status, body FROM api_answer WHERE holder = %s AND key = %s"


class Answered(BaseModel):
    """What a change answers. What is shown once is not kept for the second time."""

    def kept(self) -> str:
        """The answer as it is kept."""
        return self.model_dump_json()


type _View[**P] = Callable[Concatenate[HttpRequest, P], tuple[int, Answered]]


def once[**P](view: _View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The view is asked once for each idempotency key; again, the same answer is given.

    A refusal is not kept: nothing was done, so the same key may be tried again. Where nobody knows how the first one
    ended, the second is refused.
    """

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            status, answer = view(request, *args, **kwargs)
            return _json(answer.model_dump_json(), status)
        if not _KEY.fullmatch(key):
            raise Problem(422, "idempotency_key")
        holder: Holder = request.auth  # type: ignore[attr-defined]
        again = _begun(holder.name, key, _fingerprint(request))
        if again is not None:
            return again
        try:
            status, answer = view(request, *args, **kwargs)
        except (ActionError, Problem, ValidationError):
            _run(FORGET, [holder.name, key])
            raise
        _run(KEEP, [status, answer.kept(), holder.name, key])
        return _json(answer.model_dump_json(), status)

    return asked


def _begun(holder: str, key: str, fingerprint: str) -> HttpResponse | None:
    """None where this is the first request; else the first one's answer."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [holder, key, fingerprint, clock.now()])
        if cursor.rowcount:
            return None
        cursor.execute(_FIND, [holder, key])
        row: Any = cursor.fetchone()
    if row is None or row[1] is None:
        raise Problem(409, "idempotency_open")
    if row[0] != fingerprint:
        raise Problem(422, "idempotency_other")
    answer = _json(row[2], row[1])
    answer[REPLAYED] = "true"
    return answer


def _fingerprint(request: HttpRequest) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(asked).hexdigest()


def _run(statement: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _json(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json")
