"""One thing that can be done to a person, as menus and pages offer it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django_stubs_ext import StrPromise

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.users.models import State, User

AnyAction = type[Action[Any, Any]]

ACTIVE = frozenset({State.ACTIVE})
PENDING = frozenset({State.PENDING})
PRESENT = frozenset({State.ACTIVE, State.PENDING})
EDITABLE = frozenset({State.ACTIVE, State.PENDING, State.DISABLED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One entry: the Action behind it, its words and icon, its URL's name, and for whom it makes sense.

    ``method`` is what a click does: ``dialog`` asks something first, ``post`` does it at once. Entries of one ``group``
    stand together, groups in their order. What is ``prominent`` is a button of its own on the person's page.
    ``why_state`` is the sentence that says why somebody with the right still cannot, empty where they can. What is done
    ``beside`` the account leaves to be said why nothing can be done to it.
    """

    action: AnyAction
    label: StrPromise
    icon: str
    url: str
    method: str
    states: frozenset[State]
    group: int
    end: str = ""
    bad: bool = False
    to_oneself: bool = False
    prominent: bool = False
    beside: bool = False
    when: Callable[[User], bool] | None = None
    why_state: Callable[[Actor, User], str] | None = None

    def entry(self, person: User) -> dict[str, object]:
        """The entry as menus and buttons show it."""
        return {
            "label": self.label,
            "icon": self.icon,
            "method": self.method,
            "url": reverse(self.url, args=[person.pk]),
            "end": self.end,
            "bad": self.bad,
        }

    def fits(self, actor: Actor, person: User) -> bool:
        """Whether the person's state leaves something to do."""
        if actor.user_id == person.pk and not self.to_oneself:
            return False
        return person.state in self.states and (self.when is None or self.when(person))
