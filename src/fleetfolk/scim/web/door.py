"""Where directories ask: `/scim/v2/`, with their token."""

import json
from typing import Final

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from scim2_models import Error, InvalidValueException, PayloadTooLargeException, SCIMException
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from fleetfolk.api.problems import Problem
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.scim.bearer import directory_of
from fleetfolk.scim.service import SERVICE, answer
from fleetfolk.scim.web import ROOT

_LOG: Final = structlog.get_logger("fleetfolk.scim")


@csrf_exempt
def door(request: HttpRequest, path: str = "") -> HttpResponse:
    """What a directory asks. Cookies mean nothing here: its token says who it is."""
    left: dict[str, str] = {}
    try:
        directory, left = directory_of(request)
        told = answer(_read(request, path), directory)
    except Problem as problem:
        left = problem.headers
        sentence = str(REASONS[problem.reason]) % problem.about
        told = SERVICE.error_response(SCIMException.from_error(Error(status=problem.status, detail=sentence)))
    except SCIMException as error:
        told = SERVICE.error_response(error)
    except (IntegrityError, DataError) as error:
        _LOG.warning("unfit", path=request.path_info)
        told = SERVICE.error_response(InvalidValueException(detail=_unfit(error)))
    return _answered(told, left)


def _read(request: HttpRequest, path: str) -> ScimRequest:
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise PayloadTooLargeException(detail="The body is too large.") from error
    return ScimRequest(
        method=request.method or "GET",
        base_url=f"{settings.FLEETFOLK_ORIGIN}{ROOT}",
        path=f"/{path}",
        query=request.GET.dict(),
        headers=dict(request.headers),
        body=body,
    )


def _unfit(error: Exception) -> str:
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "type"
    return str(REASONS["input_unfit"]) % {"rule": rule}


def _answered(told: ScimResponse, left: dict[str, str]) -> HttpResponse:
    body = "" if told.body is None else json.dumps(told.body, ensure_ascii=False)
    made = HttpResponse(body, status=told.status)
    for name, value in {**left, **told.headers, "Cache-Control": "no-store"}.items():
        made[name] = value
    return made
