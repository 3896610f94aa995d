"""What the pages of acts on many show."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fleetfolk.access.grants import grants_of
from fleetfolk.console.csv_export import Cell, csv_lines
from fleetfolk.jobs.actions.erase_report import REPORT_KEPT_FOR
from fleetfolk.jobs.actions.restore_bulk import undo_of, undone_by
from fleetfolk.jobs.bulk import THINGS, Shown, act_of_job, bulk_acts, things_of_job
from fleetfolk.jobs.bulk_run import COUNTS, OF_PEOPLE
from fleetfolk.jobs.models import Job, JobState, Target, TargetState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.jobs.queries import may_read_report
from fleetfolk.jobs.web.panels import panel_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.reasons import REASONS

SIZE = 50
SHOWN = {"refused": TargetState.REFUSED, "done": TargetState.DONE, "unchanged": TargetState.UNCHANGED, "all": None}
_STATUS = {
    TargetState.WAITING: "waiting",
    TargetState.DONE: "done",
    TargetState.UNCHANGED: "inactive",
    TargetState.REFUSED: "refused",
}


def acts_offered(actor: Actor, of: str) -> list[dict[str, object]]:
    """What the actor may do to many of these, as the bar below a list shows it; nothing for who may see no jobs."""
    held = {code for grant in grants_of(actor) for code in grant.permissions}
    if not {VIEW_JOBS.code, THINGS[of].view.code} <= held:
        return []
    acts = [act for act in bulk_acts(of) if act.action.permission.code in held]
    first = next((act for act in acts if act.prominent), None)
    groups = [0, *(act.group for act in acts)]
    beside = [act.group for act in acts if not act.prominent]
    return [
        {
            "label": act.label,
            "icon": act.icon,
            "url": reverse("bulk:choose", args=[of, act.code]),
            "prominent": act.prominent,
            "first": act is first,
            "divides": before and act.group != before,
            "divides_wide": act.group in beside and act.group != beside[0],
            "bad": act.types_word,
        }
        for act, before in zip(acts, groups, strict=False)
    ]


def bulk_panel(actor: Actor, job: Job, *, show: str, after: int) -> dict[str, Any]:
    """The template's `panel`: figures for everybody who sees the job, rows for who may read them."""
    panel = panel_of(actor, job)
    readable = may_read_report(actor, job) and job.report_erased_at is None
    own = job.is_of(actor)
    undo = undo_of(job) if own and job.is_over else None
    undone = undone_by(job) if undo else None
    changed = int(job.counts.get("changed", 0))
    tells = readable and job.is_over and "undoes" not in job.input
    panel |= {
        "heading": things_of_job(job).title,
        "person": things_of_job(job).one,
        "readable": readable,
        "undo": undo is not None and undone is None and changed > 0,
        "undone_by": undone,
        "undo_until": job.finished_at + REPORT_KEPT_FOR if job.finished_at else None,
        "changed": changed,
        "refused": int(job.counts.get("problem", 0)),
        "again": own and job.is_over and bool(job.counts.get("problem")) and "undoes" not in job.input,
        "asked": act_of_job(job).form(actor=actor, job=job).said() if tells else [],
        "erased": job.report_erased_at is not None,
    }
    if readable and job.state != JobState.QUEUED:
        panel |= _rows(actor, job, show=show, after=after)
    return panel


def _rows(actor: Actor, job: Job, *, show: str, after: int) -> dict[str, Any]:
    """A page of the targets, by key; while it runs, those that were done last."""
    state = SHOWN[show]
    targets = Target.objects.filter(job_id=job.pk)
    if not job.is_over:
        done = targets.filter(position__lte=job.cursor).order_by("-position")[:5]
        return {"rows": _drawn(actor, job, list(done)), "tabs": []}
    chosen = targets if state is None else targets.filter(state=state)
    page = list(chosen.filter(position__gt=after).order_by("position")[: SIZE + 1])
    tabs = [
        {"name": name, "label": label, "count": _count(job, SHOWN[name]), "here": name == show}
        for name, label in (
            ("refused", _("Refused")),
            ("done", _("Done")),
            ("unchanged", _("Nothing to change")),
            ("all", _("All")),
        )
    ]
    return {
        "rows": _drawn(actor, job, page[:SIZE]),
        "tabs": [tab for tab in tabs if tab["count"] or tab["here"]],
        "show": show,
        "next": page[SIZE - 1].position if len(page) > SIZE else None,
        "first": bool(after),
    }


def _count(job: Job, state: TargetState | None) -> int:
    return job.total if state is None else int(job.counts.get(COUNTS[state], 0))


def _drawn(actor: Actor, job: Job, targets: Sequence[Target]) -> list[dict[str, Any]]:
    shown = things_of_job(job).shown(actor, [target.target_id for target in targets])
    return [
        {
            "id": target.target_id,
            "shown": shown.get(target.target_id),
            "status": _STATUS[TargetState(target.state)],
            "said": result_of(job, target, shown.get(target.target_id)),
        }
        for target in targets
    ]


def result_of(job: Job, target: Target, shown: Shown | None) -> str:
    """How it went with one, in words."""
    if target.state == TargetState.REFUSED:
        return sentence_of(target, shown)
    if target.state == TargetState.DONE:
        return str(act_of_job(job).action.label)
    return str(TargetState(target.state).label)


def sentence_of(target: Target, shown: Shown | None) -> str:
    """Why one was refused."""
    people = dict.fromkeys(OF_PEOPLE, shown.name if shown else "…")
    sentence: str = str(REASONS[target.reason]) % {**people, **target.values}
    return sentence


def report_of(actor: Actor, job: Job) -> Iterator[bytes]:
    """Every target and how it went, as pieces of a CSV file; of those whom the reader may see, who they are."""
    things = things_of_job(job)
    header = [str(things.one), "", _("Organization"), _("Result"), _("Why")]
    return csv_lines(header, _report_rows(actor, job))


def _report_rows(actor: Actor, job: Job) -> Iterator[Iterable[Cell]]:
    things = things_of_job(job)
    unknown = Shown(name="", sub="", place="", url="")
    targets = Target.objects.filter(job_id=job.pk).order_by("position").iterator(chunk_size=1000)
    for chunk in batched(targets, 1000):
        shown = things.shown(actor, [target.target_id for target in chunk])
        for target in chunk:
            who = shown.get(target.target_id, unknown)
            why = sentence_of(target, who) if target.state == TargetState.REFUSED else ""
            yield (who.name, who.sub, who.place, str(TargetState(target.state).label), why)
