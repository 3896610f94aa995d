"""The kinds of jobs: how each runs, what its figures are called, and how its report reads.

The package whose people ask for a kind declares it in a module `runs`, which is found at the start.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

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
    ``note_of`` is a sentence for who looks at a job that went well. A kind that leaves nothing out of its input has
    neither problems nor a report of them. ``personal`` reports are about people: whoever takes one along shows that it
    is them. ``page`` is the address of a job's own page, where the kind has one.
    """

    code: str
    permission: Permission
    run: Callable[[int], None]
    failure_of: Callable[[Job], str]
    erase: Callable[[Job], None]
    sweep: Callable[[], None]
    counts: Mapping[str, StrPromise] = field(default_factory=dict)
    sentence_of: Callable[[Problem], str] = lambda _problem: ""
    person_of: Callable[[Job, Problem], str] = lambda _job, _problem: ""
    report: Callable[[Job, Iterable[Problem]], Iterator[bytes]] = lambda _job, _problems: iter(())
    next_step: Callable[[Job], tuple[str, str] | None] = lambda _job: None
    note_of: Callable[[Job], str] = lambda _job: ""
    personal: bool = False
    page: Callable[[Job], str] | None = None

    def __post_init__(self) -> None:
        if self.code in KINDS:
            raise TypeError(f"the kind of job {self.code!r} is declared twice")
        KINDS[self.code] = self
