"""What a protocol asks of the core for one device, and what comes back.

A protocol says *what is to be done* as a function of the device, and the core calls it once it knows the device: after
the token was found and before anything is written. So every protocol has the same checks at the same moment.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fleetfolk.devices.intake import Report
from fleetfolk.gateway.blueprints import Blueprint, EventKind

INVALID_TOKEN = "Invalid token."  # noqa: S105 - a sentence
EVENTS_A_DAY = 100
TOO_MANY_EVENTS = f"Event limit has been reached. A device may log {EVENTS_A_DAY} events a day."


class Refusal(Exception):
    """The device asked for something that it cannot have; the message is what it is told."""

    def __init__(self, message: str, *, limit: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.limit = limit


class Unavailable(Exception):
    """Nothing was done, through no fault of the device: it may try again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """How a device speaks, and from where."""

    protocol: str
    address: str | None = None


@dataclass(kw_only=True, slots=True)
class Known:
    """One device as the database has it in this transaction.

    ``values``, ``properties`` and ``metadata`` are None unless the errand `reads`.
    """

    id: int
    tenant_id: int
    name: str
    blueprint: Blueprint
    online: bool
    present: bool
    events_today: int
    values: dict[str, Any] | None = None
    properties: dict[str, dict[str, str]] | None = None
    metadata: dict[str, Any] | None = None
    place: tuple[float, float] | None = None

    def count_event(self) -> None:
        """One more event is logged today. Refuses what is over the limit."""
        if self.events_today >= EVENTS_A_DAY:
            raise Refusal(TOO_MANY_EVENTS, limit=True)
        self.events_today += 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Logged:
    """An event that a device reports."""

    kind: EventKind
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What an errand does and what its device is told once that is saved. ``properties`` replaces all of them."""

    reply: Any = None
    reports: Sequence[Report] = ()
    events: Sequence[Logged] = ()
    properties: Mapping[str, Mapping[str, str]] | None = None


type Work = Callable[[Known, int], Done]
"""Called with the device and the present in milliseconds. Raises `Refusal`."""


@dataclass(kw_only=True, slots=True, eq=False)
class Errand:
    """One request of one device.

    ``writes``: it is a report, which shows that the device is there. ``reads``: the work looks at what the device last
    said. ``weight`` is about how many values it carries.
    """

    token_hash: str
    work: Work
    origin: Origin
    writes: bool = False
    reads: bool = False
    weight: int = 1
    began: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    answer: asyncio.Future[Done] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    outcome: Done | Exception | None = None

    def settle(self) -> None:
        """Whoever waits for the errand hears how it ended. Nobody may be left waiting."""
        if self.answer.done():
            return
        if isinstance(self.outcome, Done):
            self.answer.set_result(self.outcome)
        else:
            self.answer.set_exception(self.outcome or Unavailable("not done"))
            # The device may be gone, and then nobody asks.
            self.answer.exception()
