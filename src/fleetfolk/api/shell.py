"""The REST interface as a whole: how it is asked, what every address answers besides its own, and its document."""

import functools
import json
from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from fleetfolk.api import problems
from fleetfolk.api.bearer import Bearer, Holder
from fleetfolk.api.once import HEADER, REPLAYED
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import LARGEST_KEY

DESCRIPTION: Final = """\
Everything that the console does, for programs.

**Keys.** Bring one with every request: `Authorization: Bearer …`. A person makes keys for their own programs under
*Account → Keys*; such a key acts as the person, within its scopes, and never further than the person may go at that
moment. An organization lets programs in under *Settings → Programs*; a program gets a token for its secret at
`/oauth2/token` and acts at that organization and below.

**Lists** are paged by key: `next` of one page is `after` for the following one, `previous` is `before`. The filters are
those of the console's pages.

**Changes** are Actions: each has its address, named after its code in the action log, and a `target`. With an
`Idempotency-Key` a change that is sent twice happens once.

**Refusals** are problem documents (RFC 9457). `reason` is for programs, `detail` for people. What belongs to somebody
else does not exist: 404.

**Limits.** `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` say how many requests of the organization are
left in this minute. Beyond them the answer is 429 with `Retry-After`.
"""

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "reason", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "`urn:fleetfolk:reason:` and the reason."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do, for people."},
        "reason": {"type": "string", "description": "The same for programs."},
        "request_id": {"type": "string", "description": "The number of this request, in our log, too."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "example": {
        "type": "urn:fleetfolk:reason:permission_missing",
        "title": "Forbidden",
        "status": 403,
        "detail": "Your role does not include this. An administrator can change your role.",
        "reason": "permission_missing",
        "request_id": "b9a1f0c2d3e44f55",
    },
}
_REFUSALS: Final = {
    "400": "What was sent cannot be read.",
    "401": "No key, or one that opens nothing.",
    "403": "The key, or its holder, may not.",
    "404": "It does not exist, or is not yours to see.",
    "409": "Its state forbids it.",
    "422": "A value does not fit.",
    "429": "Too many requests in this minute.",
}
_RATE_HEADERS: Final = {
    name: {"schema": {"type": "integer"}, "description": said}
    for name, said in (
        ("RateLimit-Limit", "Requests a minute, of the organization."),
        ("RateLimit-Remaining", "How many are left."),
        ("RateLimit-Reset", "In so many seconds the next minute begins."),
    )
}
_ONCE: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
    "description": f"The same request with the same key happens once; the answer says `{REPLAYED}` the second time.",
}


class StrictParser(Parser):
    """JSON without what no database column holds: half characters, zero bytes, numbers beyond 64 bits, NaN."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body. `ValueError` for what is no such JSON."""
        data = json.loads(request.body, parse_constant=_no_number)
        _require_storable(data, depth=0)
        return data


def _no_number(word: str) -> None:
    raise ValueError(word)


def _require_storable(value: object, *, depth: int) -> None:
    if depth > 40:
        raise ValueError("too deep")
    match value:
        case bool():
            return
        case str():
            if "\0" in value:
                raise ValueError("a zero byte")
            value.encode()
        case int() if not -LARGEST_KEY <= value <= LARGEST_KEY:
            raise ValueError("a number beyond 64 bits")
        case dict():
            _require_all([*value, *value.values()], depth)
        case list():
            _require_all(value, depth)
        case _:
            return


def _require_all(values: Iterable[object], depth: int) -> None:
    for value in values:
        _require_storable(value, depth=depth + 1)


class QuickRenderer(BaseRenderer):
    """Answers as JSON in UTF-8, spelled by what has checked them, which is quicker by far than Django's encoder."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The answer. Times are RFC 3339; a number that JSON has not is null; lazy words are words."""
        return to_json(data, inf_nan_mode="null", fallback=str)


class Shell(NinjaAPI):
    """The interface. Its document says of every address what all of them answer."""

    @functools.cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document, in English, made once."""
        with translation.override("en"):
            return self._completed(super().get_openapi_schema(path_prefix="/api/v1/"))

    def get_openapi_schema(self, **_kwargs: Any) -> Any:
        """The document."""
        return self.document

    def _completed(self, document: Any) -> dict[str, Any]:
        schemas = document["components"].setdefault("schemas", {})
        schemas["Problem"] = _PROBLEM
        document["components"]["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer", "description": Bearer.openapi_description}
        }
        for methods in document["paths"].values():
            for method, operation in methods.items():
                operation["security"] = [{"key": []}]
                operation["responses"] = {
                    **{str(status): _with_headers(said) for status, said in operation["responses"].items()},
                    **{status: _refusal(said) for status, said in _REFUSALS.items()},
                }
                if method == "post":
                    operation.setdefault("parameters", []).append(_ONCE)
        plain: dict[str, Any] = json.loads(json.dumps(document))
        return plain


def _with_headers(response: dict[str, Any]) -> dict[str, Any]:
    return {**response, "headers": _RATE_HEADERS}


def _refusal(said: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": said, "content": {problems.CONTENT_TYPE: {"schema": schema}}}


API = Shell(
    title="Fleetfolk",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    auth=[Bearer()],
    parser=StrictParser(),
    renderer=QuickRenderer(),
    urls_namespace="api",
)
API.exception_handler(ActionError)(problems.of_refusal)
API.exception_handler(problems.Problem)(problems.of_problem)
API.exception_handler(ValidationError)(problems.of_input)
API.exception_handler(HttpError)(problems.of_http)


def holder_of(request: HttpRequest) -> Holder:
    """Whose key the request brought."""
    holder: Holder = request.auth  # type: ignore[attr-defined]
    return holder


def actor_of(request: HttpRequest) -> Actor:
    """Who acts."""
    return holder_of(request).actor
