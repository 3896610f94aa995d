"""What happened around one person: one stream of many sources, newest first."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from django_stubs_ext import StrPromise

from fleetfolk.kernel.actor import Actor
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One line of the stream. ``key`` is unique within its kind and settles the order within one moment."""

    at: dt.datetime
    key: str
    kind: str
    icon: str
    sentence: str
    url: str = ""
    client: str = ""
    address: str | None = None
    behalf: str = ""


class Source(Protocol):
    """Where happenings come from. ``read`` is newest first and holds no more than ``limit``."""

    kind: str
    label: StrPromise

    def read(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        before: tuple[dt.datetime, str] | None,
        limit: int,
    ) -> list[Happening]:
        """The happenings of the period that the actor may see, from ``before`` on."""

    def counts(
        self, actor: Actor, person: User, *, since: dt.datetime, until: dt.datetime, step: str, zone: ZoneInfo
    ) -> dict[dt.datetime, int] | None:
        """How many there are in each step, or None where counting would take too long."""


SOURCES: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """The stream reads it. A kind used twice is a `TypeError`."""
    if source.kind in SOURCES:
        raise TypeError(f"the source {source.kind!r} is there already")
    SOURCES[source.kind] = source
