"""What there is on the other server, read once: organizations from the root down, templates, tags, people, devices."""

import string
from dataclasses import dataclass, field
from typing import Any, Final

from fleetfolk.api.move_in.source import NotThere, Source

LETTERS: Final = string.ascii_lowercase + string.digits
"""The API lists no organizations; it finds those whose name has a letter, and names those of people and devices."""

type Row = dict[str, Any]


@dataclass(kw_only=True)
class World:
    """Rows as the other server wrote them. ``templates`` hold their parts, ``enabled`` where they may be used."""

    root: int
    organizations: list[Row] = field(default_factory=list)
    templates: list[Row] = field(default_factory=list)
    enabled: dict[int, set[int]] = field(default_factory=dict)
    tags: dict[int, list[Row]] = field(default_factory=dict)
    people: list[Row] = field(default_factory=list)
    devices: list[Row] = field(default_factory=list)


def read(source: Source) -> World:
    """Everything that the client may see."""
    root = source.get("/profile")
    world = World(root=int(root["id"]))
    world.people = [
        {**row, **source.get("/user", userId=row["id"])} for row in source.pages("/users", includeSubOrgUsers="true")
    ]
    listed = list(source.pages("/devices", orgId=world.root, includeSubOrgDevices="true"))
    world.organizations = _organizations(source, root, [*world.people, *listed])
    for row in world.organizations:
        key = int(row["id"])
        world.enabled[key] = {int(one["id"]) for one in source.pages("/templates", orgId=key)}
        world.tags[key] = list(source.get("/tags", orgId=key))
    used = {int(row["templateId"]) for row in listed}
    world.templates = [_template(source, key) for key in sorted(used.union(*world.enabled.values()))]
    world.devices = [_device(source, row) for row in listed]
    return world


def _organizations(source: Source, root: Row, inhabited: list[Row]) -> list[Row]:
    """Each after the one above it."""
    known: dict[int, Row] = {int(root["id"]): root}
    for letter in LETTERS:
        known |= {int(row["id"]): row for row in source.pages("/search", query=letter)}
    wanted = {int(row["orgId"]) for row in inhabited} | {_above(row) for row in known.values()}
    while missing := [key for key in wanted if key and key not in known]:
        for key in missing:
            try:
                known[key] = source.get("", orgId=key)
                wanted.add(_above(known[key]))
            except NotThere:
                wanted.discard(key)
    ordered: list[Row] = [root]
    for row in ordered:
        below = [one for one in known.values() if _above(one) == int(row["id"]) and one is not root]
        ordered += sorted(below, key=lambda one: int(one["id"]))
    return ordered


def _above(row: Row) -> int:
    return int(row.get("parentOrganizationId") or 0)


def _template(source: Source, key: int) -> Row:
    return {
        **source.get("/template", templateId=key),
        "datastreams": source.get("/template/datastreams", templateId=key),
        "metafields": source.get("/template/metafields", templateId=key),
        "events": source.get("/template/events", templateId=key),
    }


def _device(source: Source, row: Row) -> Row:
    return {
        **row,
        "metafields": source.get("/device/metafield", deviceId=row["id"]),
        "tags": source.get("/device/tags", deviceId=row["id"]),
    }
