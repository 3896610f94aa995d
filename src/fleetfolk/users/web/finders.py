"""What other packages know about finding people: groups of the palette, traces to a person, and cards beside them.

Packages above this one hang in their own from where they make their URLs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django_stubs_ext import StrPromise

from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.actor import Actor
from fleetfolk.users.models import User

type Hits = tuple[Sequence[dict[str, Any]], int, bool]
"""The items of a group, how many there are, and whether there are more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A group of the palette: its word, and its hits for what was typed, given the permissions of who asks."""

    label: StrPromise
    hits: Callable[[Actor, str, frozenset[str]], Hits]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """Something found by the words that leads to a person: what it is, and what it is called."""

    user_id: int
    label: StrPromise
    text: str


type Tracer = Callable[[Actor, str, int], Sequence[Trace]]
"""Given the words and how many are wanted: what leads to people. Whether they are to be seen is asked afterwards."""

type Beside = Callable[[ConsoleRequest, User], SafeString]
"""A card beside the person whom lookup shows."""

GROUPS: list[Group] = []
TRACERS: list[Tracer] = []
BESIDE: list[Beside] = []
