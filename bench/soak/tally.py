"""What was answered, when and how fast; and what was acknowledged, to be looked for afterwards."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: seconds since the beginning when it was due, how long it took from then, and what it was."""

    at: float
    seconds: float
    kind: str
    status: int


@dataclass(kw_only=True)
class Tally:
    """Of everybody together. ``did`` counts what was acknowledged: which Action's code, on whom."""

    began: float = field(default_factory=time.monotonic)
    answers: list[Answer] = field(default_factory=list)
    did: Counter[tuple[str, int]] = field(default_factory=Counter)
    invited: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    deleted: dict[int, bool] = field(default_factory=dict)
    disabled: dict[int, bool] = field(default_factory=dict)
    jobs: list[int] = field(default_factory=list)
    told: int = 0
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    def answered(self, kind: str, due: float, status: int) -> None:
        """An answer came; ``due`` is when it was to be asked for, in seconds since the beginning."""
        self.answers.append(Answer(due, self.now() - due, kind, status))

    def done(self, code: str, target: int) -> None:
        """The Action was acknowledged."""
        with self._lock:
            self.did[code, target] += 1

    def odd(self, what: str) -> None:
        """Something was answered otherwise than it must be."""
        self.wrong.append(f"at {self.now():.0f} s: {what}")
