"""How a file is imported: a chunk of rows at a time, each committed with its place in the file."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from fleetfolk.jobs.acting import actor_of_job, failure_of
from fleetfolk.jobs.actions import EndJobInput
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.tasks import end
from fleetfolk.kernel.action import SetAction
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform_set
from fleetfolk.users.importing.problems import UnreadableFile
from fleetfolk.users.importing.reading import Record

__all__ = ["ImportRun", "actor_of_job", "chunks", "counted", "failure_of", "refused"]

CHUNK = 1000
"""Rows that are imported, logged and counted together, in one transaction."""

_COLLISIONS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRun[Row]:
    """How a kind of import runs.

    ``records`` reads the job's file in order, and raises `UnreadableFile` where it cannot be read on; ``rows`` are
    those records as the ``action`` takes them, which imports one chunk. ``data`` makes its input of rows, of how many
    are behind them (``skipped``) and of how many there are (``total``). ``gone`` and ``unreadable`` are the reasons why
    a file ends the job, the second with its values.
    """

    records: Callable[[Job], Iterator[Record]]
    rows: Callable[[Job], Iterator[Row]]
    action: type[SetAction[Job, Any, Any]]
    data: Callable[..., Any]
    gone: str
    unreadable: Callable[[UnreadableFile], tuple[str, dict[str, str | int]]]

    def run(self, job_id: int, *, tell: Callable[[Job], object] | None = None) -> None:
        """The job has ended: every row behind its cursor was imported or kept with its reason, or it says why not.

        ``tell`` is called with the job as it stands after each chunk.
        """
        try:
            how = self._run(job_id, tell)
        except UnreadableFile as error:
            reason, values = self.unreadable(error)
            how = EndJobInput(state=JobState.FAILED, failure=reason, failure_values=values)
        except FileNotFoundError:
            how = EndJobInput(state=JobState.FAILED, failure=self.gone)
        except ActionError as error:
            if error.reason in ("job_over", "job_moved_on"):
                return
            how = refused(error)
        end(job_id, how)

    def _run(self, job_id: int, tell: Callable[[Job], object] | None) -> EndJobInput:
        job = Job.objects.get(pk=job_id)
        total = job.total or counted(self.records(job))
        for chunk in chunks(self.rows(job), skip=job.cursor, size=CHUNK):
            if Job.objects.filter(pk=job_id, cancel_requested_at__isnull=False).exists():
                return EndJobInput(state=JobState.CANCELLED)
            self._import(job, self.data(rows=chunk, skipped=job.cursor, total=total))
            job = Job.objects.get(pk=job_id)
            if tell is not None:
                tell(job)
        return EndJobInput(state=JobState.DONE)

    def _import(self, job: Job, data: Any) -> None:
        """The chunk is committed. Where somebody else added one of its rows meanwhile, it is planned anew."""
        for attempt in range(1, _COLLISIONS + 1):
            try:
                perform_set(self.action, actor=actor_of_job(job), target_id=job.pk, data=data)
                break
            except IntegrityError:
                if attempt == _COLLISIONS:
                    raise


def refused(error: ActionError) -> EndJobInput:
    """The job failed, for the reason for which an Action was refused."""
    about: dict[str, str | int] = {name: str(value) for name, value in error.about.items()}
    return EndJobInput(state=JobState.FAILED, failure=error.reason, failure_values=about)


def counted(rows: Iterable[object]) -> int:
    """The number of rows, up to where the file cannot be read on."""
    count = 0
    with suppress(UnreadableFile):
        for _row in rows:
            count += 1
    return count


def chunks[Row](rows: Iterable[Row], *, skip: int, size: int) -> Iterator[list[Row]]:
    """The rows behind the first ``skip``, so many at a time; those before a place that cannot be read come, too."""
    chunk: list[Row] = []
    try:
        for index, row in enumerate(rows):
            if index < skip:
                continue
            chunk.append(row)
            if len(chunk) == size:
                yield chunk
                chunk = []
    except UnreadableFile:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk
