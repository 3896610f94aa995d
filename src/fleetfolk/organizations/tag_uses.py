"""Who carries a tag: the packages whose rows do say how many there are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

type Counter = Callable[[Sequence[int]], Mapping[int, int]]
"""How many rows carry each of the tags with these keys; a tag that none carries may be missing."""

_USES: Final[dict[str, Counter]] = {}


def register_use(what: str, counter: Counter) -> None:
    """Rows of this kind carry tags. A word used twice is a `TypeError`."""
    if what in _USES:
        raise TypeError(f"{what!r} is counted already")
    _USES[what] = counter


def uses_of(keys: Sequence[int]) -> dict[int, dict[str, int]]:
    """For each tag, how many rows of each kind carry it: ``{7: {"people": 12, "devices": 0}}``."""
    counted = {what: counter(keys) for what, counter in _USES.items()}
    return {key: {what: numbers.get(key, 0) for what, numbers in counted.items()} for key in keys}
