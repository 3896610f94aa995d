"""What happened to one device: its events, newest first, by level and period, paged by key."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, Q

from fleetfolk.devices.models import Device, Event, EventComment

PAGE: Final = 30

Place = tuple[dt.datetime, int]
"""An event's place on the timeline: its moment and its key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which events: of these levels (all, where none is named), since when, open ones only or archived ones."""

    levels: Sequence[str] = ()
    since: dt.datetime | None = None
    open_only: bool = False
    archived: bool = False
    before: Place | None = None
    size: int = PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelinePage:
    """A part of the timeline, newest first, and the place from where there is more."""

    events: Sequence[Event]
    older: Place | None


def events_of(device: Device, wanted: Wanted) -> TimelinePage:
    """One page of the device's events with their comments. Whether the viewer may see them is the caller's to ask.

    Kinds that their template keeps off the timeline are not on it.
    """
    found = Event.objects.filter(device=device, archived_at__isnull=not wanted.archived)
    found = found.exclude(kind__on_timeline=False)
    if wanted.levels:
        found = found.filter(level__in=wanted.levels)
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    if wanted.open_only:
        found = found.filter(resolved_at__isnull=True)
    if wanted.before is not None:
        at, key = wanted.before
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
    comments = Prefetch("comments", EventComment.objects.order_by("at", "pk"))
    events = list(found.prefetch_related(comments).order_by("-at", "-pk")[: wanted.size + 1])
    shown = events[: wanted.size]
    return TimelinePage(events=shown, older=(shown[-1].at, shown[-1].pk) if len(events) > wanted.size else None)
