"""Acts on many at once: of which things there are lists to choose from, and what can be done to what was chosen.

A package declares its `Things` and its `BulkAct`s as it starts. A package above it may declare acts of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.http import QueryDict
from django.utils.formats import number_format
from django_stubs_ext import StrPromise

from fleetfolk.console.sql import Sql
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission

WORD = "DELETE"
"""What is typed before many are deleted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One target as pages and reports show it: its name, what stands below it, where it is, and its page."""

    name: str
    sub: str
    place: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Things:
    """What can be chosen in one list: ``of`` which list, rows of which ``model`` in which ``table``.

    ``view`` is what seeing them takes, ``where`` the condition of all that a list's address shows the actor, ``shown``
    those of some keys whom the actor may see. ``kind`` is the code of the jobs that change them.
    """

    of: str
    kind: str
    table: str
    model: Callable[[], type[Model]]
    view: Permission
    where: Callable[[Actor, QueryDict], Sql]
    shown: Callable[[Actor, Sequence[int]], Mapping[int, Shown]]
    list_url: str
    title: StrPromise
    one: StrPromise
    counted: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Some of the targets for whom an act has no effect: they stay as they are, or are refused for a reason.

    ``said`` is the reason said of many, where its own sentence names one.
    """

    reason: str
    where: Q
    said: StrPromise | str = ""
    unchanged: bool = False


class BulkForm(forms.Form):
    """What an act on many asks. ``chosen`` says it as it is kept with the job."""

    def __init__(self, data: Any = None, *, actor: Actor, job: Job) -> None:
        super().__init__(data)
        self.actor, self.job = actor, job

    def chosen(self) -> dict[str, Any]:
        """Plain values, by the names of the Action's input."""
        return dict(self.cleaned_data)

    def said(self) -> list[tuple[str, str]]:
        """What was chosen as it was asked for, in words: of rows, those that are still there for the reader."""
        kept = self.job.input.get("chosen", {})
        words = ((field.label, _words(field, kept.get(name))) for name, field in self.fields.items() if name in kept)
        return [(str(label), said) for label, said in words if said]


def _words(field: forms.Field, value: Any) -> str:
    if not isinstance(field, forms.ChoiceField):
        return str(value or "")
    choices: Any = field.choices
    return str(dict(choices).get(str(value or 0), ""))


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkAct:
    """One thing that can be done to many: the Action that is done to each, its words, its form.

    ``heading`` says it with the number: ``%(total)s``, by ``count``. ``input`` makes the Action's input of what the
    form chose. ``rules`` say beforehand who is left as they are, or refused. ``sensitive`` acts ask who starts them to
    show that it is them. ``undo`` is the code of the act that takes it back, ``keep`` what it must know of each: by
    keys, before anything changes; ``still`` are those who are as the act left them. Who is not ``offered`` only undoes
    others. ``goto`` leads to a page of its own that does something else with what was chosen. Acts of a ``group`` stand
    together; the ``prominent`` ones are buttons of their own.
    """

    of: str
    code: str
    label: StrPromise
    icon: str
    heading: Any
    action: type[Action[Any, Any]]
    input: Callable[[Mapping[str, Any]], Any]
    form: type[BulkForm] = BulkForm
    rules: Callable[[Actor, Mapping[str, Any]], Sequence[Rule]] = lambda _actor, _chosen: ()
    note: StrPromise | str = ""
    sensitive: bool | None = None
    types_word: bool = False
    undo: str = ""
    keep: Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]] | None = None
    still: Callable[[Mapping[str, Any]], Q] | None = None
    offered: bool = True
    goto: Callable[[Job], str] | None = None
    group: int = 1
    prominent: bool = False

    @property
    def risk(self) -> Risk:
        """What it takes to start it."""
        if self.sensitive is None:
            return self.action.risk
        return Risk.SENSITIVE if self.sensitive else Risk.ORDINARY

    def headed(self, count: int) -> str:
        """The act and how many."""
        said: str = self.heading % {"count": count, "total": number_format(count, force_grouping=True)}
        return said


THINGS: dict[str, Things] = {}
_ACTS: dict[tuple[str, str], BulkAct] = {}


def register_things(things: Things) -> None:
    """They can be chosen."""
    if things.of in THINGS:
        raise TypeError(f"{things.of!r} is there already")
    THINGS[things.of] = things


def register_bulk(act: BulkAct) -> None:
    """The act can be done to what is chosen."""
    if (act.of, act.code) in _ACTS:
        raise TypeError(f"{act.code!r} for {act.of} is there already")
    _ACTS[act.of, act.code] = act


def bulk_act(of: str, code: str) -> BulkAct | None:
    """The act of this code for these things; None where there is none."""
    return _ACTS.get((of, code))


def bulk_acts(of: str) -> list[BulkAct]:
    """What can be done to these things, in order."""
    return sorted((act for act in _ACTS.values() if act.of == of and act.offered), key=lambda act: act.group)


def things_of_job(job: Job) -> Things:
    """What the job changes."""
    return THINGS[job.input["of"]]


def act_of_job(job: Job) -> BulkAct:
    """What the job does to each."""
    return _ACTS[job.input["of"], job.input["act"]]
