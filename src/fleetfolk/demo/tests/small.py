"""A small part of the demo world's story: some organizations, and of everybody's visits only those that matter."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from fleetfolk.demo.events import SETUP, Event, Kind
from fleetfolk.demo.people import Person, people
from fleetfolk.demo.story import story

NOW = datetime(2026, 11, 21, 20, 41, tzinfo=UTC)
PLACES = frozenset({"lumen", "norden", "nihon", "iberia", "casadomar"})


@cache
def small_people() -> tuple[Person, ...]:
    """Who lives in these organizations and always did."""
    came = {
        event.target
        for event in story(NOW)
        if event.kind is Kind.INVITE and event.expected == "done" and event.data["organization"] not in PLACES
    }
    return tuple(person for person in people() if person.organization in PLACES and person.email not in came)


@cache
def small_story() -> tuple[Event, ...]:
    """What happened among them, oldest first."""
    known = {person.email for person in small_people()}
    return tuple(_without_idle_visits(list(_among(known))))


def _among(known: set[str]) -> Iterator[Event]:
    for event in story(NOW):
        if event.actor not in known | {SETUP}:
            continue
        if event.kind is Kind.IMPORT:
            rows = tuple(row for row in event.rows if row["email"] in known)
            if rows:
                yield replace(event, rows=rows)
        elif event.kind is Kind.INVITE:
            if event.data["organization"] in PLACES and (event.target in known or event.expected != "done"):
                yield event
        elif event.target in known:
            yield event


def _without_idle_visits(events: Sequence[Event]) -> Iterator[Event]:
    """Of the sign-ins only each person's last, and the one after a reset."""
    last = {event.target: event for event in events if event.kind is Kind.SIGN_IN}
    reset: set[str] = set()
    for event in events:
        if event.kind is Kind.RESET_PASSWORD and event.expected == "done":
            reset.add(event.target)
        if event.kind is not Kind.SIGN_IN or event is last[event.target] or event.target in reset:
            yield event
        if event.kind is Kind.SIGN_IN:
            reset.discard(event.target)
