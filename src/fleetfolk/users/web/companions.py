"""What goes along when a person moves to another organization: packages above the users say it."""

from collections.abc import Callable
from typing import Any

from fleetfolk.kernel.action import Action
from fleetfolk.users.models import User

type Step = tuple[type[Action[Any, Any]], int, Any]

_COMPANIONS: list[Callable[[User], list[Step]]] = []


def register_companions(steps_for: Callable[[User], list[Step]]) -> None:
    """What these steps move goes along with every person who is transferred with their devices."""
    _COMPANIONS.append(steps_for)


def steps_along(person: User) -> list[Step]:
    """The steps that follow the person's own, in the same transaction: all are done, or none is."""
    return [step for steps_for in _COMPANIONS for step in steps_for(person)]
