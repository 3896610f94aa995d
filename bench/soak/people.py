"""The people: each has a browser, a clock of their own, and habits."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException

from bench.browser import Ask, Browser, UnexpectedAnswer
from bench.soak.tally import Tally
from bench.world import Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """Something that a person does now and then: how often compared with the others, and how."""

    kind: str
    weight: float
    do: Callable[[Person], None]


@dataclass(kw_only=True)
class Person:
    """Somebody signed in. When they ask next does not depend on when they were answered: late answers pile up."""

    id: int
    email: str
    home: int
    kind: str
    tenant: Tenant
    tag: int
    browser: Browser
    tally: Tally
    habits: list[Habit]
    dice: random.Random
    pages: list[str] = field(default_factory=list)
    """Addresses of lists in their middle."""
    targets: list[int] = field(default_factory=list)
    carried: set[int] = field(default_factory=set)
    """Who of them carries the tag that this person gives."""
    due: float = 0.0

    def live(self, ending: threading.Event, *, think: float, until: float) -> None:
        """They use it until the end; ``think`` seconds lie between two things that they do, on average."""
        self.due = self.tally.now() + self.dice.random() * think
        weights = [habit.weight for habit in self.habits]
        while self.due < until:
            if ending.wait(max(0.0, self.due - self.tally.now())):
                return
            (habit,) = self.dice.choices(self.habits, weights)
            planned = self.due
            try:
                habit.do(self)
            except (UnexpectedAnswer, OSError, HTTPException) as error:
                self.tally.odd(f"{habit.kind} by {self.email}: {error}")
                self.browser.close()
            self.due = planned + self.dice.expovariate(1 / think)
        self.browser.close()

    def ask(
        self, kind: str, path: str, *, target: str = "", expected: tuple[int, ...] = (200,), **form: object
    ) -> None:
        """The page, noted with how long it took since it was due. With a form it is sent."""
        pairs = tuple((name, str(value)) for name, value in form.items()) if form else None
        self.sent(kind, Ask(path=path, target=target, form=pairs, expected=expected))

    def sent(self, kind: str, ask: Ask) -> None:
        """The same, for what is written down already. What follows it in the same act is due with its answer."""
        self.browser.ask(ask)
        self.tally.answered(kind, self.due, ask.expected[0])
        self.due = self.tally.now()

    def act(self, kind: str, path: str, *, code: str, on: int, **form: object) -> None:
        """An act on somebody, from a dialog; acknowledged by the answer, and so noted."""
        pairs = tuple((name, str(value)) for name, value in form.items())
        self.sent(kind, Ask(path=path, target="dialog-host", form=pairs, expected=(204,)))
        self.tally.done(code, on)
