"""One Action done to many targets, a thousand at a time: each stands or falls alone, with an entry of its own.

Those whom nothing forbids are changed together by the Action's `apply_alike`, a few statements for all of them. All
others, and all targets of an Action that knows no such way, are taken one after another exactly as `perform` takes
one. So a set-based way is only ever faster: what it does, and to whom, is what the Action does.

A job calls it once a chunk, and marks its targets in the same transaction::

    outcome = perform_each(AssignTag, actor=actor_of_job(job), target_ids=chunk, data=data, before=keep, after=mark)

How many would change is asked beforehand, without changing anything, of `fits`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models, transaction

from fleetfolk.kernel import parts
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, Proof
from fleetfolk.kernel.among import among
from fleetfolk.kernel.errors import ActionError, NotProved, TargetNotFound
from fleetfolk.kernel.measures import ACTIONS
from fleetfolk.kernel.outcome import Alike, EachOutcome, Outcome
from fleetfolk.kernel.perform import LARGEST_KEY, open_door, require_proof, write_refusal


def perform_each[T: models.Model, D](
    action: type[Action[T, D]],
    *,
    actor: Actor,
    target_ids: Iterable[int],
    data: D,
    before: Callable[[Sequence[int]], object] = lambda _ids: None,
    after: Callable[[EachOutcome], object] = lambda _outcome: None,
) -> EachOutcome:
    """The change is made to every target that allows it, and logged; of the others it is known and logged why not.

    All of it is one transaction, which must not be inside another. ``before`` is called in it with the keys of the
    targets that are there, when they are locked and nothing has changed: what an undo needs to know is read now.
    ``after`` is called in it at the end: what marks the targets as done is written now, so that a crash leaves either
    all of it or nothing, and nothing is done twice. Both may write rows.

    Refusals never raise: they are in the outcome. `NotProved` does, and then nothing was done. Give it no more than
    some thousand targets: they are all locked until the end.
    """
    wanted = sorted(set(target_ids))
    with open_door():
        try:
            with transaction.atomic(durable=True):
                outcome = _Run(action, actor, data).over(wanted, before)
                after(outcome)
        except NotProved as error:
            write_refusal(action, actor=actor, target=None, target_id=wanted[0], error=error)
            raise
    ACTIONS.labels(code=action.code, result="done").inc(len(outcome.done))
    for refusal in outcome.refused.values():
        ACTIONS.labels(code=action.code, result=refusal.result).inc()
    return outcome


def fits[T: models.Model, D](
    action: type[Action[T, D]], *, actor: Actor, targets: models.QuerySet[T], data: D
) -> models.QuerySet[T]:
    """Those of the targets to whom the actor may do it and whom surely nothing forbids: countable, by one statement.

    Of the others each must be looked at alone: `fleetfolk.kernel.parts.gate` and the Action's `check` say why not, or
    that it will be done after all.
    """
    allowed = parts.gate().allowed(action, actor=actor, targets=targets)
    return action().fitting(actor=actor, targets=allowed, data=data)


class _Run[T: models.Model, D]:
    """An Action at work on a chunk of targets."""

    def __init__(self, action: type[Action[T, D]], actor: Actor, data: D) -> None:
        self._action = action
        self._actor = actor
        self._data = data
        self._refused: dict[int, ActionError] = {}

    def over(self, wanted: Sequence[int], before: Callable[[Sequence[int]], object]) -> EachOutcome:
        """Every target has been taken."""
        there = self._lock([key for key in wanted if key <= LARGEST_KEY])
        before(there)
        alike = self._together(there)
        parts.log().write_set(self._action, actor=self._actor, alike=alike)
        done = {key for group in alike for key in group.ids}
        done |= self._one_by_one([key for key in there if key not in done])
        found = set(there)
        for key in wanted:
            if key not in found:
                self._refuse(key, None, TargetNotFound())
        return EachOutcome(done=sorted(done), refused=self._refused)

    def _lock(self, wanted: Sequence[int]) -> list[int]:
        """The keys of those that are there for this actor's tenant, locked in order, as all who lock many do."""
        rows = self._rows(wanted).order_by("pk").select_for_update(no_key=True, of=("self",))
        return list(rows.values_list("pk", flat=True))

    def _rows(self, keys: Sequence[int]) -> models.QuerySet[T]:
        rows: models.QuerySet[T] = self._action.model()._default_manager.filter(tenant_id=self._actor.tenant_id)
        return rows.filter(among("pk", keys)) if keys else rows.none()

    def _together(self, there: Sequence[int]) -> Sequence[Alike]:
        """Those who fit are changed."""
        if not there or self._action.moves_target or not self._is_proved():
            return []
        fitting = fits(self._action, actor=self._actor, targets=self._rows(there), data=self._data)
        ids = list(fitting.order_by("pk").values_list("pk", flat=True))
        return self._action().apply_alike(actor=self._actor, ids=ids, data=self._data) if ids else []

    def _is_proved(self) -> bool:
        """Whether no target can turn out to ask for a proof that is not there."""
        plain = not self._action.risk.needs_proof and self._action.risk_of is Action.risk_of
        return plain or self._actor.proof is Proof.GIVEN

    def _one_by_one(self, left: Sequence[int]) -> set[int]:
        """Each of the others is changed, or it is known why not. The actor comes last: this may cost rights."""
        related: Sequence[str] = getattr(self._action.model(), "comes_with", ())
        rows = self._rows(left).order_by("pk")
        targets = list(rows.select_related(*related) if related else rows)
        targets.sort(key=lambda target: (target._meta.label, target.pk) == ("users.User", self._actor.user_id))
        done = set()
        for target in targets:
            key = target.pk
            try:
                with transaction.atomic():
                    self._alone(target)
            except NotProved:
                raise
            except ActionError as error:
                self._refuse(key, None if isinstance(error, TargetNotFound) else target, error)
            else:
                done.add(key)
        return done

    def _alone(self, target: T) -> None:
        step: Action[T, D] = self._action()
        given: dict[str, Any] = {"actor": self._actor, "target": target, "data": self._data}
        key = target.pk
        parts.gate().require(self._action, actor=self._actor, target=target)
        step.check(**given)
        require_proof(step.risk_of(target=target, data=self._data), self._actor)
        outcome: Outcome[T] = step.apply(**given)
        if self._action.moves_target:
            parts.gate().require(self._action, actor=self._actor, target=outcome.target)
        parts.log().write(
            self._action, actor=self._actor, target=outcome.target, target_id=key, result="done", outcome=outcome
        )

    def _refuse(self, key: int, target: T | None, error: ActionError) -> None:
        self._refused[key] = error
        parts.log().write(
            self._action,
            actor=self._actor,
            target=target,
            target_id=key if key <= LARGEST_KEY else 0,
            result=error.result,
            refusal=error,
        )
