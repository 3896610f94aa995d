"""The kinds of jobs: how each runs, what its figures are called, and how its report reads.

The package whose people ask for a kind declares it in a module `runs`, which is found at the start.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django_stubs_ext import StrPromise

from fleetfolk.jobs.models import Job, Problem
from fleetfolk.kernel.permissions import Permission

KINDS: dict[str, "JobKind"] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class JobKind:
    """One kind of job.

    ``run`` takes a job's key and works until the job has ended; it goes on where an earlier run was killed.
    ``permission`` is what reading the report takes, for it holds what was in the input. ``counts`` are the figures in
    their order. ``erase`` removes what the kind keeps of a job outside the database, ``sweep`` what no job needs.
    """

    code: str
    permission: Permission
    counts: Mapping[str, StrPromise]
    run: Callable[[int], None]
    sentence_of: Callable[[Problem], str]
    person_of: Callable[[Job, Problem], str]
    report: Callable[[Job, Iterable[Problem]], Iterator[bytes]]
    failure_of: Callable[[Job], str]
    next_step: Callable[[Job], tuple[str, str] | None]
    erase: Callable[[Job], None]
    sweep: Callable[[], None]

    def __post_init__(self) -> None:
        if self.code in KINDS:
            raise TypeError(f"the kind of job {self.code!r} is declared twice")
        KINDS[self.code] = self
