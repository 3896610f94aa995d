"""How an act is done to many: a thousand at a time, each chunk committed with the marks of who was done."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from json import dumps
from typing import Any

from fleetfolk.jobs.acting import actor_of_job
from fleetfolk.jobs.actions import EndJobInput
from fleetfolk.jobs.bulk import act_of_job, bulk_act, things_of_job
from fleetfolk.jobs.models import Job, JobState, Target, TargetState
from fleetfolk.jobs.tasks import end
from fleetfolk.jobs.verdicts import still_among, unchanged_among
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.among import among
from fleetfolk.kernel.each import perform_each
from fleetfolk.kernel.errors import ActionError, Refused
from fleetfolk.kernel.outcome import EachOutcome, readable

CHUNK = 1000
"""Targets that are changed, logged and marked together, in one transaction."""

OF_PEOPLE = frozenset({"name", "person", "email"})
"""What a sentence names of people. It is not kept: the report names to its reader whom they may see."""

COUNTS = {TargetState.DONE: "changed", TargetState.UNCHANGED: "unchanged", TargetState.REFUSED: "problem"}


def run_bulk(job_id: int, *, tell: Callable[[Job], object] | None = None) -> None:
    """The job has ended: every target was changed, left as it was, or has its refusal; or the job was cancelled.

    ``tell`` is called with the job as it stands after each chunk.
    """
    while True:
        job = Job.objects.get(pk=job_id)
        if job.is_over:
            return
        if job.cancel_requested_at is not None:
            end(job_id, EndJobInput(state=JobState.CANCELLED))
            return
        chunk = list(_waiting(job)[:CHUNK])
        if not chunk:
            end(job_id, EndJobInput(state=JobState.DONE))
            return
        try:
            _work(job, chunk)
        except ActionError as error:
            if error.reason == "job_moved_on":
                continue
            raise
        if tell is not None:
            tell(Job.objects.get(pk=job_id))


def _waiting(job: Job) -> Any:
    return Target.objects.filter(job_id=job.pk, position__gt=job.cursor, state=TargetState.WAITING).order_by("position")


def _work(job: Job, chunk: Sequence[Target]) -> None:
    """The chunk is done: those alike together, and whoever is given something of their own by what that is."""
    actor = actor_of_job(job)
    by_given = sorted(chunk, key=lambda target: dumps(target.given, sort_keys=True))
    groups = [list(group) for _given, group in groupby(by_given, key=lambda one: dumps(one.given, sort_keys=True))]
    for number, group in enumerate(groups, start=1):
        last = chunk[-1].position if number == len(groups) else 0
        _Chunk(job=job, actor=actor, targets=group, cursor=last).work()


class _Chunk:
    """Targets that are given the same. ``cursor`` is how far the job is when they are done, 0 where others wait."""

    def __init__(self, *, job: Job, actor: Actor, targets: Sequence[Target], cursor: int) -> None:
        self._job, self._actor, self._cursor = job, actor, cursor
        self._targets = {target.target_id: target for target in targets}
        self._act, self._things = act_of_job(job), things_of_job(job)
        self._chosen: Mapping[str, Any] = {**job.input["chosen"], **(targets[0].given or {})}
        self._kept: Mapping[int, Mapping[str, Any]] = {}

    def work(self) -> None:
        """All of them are changed, left alone or refused, and marked so, or nothing has happened."""
        ids = list(self._targets)
        self._alone = set(ids) - self._still(ids)
        self._idle = unchanged_among(self._actor, self._act, self._things, ids, self._chosen) - self._alone
        perform_each(
            self._act.action,
            actor=self._actor,
            target_ids=[key for key in ids if key not in self._alone and key not in self._idle],
            data=self._act.input(self._chosen),
            before=self._before,
            after=self._after,
        )

    @property
    def _undoes(self) -> bool:
        return "undoes" in self._job.input

    def _still(self, ids: Sequence[int]) -> set[int]:
        """Those who are as the act left them that is undone; all of them where nothing is."""
        undone = bulk_act(self._act.of, self._job.input.get("undoes_act", ""))
        return still_among(undone, self._things, ids, self._job.input["chosen"]) if undone else set(ids)

    def _before(self, ids: Sequence[int]) -> None:
        """Nobody else is at this job, nobody has done these, and it is known how those here were."""
        self._job = Job.objects.select_for_update(no_key=True, of=("self",)).get(pk=self._job.pk)
        positions = [target.position for target in self._targets.values()]
        asked = Target.objects.filter(among("position", positions), job_id=self._job.pk, state=TargetState.WAITING)
        waiting = asked.count()
        if self._job.is_over or waiting != len(positions):
            raise Refused("job_moved_on")
        if self._act.keep is not None and not self._undoes:
            self._kept = self._act.keep(ids)

    def _after(self, outcome: EachOutcome) -> None:
        """Every target is marked, and the job knows how far it is."""
        for key in outcome.done:
            self._mark(key, TargetState.DONE)
        for key in self._idle:
            self._mark(key, TargetState.UNCHANGED)
        for key in self._alone:
            self._mark(key, TargetState.REFUSED, "bulk_changed_since")
        for key, error in outcome.refused.items():
            about = {name: readable(value) for name, value in error.about.items() if name not in OF_PEOPLE}
            self._mark(key, TargetState.REFUSED, error.reason, about)
        targets = list(self._targets.values())
        self._write(targets)
        self._move_on(targets)

    def _mark(self, key: int, state: TargetState, reason: str = "", about: Mapping[str, Any] | None = None) -> None:
        target = self._targets[key]
        target.state, target.reason, target.values = state, reason, dict(about or {})
        target.undo = dict(self._kept[key]) if state is TargetState.DONE and key in self._kept else None

    def _write(self, targets: Sequence[Target]) -> None:
        """Those with nothing of their own in one statement, the others together."""
        plain = [one for one in targets if not (one.reason or one.undo)]
        for state in (TargetState.DONE, TargetState.UNCHANGED):
            positions = [one.position for one in plain if one.state == state]
            if positions:
                Target.objects.filter(among("position", positions), job_id=self._job.pk).update(state=state)
        own = [one for one in targets if one.reason or one.undo]
        if own:
            Target.objects.bulk_update(own, ["state", "reason", "values", "undo"], batch_size=500)

    def _move_on(self, targets: Sequence[Target]) -> None:
        job, now = self._job, clock.now()
        counts = dict(job.counts)
        for target in targets:
            name = COUNTS[TargetState(target.state)]
            counts[name] = counts.get(name, 0) + 1
        job.counts, job.done = counts, job.done + len(targets)
        job.cursor = self._cursor or job.cursor
        job.state, job.started_at, job.moved_at = JobState.RUNNING, job.started_at or now, now
        job.save(update_fields=["counts", "cursor", "done", "state", "started_at", "moved_at"])
