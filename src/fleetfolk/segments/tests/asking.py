"""How tests ask the pages of segments."""

from typing import Any

from django.test import Client

from fleetfolk.segments.models import Segment, SegmentKind
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging

HTMX = {"HX-Request": "true"}
BY_NAME = {"any": [{"field": "name", "op": "contains", "value": "cleo"}]}


def segment_in(
    cast: Cast, where: str = "north", *, rules: Any = None, of: str = "users", name: str = "Vips"
) -> Segment:
    organization = getattr(cast, where)
    kind = SegmentKind.STATIC if rules is None else SegmentKind.DYNAMIC
    with staging():
        last = Segment.objects.filter(organization=organization).count()
        return Segment.objects.create(
            tenant_id=organization.tenant_id,
            organization=organization,
            name=name,
            of=of,
            kind=kind,
            rules=rules,
            position=last,
            counted=0,
        )


def line(place: str, field: str, op: str, *values: str, **about: str) -> list[tuple[str, str]]:
    said = [("node", f"{place}:line"), (f"was-{place}", field), (f"field-{place}", field), (f"op-{place}", op)]
    return [*said, *((f"v-{place}", value) for value in values), *((f"about-{place}-{k}", v) for k, v in about.items())]


def form(*pairs: list[tuple[str, str]], name: str = "Winter", how: str = "all", **more: str) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    every = [("name", name), ("of", "users"), ("kind", "dynamic"), ("node", "r:group"), ("how-r", how)]
    for key, value in [*every, *(pair for part in pairs for pair in part), *more.items()]:
        said.setdefault(key, []).append(value)
    return said | {key: [value] for key, value in more.items()}


def post(browser: Client, path: str, said: Any, target: str = "") -> Any:
    headers = {**HTMX, "HX-Target": target} if target else None
    return browser.post(path, said, headers=headers)
