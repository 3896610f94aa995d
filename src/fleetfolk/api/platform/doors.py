"""Where scripts written for Blynk's Platform API ask: a table of paths, how they are asked, and the form of an error.

Every path is declared once with `route`, and the table makes the addresses, the tests and the page of reference.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from fleetfolk.api.bearer import Bearer
from fleetfolk.api.problems import Problem, unauthorized
from fleetfolk.api.shell import StrictParser
from fleetfolk.console.middleware import STATUS
from fleetfolk.kernel.errors import ActionError, Denied, NotProved, Refused
from fleetfolk.kernel.reasons import REASONS, sentence_for
from fleetfolk.organizations.models import Organization

WRONG: Final = "Request with incorrect parameters"
ROLE_CLOSED: Final = "You don't have permissions to access this Role. Contact administrator for details."
NO_ORGANIZATION: Final = "Organization is not found or you don't have access to it."


class Given(BaseModel):
    """What a request carries: fields of the address or of a JSON body, named as `orgId`. What is unknown is ignored."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", allow_inf_nan=False)


class Wrong(Exception):
    """A request that is refused in the words that scripts know."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def missing(message: str) -> Wrong:
    """It does not exist, or is somebody else's."""
    return Wrong(404, message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One method of one path. ``differs`` is what a script notices that was written for Blynk."""

    method: str
    path: str
    given: type[Given]
    view: Callable[[HttpRequest, Any], Any]
    right: str
    differs: str = ""

    @property
    def said(self) -> str:
        """What it does, in a sentence."""
        return " ".join((self.view.__doc__ or "").split("\n\n")[0].split())


@dataclass(slots=True)
class Table:
    """Every path with its methods."""

    by_path: dict[str, dict[str, Route]] = field(default_factory=dict)

    def all(self) -> list[Route]:
        """Each route, in the order of declaration."""
        return [route for methods in self.by_path.values() for route in methods.values()]


ROUTES: Final = Table()

type _View[G] = Callable[[HttpRequest, G], Any]


def route[G: Given](
    method: str, path: str, given: type[G], *, right: str, differs: str = ""
) -> Callable[[_View[G]], _View[G]]:
    """The function answers there: with JSON, with a status and JSON, or with None for 204."""

    def declared(view: _View[G]) -> _View[G]:
        methods = ROUTES.by_path.setdefault(path, {})
        methods[method] = Route(method=method, path=path, given=given, view=view, right=right, differs=differs)
        return view

    return declared


@csrf_exempt
def answer(request: HttpRequest, path: str = "") -> HttpResponse:
    """What is at the path answers, or says why not. Keys, rights and limits are those of the REST interface."""
    try:
        return _answered(request, path.strip("/"))
    except Wrong as wrong:
        return error_form(wrong.status, wrong.message)
    except ValidationError as unfit:
        fields = ", ".join(sorted({str(one["loc"][0]) if one["loc"] else "body" for one in unfit.errors()}))
        return error_form(400, f"{WRONG}: {fields}")
    except Problem as problem:
        said = str(REASONS[problem.reason]) % problem.about
        return error_form(400 if problem.status == 422 else problem.status, said, problem.headers)
    except ActionError as refused:
        return error_form(*_words(refused))


def _answered(request: HttpRequest, path: str) -> HttpResponse:
    methods = ROUTES.by_path.get(path)
    if methods is None:
        raise Problem(404, "no_such_address")
    found = methods.get(request.method or "")
    if found is None:
        raise Problem(405, "method_wrong", headers={"Allow": ", ".join(methods)})
    holder = Bearer()(request)
    if holder is None:
        raise unauthorized("bearer_missing")
    request.auth = holder  # type: ignore[attr-defined]
    said = found.view(request, found.given.model_validate(_fields(request)))
    if said is None:
        return HttpResponse(status=204)
    status, body = said if isinstance(said, tuple) else (200, said)
    return JsonResponse(body, status=status, safe=False)


def _fields(request: HttpRequest) -> dict[str, Any]:
    """The fields of the address and those of the body, which is JSON whatever its type is said to be."""
    fields: dict[str, Any] = {name: request.GET[name] for name in request.GET}
    if not request.body:
        return fields
    try:
        body = StrictParser().parse_body(request)
    except ValueError:
        raise Wrong(400, WRONG) from None
    if not isinstance(body, dict):
        raise Wrong(400, WRONG)
    return {**fields, **body}


def _words(error: ActionError) -> tuple[int, str]:
    if isinstance(error, Denied) and error.reason == "role_is_stronger":
        return 400, ROLE_CLOSED
    if isinstance(error, NotProved):
        return 403, sentence_for(error)
    return 400 if isinstance(error, Refused) else STATUS[error.result], sentence_for(error)


def error_form(status: int, message: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An error as scripts read it."""
    answer = JsonResponse({"error": {"message": message}}, status=status, json_dumps_params={"ensure_ascii": False})
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer


def home_of(request: HttpRequest) -> Organization:
    """The organization of the key."""
    return Organization.objects.get(pk=request.auth.organization_id)  # type: ignore[attr-defined]
