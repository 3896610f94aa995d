"""How the kernel finds the gate and the log: by setting, as Django finds the user model."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import ActionError, Result
from fleetfolk.kernel.outcome import Alike, Outcome


class Gate(Protocol):
    """Answers whether an actor may do an Action to a target."""

    def require(self, action: type[Action[Any, Any]], *, actor: Actor, target: Model) -> None:
        """Return where it may; else raise `Denied`, or `TargetNotFound` where it may not even know of the target."""

    def allowed[M: Model](self, action: type[Action[Any, Any]], *, actor: Actor, targets: QuerySet[M]) -> QuerySet[M]:
        """Those of the targets for whom `require` returns."""


class Log(Protocol):
    """Keeps the entries."""

    def write(
        self,
        action: type[Action[Any, Any]],
        *,
        actor: Actor,
        target: Model | None,
        target_id: int,
        result: Result,
        refusal: ActionError | None = None,
        outcome: Outcome[Any] | None = None,
    ) -> None:
        """One entry is there, or an exception is raised. A refusal comes with its reason, an act with its outcome."""

    def write_set(
        self,
        action: type[Action[Any, Any]],
        *,
        actor: Actor,
        outcomes: Sequence[Outcome[Any]] = (),
        alike: Sequence[Alike] = (),
    ) -> None:
        """One entry is there for each outcome, and for each of those alike, or an exception is raised."""


@cache
def _part(path: str) -> object:
    return import_string(path)()


def gate() -> Gate:
    """The gate named by ``FLEETFOLK_GATE``."""
    return cast("Gate", _part(settings.FLEETFOLK_GATE))


def log() -> Log:
    """The log named by ``FLEETFOLK_LOG``."""
    return cast("Log", _part(settings.FLEETFOLK_LOG))
