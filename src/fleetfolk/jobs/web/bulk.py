"""The pages of acts on many: choose, look at what would happen, watch it happen, read the report, take it back."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.place import organization_now
from fleetfolk.console.downloads import download_from
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.navigation import stand_inside
from fleetfolk.jobs.actions import (
    CreateBulk,
    CreateBulkInput,
    RestoreBulk,
    RestoreBulkInput,
    StartBulk,
    StartBulkInput,
)
from fleetfolk.jobs.actions.create_bulk import MOST_NAMED, require_act
from fleetfolk.jobs.bulk import THINGS, BulkForm, act_of_job, things_of_job
from fleetfolk.jobs.models import Job, JobState, Target, TargetState
from fleetfolk.jobs.queries import jobs_in_reach
from fleetfolk.jobs.verdicts import plan_of
from fleetfolk.jobs.web.bulk_panels import SHOWN, bulk_panel, report_of
from fleetfolk.jobs.web.report_file import report_file
from fleetfolk.kernel.perform import perform

PREVIEW = "jobs/bulk_preview.html"
PAGE = "jobs/bulk_job.html"


@console_view
@require_POST
def choose(request: ConsoleRequest, of: str, code: str) -> HttpResponse:
    """Who was chosen is kept: the keys that were ticked, or all that the list's address shows now."""
    if of not in THINGS:
        raise Http404
    data = CreateBulkInput(of=of, act=code, ids=_keys(request.POST.get("ids", "")))
    if request.POST.get("all"):
        require_act(request.actor, of, code)
        where = THINGS[of].where(request.actor, QueryDict(request.POST.get("address", "").lstrip("?")))
        data = CreateBulkInput(of=of, act=code, where=where)
    return _drafted(request, data)


@console_view
@require_safe
def job(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """What would happen; once it was started, how far it is; then how it went."""
    found = _job(request, job_id)
    stand_inside(request, things_of_job(found).list_url)
    if found.state == JobState.DRAFT:
        given = request.GET or None
        return _preview(request, found, act_of_job(found).form(given, actor=request.actor, job=found))
    show = request.GET.get("show", "")
    if show not in SHOWN:
        show = "refused" if found.counts.get("problem") else "all"
    after = request.GET.get("after", "")
    panel = bulk_panel(
        request.actor, found, show=show, after=int(after) if after.isdecimal() and len(after) < 10 else 0
    )
    partial = request.htmx and request.htmx.target == "job-panel"
    context = {"job": found, "panel": panel, "list_url": reverse(things_of_job(found).list_url)}
    return render(request, f"{PAGE}#job-panel" if partial else PAGE, context)


@console_view
@require_POST
def start(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """The act waits for a worker."""
    found = _job(request, job_id)
    form = act_of_job(found).form(request.POST, actor=request.actor, job=found)
    if not form.is_valid():
        return _preview(request, found, form, status=422)
    data = StartBulkInput(chosen=form.chosen(), word=request.POST.get("word", "").strip())
    perform(StartBulk, actor=request.actor, target_id=job_id, data=data)
    return _go(request, _page_of(job_id))


@console_view
@require_POST
def undo(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """Another job makes those as they were whom this one changed."""
    outcome = perform(RestoreBulk, actor=request.actor, target_id=job_id, data=RestoreBulkInput())
    return _go(request, _page_of(outcome.target.pk))


@console_view
@require_POST
def again(request: ConsoleRequest, job_id: int) -> HttpResponse:
    """Those who were refused are chosen anew, for the same act."""
    found = _job(request, job_id)
    refused = Target.objects.filter(job_id=found.pk, state=TargetState.REFUSED).order_by("position")
    keys = list(refused.values_list("target_id", flat=True)[:MOST_NAMED])
    return _drafted(request, CreateBulkInput(of=found.input["of"], act=found.input["act"], ids=keys))


@console_view
@download_from("bulk:job")
@require_safe
def report(request: ConsoleRequest, job_id: int) -> HttpResponseBase:
    """Every target and how it went, as a CSV file."""
    found = _job(request, job_id)
    return report_file(request, found, lambda: report_of(request.actor, found))


def _drafted(request: ConsoleRequest, data: CreateBulkInput) -> HttpResponse:
    here = organization_now(request).pk
    draft: Any = perform(CreateBulk, actor=request.actor, target_id=here, data=data).target
    goto = act_of_job(draft).goto
    return _go(request, goto(draft) if goto else _page_of(draft.pk))


def _preview(request: ConsoleRequest, draft: Job, form: BulkForm, *, status: int = 200) -> HttpResponse:
    """What would happen, as soon as the form says what."""
    act = act_of_job(draft)
    if not form.is_bound and all(not field.required for field in form.fields.values()):
        form = act.form({}, actor=request.actor, job=draft)  # Nothing has to be chosen first.
    plan = plan_of(request.actor, draft, form.chosen()) if form.is_valid() else None
    things = things_of_job(draft)
    context = {
        "job": draft,
        "act": act,
        "form": form,
        "plan": plan,
        "button": act.headed(plan.changes) if plan else "",
        "heading": things.title,
        "person": things.one,
        "list_url": reverse(things.list_url),
        "types_word": act.types_word and draft.total > 1,
        "undoable": bool(act.undo),
    }
    part = {"plan": "#plan", "bulk-page": "#page"}.get(str(request.htmx.target), "") if request.htmx else ""
    if part == "#page" and form.errors:
        status = 422
    return render(request, PREVIEW + part, context, status=status)


def _job(request: ConsoleRequest, job_id: int) -> Job:
    """A job of many that the actor may see, or their own draft; anything else is not found."""
    found = jobs_in_reach(request.actor).filter(pk=job_id).first()
    if found is None:
        own = Job.objects.select_related("organization").filter(Job.of(request.actor), pk=job_id, state=JobState.DRAFT)
        found = own.filter(tenant_id=request.actor.tenant_id, input__has_key="act").first()
    if found is None or "act" not in found.input:
        raise Http404
    if not GATE.decide(request.actor, things_of_job(found).view, found).allowed:
        raise Http404
    return found


def _keys(text: str) -> list[int]:
    """The keys in it. What is no key is nobody's, so it is left out."""
    return [int(each) for each in text.split(",") if each.strip().isdecimal() and len(each) < 20]


def _page_of(job_id: int) -> str:
    return reverse("bulk:job", args=[job_id])


def _go(request: ConsoleRequest, url: str) -> HttpResponse:
    """The browser goes there, with htmx or without."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
