"""The one door through which state changes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

from fleetfolk.kernel import parts
from fleetfolk.kernel.action import Action, Risk, SetAction
from fleetfolk.kernel.actor import Actor, Proof
from fleetfolk.kernel.errors import ActionError, NotProved, TargetNotFound
from fleetfolk.kernel.measures import ACTIONS
from fleetfolk.kernel.outcome import Outcome, SetOutcome

LARGEST_KEY = 2**63 - 1
"""What the database can count to: an address may ask for more, and the log then names no target."""

type Step = tuple[type[Action[Any, Any]], int, Any]
"""An Action, the key of its target, and its input."""

type Following = Callable[[Sequence[Outcome[Any]]], Step]
"""A step about what steps before it have made: it is known once these are done."""

_inside: ContextVar[bool] = ContextVar("inside_an_action", default=False)


def inside_an_action() -> bool:
    """Whether rows may change now: the tests' guard asks at every statement."""
    return _inside.get()


@contextmanager
def open_door() -> Iterator[None]:
    """Rows may change inside. Only the functions that perform Actions open it."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def perform[T: models.Model, D](action: type[Action[T, D]], *, actor: Actor, target_id: int, data: D) -> Outcome[T]:
    """The change is made and logged, or neither.

    Raises `TargetNotFound`, `Denied` or `Refused`, each of which left an entry of its own, or `NotProved`. Must not be
    called inside a transaction: its result is committed when it returns.
    """
    return perform_together([(action, target_id, data)], actor=actor)[0]


def perform_together(steps: Sequence[Step | Following], *, actor: Actor) -> list[Outcome[Any]]:
    """All of the changes are made and logged, each with its own check and entry, or none is.

    Raises as `perform` does; the entry of a refusal names the step that was refused.
    """
    action, target_id, data = _known(steps[0], ())
    target = None
    outcomes: list[Outcome[Any]] = []
    done: list[type[Action[Any, Any]]] = []
    with open_door():
        try:
            with transaction.atomic(durable=True):
                for each in steps:
                    action, target_id, data = _known(each, outcomes)
                    target = None
                    target = _lock(action, actor=actor, target_id=target_id)
                    parts.gate().require(action, actor=actor, target=target)
                    step = action()
                    step.check(actor=actor, target=target, data=data)
                    require_proof(step.risk_of(target=target, data=data), actor)
                    outcome = step.apply(actor=actor, target=target, data=data)
                    if action.moves_target:
                        parts.gate().require(action, actor=actor, target=outcome.target)
                    parts.log().write(
                        action, actor=actor, target=outcome.target, target_id=target_id, result="done", outcome=outcome
                    )
                    outcomes.append(outcome)
                    done.append(action)
        except ActionError as error:
            write_refusal(action, actor=actor, target=target, target_id=target_id, error=error)
            raise
    for performed in done:
        ACTIONS.labels(code=performed.code, result="done").inc()
    return outcomes


def _known(step: Step | Following, outcomes: Sequence[Outcome[Any]]) -> Step:
    return step(outcomes) if callable(step) else step


def perform_set[T: models.Model, R: models.Model, D](
    action: type[SetAction[T, R, D]], *, actor: Actor, target_id: int, data: D
) -> SetOutcome[R]:
    """All the changes below the target are made, with one entry each, or none is. Raises as `perform` does."""
    target: T | None = None
    with open_door():
        try:
            with transaction.atomic(durable=True):
                target = _lock(action, actor=actor, target_id=target_id)
                parts.gate().require(action, actor=actor, target=target)
                step = action()
                step.check(actor=actor, target=target, data=data)
                require_proof(step.risk_of(target=target, data=data), actor)
                outcome = step.apply_set(actor=actor, target=target, data=data)
                parts.log().write_set(action, actor=actor, outcomes=outcome.outcomes, alike=outcome.alike)
        except ActionError as error:
            write_refusal(action, actor=actor, target=target, target_id=target_id, error=error)
            raise
    ACTIONS.labels(code=action.code, result="done").inc(outcome.count)
    return outcome


def _lock[T: models.Model](action: type[Action[T, Any]], *, actor: Actor, target_id: int) -> T:
    """The target, locked, where it is of the actor's tenant; foreign rows do not exist.

    What the gate and the log always ask of it comes along: the relations that its model names in ``comes_with``. They
    are read in a statement of their own: where a lock had to be waited for, PostgreSQL looks at the new row but joins
    it with what was there before, so that somebody who was just given another role would not be found.
    """
    model = action.model()
    rows = model._default_manager.filter(pk=target_id, tenant_id=actor.tenant_id)
    target = rows.select_for_update(no_key=True, of=("self",)).first()
    if target is None:
        raise TargetNotFound
    related = getattr(model, "comes_with", ())
    return rows.select_related(*related).get() if related else target


def require_proof(risk: Risk, actor: Actor) -> None:
    """Whoever sits at the screen has shown lately that it is them, where the Action is worth it.

    Asked last: nobody types a password to hear that they may not.
    """
    if risk.needs_proof and actor.proof is not Proof.GIVEN:
        raise NotProved(actor.proof.value)


def write_refusal(
    action: type[Action[Any, Any]], *, actor: Actor, target: models.Model | None, target_id: int, error: ActionError
) -> None:
    """The refusal has its entry. A password that is only asked for is none; a wrong one is."""
    if error.reason == Proof.OLD:
        return
    ACTIONS.labels(code=action.code, result=error.result).inc()
    with transaction.atomic():
        parts.log().write(
            action,
            actor=actor,
            target=None if isinstance(error, TargetNotFound) else target,
            target_id=target_id if target_id <= LARGEST_KEY else 0,
            result=error.result,
            refusal=error,
        )
