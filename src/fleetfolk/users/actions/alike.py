"""What an Action that moves many people to one role or place tells the log."""

from collections.abc import Iterable

from fleetfolk.kernel.outcome import Alike, Change
from fleetfolk.users.models import User

type Named = tuple[int | None, str | None]
"""The key and the name of what somebody has; both None where they have none."""


def moved(before: Iterable[tuple[int, Named]], *, field: str, after: Named) -> list[Alike]:
    """People by what they had before; those who had the same already have an entry without a change."""
    groups: dict[Named, list[int]] = {}
    for person, had in before:
        groups.setdefault(had, []).append(person)
    return [
        Alike(model=User, ids=ids, changes=[] if had[0] == after[0] else [Change(field, had[1], after[1])])
        for had, ids in groups.items()
    ]
