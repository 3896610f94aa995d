"""Importing people: the file, its columns with a preview, the check of every row, and the start."""

import itertools
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fleetfolk.access.gate import GATE
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.web.panels import panel_of
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform, perform_together
from fleetfolk.users.actions.create_import import CreateImport, CreateImportInput
from fleetfolk.users.actions.edit_import import EditImport
from fleetfolk.users.actions.start_import import StartImport, StartImportInput
from fleetfolk.users.import_places import OFFERED, home_for_import, places_for_import
from fleetfolk.users.import_plan import PlannedRow, plan_rows
from fleetfolk.users.import_run import chunks
from fleetfolk.users.import_source import IMPORT, ImportSource, ReadRow
from fleetfolk.users.importing.cells import plain_cell
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.problems import UnreadableFile
from fleetfolk.users.importing.reading import CsvFile
from fleetfolk.users.permissions import IMPORT_USERS
from fleetfolk.users.uploads import keep_upload, remove_upload
from fleetfolk.users.web.import_forms import ColumnsForm, UploadForm
from fleetfolk.users.web.phones import country_of

type Step = tuple[type[Action[Any, Any]], int, Any]

PREVIEWED = 50
SAMPLES = 3


@console_view
@require_http_methods(["GET", "POST"])
def upload(request: ConsoleRequest) -> HttpResponse:
    """A file becomes the draft of an import; one that cannot be read is answered with what to do, and not kept."""
    home = home_for_import(request.actor)
    if home is None:
        raise Denied("permission_missing")
    places = list(places_for_import(request.actor)[: OFFERED + 1])
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        actor=request.actor,
        organization=home,
        offered=len(places) <= OFFERED,
        initial={"country": country_of(home)},
    )
    if form.is_valid():
        job = _draft(request, form)
        if job is not None:
            return _go(request, reverse("users:import-columns", args=[job.pk]))
    context = {
        "form": form,
        "organizations": places[:OFFERED],
        "alone": len(places) == 1,
        "limit": settings.FLEETFOLK_UPLOAD_MAX_BYTES,
    }
    return render(request, "users/import_upload.html", context, status=422 if form.is_bound else 200)


def _draft(request: ConsoleRequest, form: UploadForm) -> Job | None:
    """The draft, or None with what is wrong with the file in the form. Without a draft no file stays."""
    chosen = form.cleaned_data
    name = keep_upload(chosen["file"].chunks())
    try:
        source = ImportSource.of_file(
            file=name,
            file_name=chosen["file"].name,
            within=chosen["organization"],
            role_id=chosen["role"],
            country=chosen["country"],
            invite=chosen["invite"],
            client=request.actor.client.value,
        )
        data = CreateImportInput(source=source)
        outcome = perform(CreateImport, actor=request.actor, target_id=chosen["organization"].pk, data=data)
    except UnreadableFile as error:
        remove_upload(name)
        form.add_error("file", error.sentence)
        return None
    except BaseException:
        remove_upload(name)
        raise
    job: Job = outcome.target  # type: ignore[assignment]
    return job


@console_view
@require_http_methods(["GET", "POST"])
def columns(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """Which column is what, and what would happen to the first rows with that. With `check` it is kept and checked."""
    job = _draft_of(request, job_id)
    source = ImportSource.of_job(job)
    csv = source.csv()
    typed = request.POST if request.method == "POST" else None
    form = ColumnsForm(
        typed,
        actor=request.actor,
        organization=job.organization,
        columns=[(column.index, column.name) for column in csv.columns],
        mapping=source.mapping,
        initial={"country": source.country, "role": source.role_id, "invite": source.invite},
    )
    if form.is_valid():
        chosen = form.to_input()
        if typed is not None and "check" in typed:
            steps: list[Step] = [(StartImport, job.pk, StartImportInput(only_check=True))]
            if source.chosen(chosen) != source:
                steps.insert(0, (EditImport, job.pk, chosen))
            perform_together(steps, actor=request.actor)
            return _go(request, reverse("users:import-check", args=[job.pk]))
        job.input = source.chosen(chosen).as_json()  # Looked at below, and not kept.
    broken = form.is_bound and not form.is_valid()
    context = {"job": job, "form": form, "columns": _columns(form, csv), "preview": []}
    if not broken and not ImportSource.of_job(job).mapping.missing():
        context["preview"] = _preview(request, job)
    partial = request.htmx and request.htmx.target == "columns"
    page = "users/import_columns.html"
    return render(request, f"{page}#columns" if partial else page, context, status=422 if broken else 200)


@console_view
@require_GET
def check(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """How the check of every row stands, and what the import would do; through htmx the part that changes."""
    job = _draft_of(request, job_id)
    source = ImportSource.of_job(job)
    checked = Job.objects.filter(pk=source.check_id or 0, tenant_id=request.actor.tenant_id).first()
    if checked is None:
        return _go(request, reverse("users:import-columns", args=[job.pk]))
    counts = checked.counts
    context = {
        "job": job,
        "check": checked,
        "panel": panel_of(request.actor, checked),
        "invite": source.invite,
        "invited": counts.get("invited", 0),
        "people": counts.get("new", 0) + counts.get("updated", 0),
        "ready": checked.state == JobState.DONE,
    }
    partial = request.htmx and request.htmx.target == "check-panel"
    return render(request, "users/import_check.html#check-panel" if partial else "users/import_check.html", context)


@console_view
@require_POST
def start(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """The import waits for a worker; its page shows how it goes."""
    perform(StartImport, actor=request.actor, target_id=job_id, data=StartImportInput())
    return _go(request, reverse("jobs:detail", args=[job_id]))


def _draft_of(request: ConsoleRequest, job_id: int) -> Job:
    """The actor's own draft, where they may still import there; anything else is not found."""
    own = Job.objects.select_related("organization").filter(
        kind=IMPORT, state=JobState.DRAFT, created_by_id=request.actor.user_id or 0
    )
    job = GATE.within_reach(own, actor=request.actor, permission=IMPORT_USERS).filter(pk=job_id).first()
    if job is None:
        raise Http404
    return job


def _columns(form: ColumnsForm, csv: CsvFile) -> list[dict[str, Any]]:
    """Each column with its choice and a few values; those that feed a field first."""
    sample = csv.sample()
    rows = [
        {
            "name": column.name,
            "field": form[f"column-{column.index}"],
            "values": _some(plain_cell(record.cells[column.index]) for record in sample),
            "used": bool(form[f"column-{column.index}"].value()),
        }
        for column in csv.columns
    ]
    return sorted(rows, key=lambda row: not row["used"])


def _some(values: Iterable[str]) -> list[str]:
    """The first few different values that are not blank."""
    return list(itertools.islice(dict.fromkeys(value for value in values if value), SAMPLES))


def _preview(request: ConsoleRequest, job: Job) -> list[dict[str, Any]]:
    """What would happen to the first rows; a place that cannot be read ends them."""
    rows: list[ReadRow] = next(chunks(ImportSource.of_job(job).rows(), skip=0, size=PREVIEWED), [])
    return [_shown(planned) for planned in plan_rows(request.actor, job, rows)]


_LABELS = {"first_name": Field.FIRST_NAME, "last_name": Field.LAST_NAME, "tag": Field.TAGS}


def _shown(planned: PlannedRow) -> dict[str, Any]:
    problem, why = planned.problem, ""
    if problem is not None:
        why = f"{problem.field.label}: {problem.sentence}" if problem.field else problem.sentence
    return {
        "line": planned.line,
        "verdict": planned.verdict.value,
        "name": planned.name,
        "email": planned.email,
        "person": planned.person,
        "invite": planned.invite,
        "changes": [
            {"label": (_LABELS.get(each.field) or Field(each.field)).label, "before": each.before, "after": each.after}
            for each in planned.changes
        ],
        "why": why,
    }


def _go(request: ConsoleRequest, url: str) -> HttpResponse:
    """The browser goes there, with htmx or without."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
