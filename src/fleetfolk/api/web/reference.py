"""The interactive reference of the interface, made of its document: no server of others is asked."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fleetfolk.api.shell import API
from fleetfolk.console.http import ConsoleRequest, console_view


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """What stands in the address or in a header."""

    name: str
    place: str
    required: bool
    description: str
    many: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One address with one method."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    example: str
    answer: str


@console_view
@require_safe
def reference(request: ConsoleRequest) -> HttpResponse:
    """Every address with its fields and examples, to be tried with a key."""
    return render(request, "api/reference.html", {"document": reverse("api:openapi-json"), "groups": _groups()})


@cache
def _groups() -> list[tuple[str, list[Operation]]]:
    groups: dict[str, list[Operation]] = {}
    for path, methods in API.document["paths"].items():
        for method, said in methods.items():
            groups.setdefault(said["tags"][0], []).append(_operation(path, method, said))
    actions = [tag for tag in groups if tag.startswith("Actions")]
    return [(tag, groups[tag]) for tag in [*(tag for tag in groups if tag not in actions), *sorted(actions)]]


def _operation(path: str, method: str, said: dict[str, Any]) -> Operation:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    status = next(status for status in said["responses"] if status.startswith("2"))
    answer = said["responses"][status]["content"]["application/json"]["schema"]
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        description=_in_words(said.get("description", "")),
        parameters=tuple(
            Parameter(
                name=one["name"],
                place=one["in"],
                required=bool(one.get("required")),
                description=_in_words(one.get("description") or one["schema"].get("description", "")),
                many=one["schema"].get("type") == "array",
            )
            for one in said.get("parameters", [])
        ),
        example=_text(body) if body else "",
        answer=_text(answer),
    )


def _in_words(text: str) -> str:
    """Without the marks of Markdown."""
    return text.translate({ord("`"): None, ord("*"): None})


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(example_of(schema), indent=2, ensure_ascii=False)


def example_of(schema: Any, depth: int = 0) -> Any:
    """A value that the schema takes, for people to begin with."""
    if not isinstance(schema, dict) or depth > 6:
        return None
    if "$ref" in schema:
        return example_of(API.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], depth)
    for word in ("example", "const", "default"):
        if word in schema:
            return schema[word]
    for word in ("examples", "enum"):
        if schema.get(word):
            return schema[word][0]
    for word in ("anyOf", "allOf", "oneOf"):
        if schema.get(word):
            return example_of(schema[word][0], depth + 1)
    return _plain(schema, depth)


_PLAIN: Final = {"number": 0.5, "boolean": False}


def _plain(schema: dict[str, Any], depth: int) -> Any:
    match schema.get("type"):
        case "object":
            return {name: example_of(one, depth + 1) for name, one in schema.get("properties", {}).items()}
        case "array":
            inner = schema.get("items") or (schema.get("prefixItems") or [{}])[0]
            return [example_of(inner, depth + 1)]
        case "integer":
            return max(int(schema.get("minimum", 0)), 0)
        case "string":
            return "2027-03-31T12:00:00Z" if schema.get("format") == "date-time" else "…"
        case kind:
            return _PLAIN.get(kind or "")
