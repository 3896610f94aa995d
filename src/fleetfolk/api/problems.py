"""How refusals become answers to programs: problem documents (RFC 9457), with the same reasons as everywhere."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from fleetfolk.console.middleware import STATUS
from fleetfolk.kernel.errors import ActionError, NotProved
from fleetfolk.kernel.reasons import REASONS, sentence_for

CONTENT_TYPE: Final = "application/problem+json"
_FOR_STATUS: Final = {
    400: "input_malformed",
    403: "permission_missing",
    404: "no_such_address",
    405: "method_wrong",
    413: "too_large",
    503: "not_now",
    507: "no_room",
}


_OUR_WORDS: Final = frozenset({"body", "query", "path", "asked", "payload"})


class Problem(Exception):
    """A request that is refused before any Action is asked."""

    def __init__(self, status: int, reason: str, *, headers: Mapping[str, str] | None = None, **about: object) -> None:
        super().__init__(reason)
        self.status, self.reason, self.about = status, reason, about
        self.headers = dict(headers or {})


def problem_document(
    request: HttpRequest,
    status: int,
    reason: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer. ``reason`` is one of `docs/reference/reasons.md`, for programs; ``detail`` is for people."""
    said: dict[str, Any] = {
        "type": f"urn:fleetfolk:reason:{reason}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "reason": reason,
        "request_id": getattr(request, "request_id", ""),
    }
    if errors:
        said["errors"] = list(errors)
    answer = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer


def of_refusal(request: HttpRequest, error: ActionError) -> HttpResponse:
    """An Action did not happen."""
    status = 403 if isinstance(error, NotProved) else STATUS[error.result]
    return problem_document(request, status, error.reason, sentence_for(error))


def of_problem(request: HttpRequest, error: Problem) -> HttpResponse:
    """A request was refused."""
    detail = str(REASONS[error.reason]) % error.about
    return problem_document(request, error.status, error.reason, detail, headers=error.headers)


def of_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent is not what the address takes: each place where, and why."""
    errors = [{"field": _place(one["loc"]), "message": str(one["msg"])} for one in error.errors]
    return problem_document(request, 422, "input_malformed", str(REASONS["input_malformed"]), errors=errors)


def _place(location: Sequence[object]) -> str:
    """Where it stands, as who sent it calls it."""
    return ".".join(str(part) for part in location if part not in _OUR_WORDS)


def of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library refuses by itself: a body that is no JSON, no key."""
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        return of_problem(request, unauthorized("bearer_missing"))
    return of_status(request, error.status_code)


def unauthorized(reason: str) -> Problem:
    """Nobody knows who asks."""
    return Problem(401, reason, headers={"WWW-Authenticate": 'Bearer realm="fleetfolk"'})


def of_status(request: HttpRequest, status: int, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """What Django answers by itself: no such address, another method, a defect."""
    reason, sentence = words_for(status)
    return problem_document(request, status, reason, sentence, headers=headers)


def words_for(status: int) -> tuple[str, str]:
    """The reason of a status that has no other, and its sentence."""
    reason = _FOR_STATUS.get(status, "input_malformed" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "broken")
    return reason, str(REASONS[reason])
