"""Asks again and again, by one or several clients at once, and says how long it took."""

import gc
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """How long each request took in milliseconds, and how many came through a second."""

    milliseconds: tuple[float, ...]
    rate: float

    def at(self, share: float) -> float:
        """The time within which so many of 100 were answered: the nearest rank."""
        ordered = sorted(self.milliseconds)
        rank = math.ceil(len(ordered) * share / 100)
        return ordered[max(0, rank - 1)]


type Work = Callable[[int], None]


def measured(workers: Sequence[Work], count: int, *, seconds: float) -> Times:
    """Each worker takes the next number below `count` until there is none, or the seconds are over.

    A worker is called with the number of the request. The first that fails ends the measurement with its error.
    """
    lock = threading.Lock()
    taken = 0
    times: list[float] = []
    failures: list[BaseException] = []
    deadline = time.perf_counter() + seconds

    def run(work: Work) -> None:
        nonlocal taken
        own: list[float] = []
        while not failures:
            with lock:
                number = taken
                taken += 1
            if number >= count or time.perf_counter() > deadline:
                break
            began = time.perf_counter()
            try:
                work(number)
            except BaseException as error:  # noqa: BLE001 - handed to the caller below
                failures.append(error)
                break
            own.append((time.perf_counter() - began) * 1000)
        with lock:
            times.extend(own)

    # The client shares the machine with what it measures: at least its garbage must not be counted.
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    try:
        threads = [threading.Thread(target=run, args=(work,)) for work in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        elapsed = time.perf_counter() - began
    finally:
        gc.enable()
    if failures:
        raise failures[0]
    return Times(milliseconds=tuple(times), rate=len(times) / elapsed)
