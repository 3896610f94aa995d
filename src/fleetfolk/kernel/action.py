"""Action: a named change. Declaring a subclass registers it in the catalogue."""

import re
from collections.abc import Sequence
from dataclasses import is_dataclass
from enum import Enum
from inspect import isabstract
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Model, QuerySet
from django_stubs_ext import StrPromise

from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Alike, Outcome, SetOutcome
from fleetfolk.kernel.permissions import Permission

VERBS = frozenset(
    {
        *("create", "edit", "rename", "move", "transfer", "archive", "restore", "delete", "erase", "import", "export"),
        *("invite", "accept", "enable", "disable", "activate", "deactivate", "grant", "revoke", "assign", "share"),
        *("reset", "rotate", "start", "end", "cancel", "send", "read", "claim", "resolve"),
    }
)
CODE = re.compile(r"[a-z]+(\.[a-z]+){1,2}")


class Risk(Enum):
    """How much harm a mistake does: what a door asks before it performs the Action."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    IRREVERSIBLE = "irreversible"

    @property
    def needs_proof(self) -> bool:
        """Whether a person who acts must have shown lately that it is them."""
        return self is not Risk.ORDINARY


class Action[T: Model, D]:
    """A change to one target: who may make it, when it is refused, and the one function that makes it.

    Subclasses say all of the attributes below; a missing or malformed one is a `TypeError` at import. What is created
    is created *under* its target: the target of an invitation is the organization. A remote assistant may do only what
    is ``assistable``.
    """

    code: ClassVar[str]
    label: ClassVar[StrPromise]
    said: ClassVar[StrPromise]
    permission: ClassVar[Permission]
    target_model: ClassVar[str]
    input_type: ClassVar[type]
    risk: ClassVar[Risk] = Risk.ORDINARY
    moves_target: ClassVar[bool] = False
    assistable: ClassVar[bool] = False
    personal_facts: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract", False) or isabstract(cls):
            return
        for name in ("code", "label", "said", "permission", "target_model", "input_type"):
            if not hasattr(cls, name):
                raise TypeError(f"{cls.__name__} does not say its {name}")
        if not CODE.fullmatch(cls.code) or cls.code.rpartition(".")[2] not in VERBS:
            raise TypeError(f"{cls.__name__}: {cls.code!r} is not 'noun.part.verb' with a verb of the list")
        if not cls.__name__.lower().startswith(cls.code.rpartition(".")[2]):
            raise TypeError(f"{cls.__name__}: the name of {cls.code!r} begins with its verb")
        if not is_dataclass(cls.input_type):
            raise TypeError(f"{cls.__name__}: the input is a frozen dataclass")
        if cls.code in CATALOGUE:
            raise TypeError(f"the code {cls.code!r} is used twice")
        CATALOGUE[cls.code] = cls

    @classmethod
    def model(cls) -> type[T]:
        """The model of the target."""
        return apps.get_model(cls.target_model)

    def risk_of(self, *, target: T, data: D) -> Risk:
        """How much harm this very change does; never less than ``risk``, which is what is known beforehand."""
        return self.risk

    def check(self, *, actor: Actor, target: T, data: D) -> None:
        """Raise `Refused` where the target's state or the input forbids the change, `Denied` where a right is short."""

    def apply(self, *, actor: Actor, target: T, data: D) -> Outcome[T]:
        """Make the change and say what changed. Called with the target locked and everything checked."""
        raise NotImplementedError

    def fitting(self, *, actor: Actor, targets: QuerySet[T], data: D) -> QuerySet[T]:
        """Those of many targets for whom `check` surely finds nothing, so that `apply_alike` may change them together.

        Whoever is left out is checked and changed alone, as if nobody else were: so leave out whoever needs a closer
        look. Nobody fits unless an Action says who.
        """
        return targets.none()

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: D) -> Sequence[Alike]:
        """Make the change to all who fit, in a few statements, exactly as `apply` would one by one."""
        raise NotImplementedError


class SetAction[T: Model, R: Model, D](Action[T, D]):
    """An Action that changes thousands of rows below its target in a few statements, with one entry for each."""

    abstract = True

    def apply_set(self, *, actor: Actor, target: T, data: D) -> SetOutcome[R]:
        """Make the changes and say, for each row, what changed."""
        raise NotImplementedError


CATALOGUE: dict[str, type[Action[Any, Any]]] = {}
