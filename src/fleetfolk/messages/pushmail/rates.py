"""How much mail comes in, by address, proved sender and server: more than so much in an hour waits."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

PER_SENDER = 120
PER_SERVER = 600
WRONG_PER_SERVER = 30
WINDOW = 3600.0
_MOST_KEYS = 50_000


class Rates:
    """Counts of one process, for all of its threads. Each key has a bucket that holds a whole hour's worth and refills
    evenly."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def takes(self, kind: str, key: str, *, most: int) -> bool:
        """Whether one more fits; if so, it is counted."""
        with self._lock:
            left = self._left(kind, key, most)
            if left < 1:
                return False
            self._keep(kind, key, left - 1)
            return True

    def has_room(self, kind: str, key: str, *, most: int) -> bool:
        """Whether one more would fit. Nothing is counted."""
        with self._lock:
            return self._left(kind, key, most) >= 1

    def _left(self, kind: str, key: str, most: int) -> float:
        left, since = self._buckets.get((kind, key), (float(most), self._clock()))
        return min(float(most), left + (self._clock() - since) * most / WINDOW)

    def _keep(self, kind: str, key: str, left: float) -> None:
        self._buckets[kind, key] = (left, self._clock())
        self._buckets.move_to_end((kind, key))
        # The longest unused go first: they are the fullest.
        while len(self._buckets) > _MOST_KEYS:
            self._buckets.popitem(last=False)
