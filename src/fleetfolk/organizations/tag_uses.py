"""Who carries a tag: the packages whose rows do say how many there are, which ones, and put it on them again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from fleetfolk.organizations.models import Tag

type Counter = Callable[[Sequence[int]], Mapping[int, int]]
"""How many rows carry each of the tags with these keys; a tag that none carries may be missing."""


class Returner(Protocol):
    """Puts a tag on those of the rows with these keys that its organization still reaches, and says on how many."""

    def __call__(self, tag: Tag, keys: Sequence[int], /) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """Rows of one kind that carry tags. ``carriers``: the keys of those that carry a tag."""

    count: Counter
    carriers: Callable[[Tag], Sequence[int]]
    give_back: Returner


_USES: Final[dict[str, Use]] = {}


def register_use(what: str, use: Use) -> None:
    """Rows of this kind carry tags. A word used twice is a `TypeError`."""
    if what in _USES:
        raise TypeError(f"{what!r} is counted already")
    _USES[what] = use


def uses_of(keys: Sequence[int]) -> dict[int, dict[str, int]]:
    """For each tag, how many rows of each kind carry it: ``{7: {"people": 12, "devices": 0}}``."""
    counted = {what: use.count(keys) for what, use in _USES.items()}
    return {key: {what: numbers.get(key, 0) for what, numbers in counted.items()} for key in keys}


def carriers_of(tag: Tag) -> dict[str, list[int]]:
    """The keys of all rows that carry the tag, by kind."""
    return {what: list(use.carriers(tag)) for what, use in _USES.items()}


def give_back(tag: Tag, carriers: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """The tag is on those again that there still are; on how many, by kind."""
    return {what: use.give_back(tag, carriers.get(what, ())) for what, use in _USES.items()}
