"""What happened around one person: one stream of many sources, newest first, paged by key."""

import datetime as dt
import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from django_stubs_ext import StrPromise

from fleetfolk.kernel.actor import Actor
from fleetfolk.users.models import User

LATEST: Final = dt.timedelta(hours=1)
AFTER_ALL: Final = 2**62

Place = tuple[dt.datetime, str]
"""A happening's place in the stream: its moment and its key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One line of the stream.

    ``key`` is `key_of` its source and id: it is unique, and settles the order within one moment.
    """

    at: dt.datetime
    key: str
    kind: str
    icon: str
    sentence: str
    url: str = ""
    client: str = ""
    address: str | None = None
    behalf: str = ""
    failed: bool = False


class Source(Protocol):
    """Where happenings come from. As arguments, ``kind`` chooses one of its kinds, and ``typed`` narrows by words."""

    @property
    def kind(self) -> str:
        """The source's own name."""

    @property
    def kinds(self) -> Mapping[str, StrPromise]:
        """The kinds of its happenings, with their words."""

    def read(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        before: Place | None,
        limit: int,
        typed: str = "",
        kind: str = "",
    ) -> list[Happening]:
        """At most ``limit`` happenings of the period that the actor may see, from before the place on, newest first."""

    def counts(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        step: dt.timedelta,
        zone: ZoneInfo,
        typed: str = "",
        kind: str = "",
    ) -> dict[dt.datetime, int] | None:
        """How many there are by step of the zone's own clock, or None where counting would take too long."""


SOURCES: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """The stream reads it. A kind used twice is a `TypeError`."""
    if source.kind in SOURCES:
        raise TypeError(f"the source {source.kind!r} is there already")
    SOURCES[source.kind] = source


def kinds() -> dict[str, StrPromise]:
    """The kinds of happenings with their words."""
    return {kind: label for source in SOURCES.values() for kind, label in source.kinds.items()}


def key_of(source: str, identity: int) -> str:
    """The key of a source's happening: as text in the order of the ids."""
    return f"{source}:{identity:019d}"


def beyond(source: str, before: Place | None) -> tuple[dt.datetime, int] | None:
    """The place as the source's own keyset says it: what comes next is less than (moment, id).

    Within one moment the sources follow each other by name, the last one first.
    """
    if before is None:
        return None
    moment, key = before
    other, _colon, identity = key.partition(":")
    if other == source:
        return moment, int(identity)
    return moment, AFTER_ALL if source < other else -1


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """Which part of a person's stream. ``since`` is included, ``until`` is not."""

    since: dt.datetime
    until: dt.datetime
    typed: str = ""
    kind: str = ""
    before: Place | None = None
    size: int = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityPage:
    """A part of the stream, newest first, and whether there is more before it."""

    happenings: list[Happening]
    has_older: bool


def activity_page(actor: Actor, person: User, sought: Sought) -> ActivityPage:
    """One page of the stream. Each source reads one page of its own at most."""
    streams = [
        source.read(
            actor,
            person,
            since=sought.since,
            until=sought.until,
            before=sought.before,
            limit=sought.size + 1,
            typed=sought.typed,
            kind=sought.kind,
        )
        for source in _chosen(sought)
    ]
    merged = heapq.merge(*streams, key=lambda one: (one.at, one.key), reverse=True)
    found = list(islice(merged, sought.size + 1))
    return ActivityPage(happenings=found[: sought.size], has_older=len(found) > sought.size)


def activity_counts(
    actor: Actor, person: User, sought: Sought, *, step: dt.timedelta, zone: ZoneInfo
) -> dict[dt.datetime, int] | None:
    """How many happenings there are in each step, of all sources together; None where one has too many to count."""
    total: dict[dt.datetime, int] = {}
    for source in _chosen(sought):
        counted = source.counts(
            actor,
            person,
            since=sought.since,
            until=sought.until,
            step=step,
            zone=zone,
            typed=sought.typed,
            kind=sought.kind,
        )
        if counted is None:
            return None
        for start, number in counted.items():
            total[start] = total.get(start, 0) + number
    return total


def _chosen(sought: Sought) -> list[Source]:
    return [source for source in SOURCES.values() if not sought.kind or sought.kind in source.kinds]
