"""Acts on many: a job that is looked at under its own address."""

from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, QueryDict
from ninja import Field, Query, Schema
from ninja.errors import ValidationError
from pydantic import ConfigDict

from fleetfolk.api.once import Answered, once
from fleetfolk.api.problems import Problem
from fleetfolk.api.shell import API, actor_of, holder_of
from fleetfolk.api.v1.actions import performed
from fleetfolk.api.v1.lists import Few, Key, OneOf, Slice, Text
from fleetfolk.api.v1.work import JobOut, job_out
from fleetfolk.jobs.actions import CreateBulk, CreateBulkInput, StartBulk, StartBulkInput
from fleetfolk.jobs.actions.create_bulk import MOST_NAMED, require_act
from fleetfolk.jobs.bulk import THINGS, act_of_job, bulk_acts, things_of_job
from fleetfolk.jobs.models import Target, TargetState
from fleetfolk.jobs.queries import jobs_in_reach, may_read_report
from fleetfolk.jobs.verdicts import plan_of
from fleetfolk.jobs.web.bulk_panels import sentence_of
from fleetfolk.kernel.errors import Denied, TargetNotFound

RESULTS: Final = {
    TargetState.WAITING: "waiting",
    TargetState.DONE: "done",
    TargetState.UNCHANGED: "unchanged",
    TargetState.REFUSED: "refused",
}

type Things = Literal["users", "devices"]


class BulkIn(Schema):
    """Who, and what the act's form on the page asks."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Key] = Field([], max_length=MOST_NAMED, description="Those with these keys.", examples=[[7, 8]])
    filter: Text | None = Field(
        None,
        description="Instead: all that the list has, asked in this way.",
        examples=["status=inactive&tag=3"],
    )
    chosen: dict[Annotated[str, Field(max_length=40)], str | int | bool | None] = Field(
        {}, description="What the act asks, such as `role_id`.", examples=[{"reason": "left"}]
    )
    word: Text = Field("", description="`DELETE`, where many are deleted.")
    dry_run: bool = Field(False, description="Only say what would happen.")


class PlanOut(Schema):
    """What would happen, or is about to."""

    total: int
    changes: int
    unchanged: int
    cannot: int


class BulkOut(Answered):
    """The job, and what it is about to do."""

    job: JobOut
    plan: PlanOut


class TargetsAsked(Few):
    """Which of a job's targets."""

    result: Annotated[str, OneOf(RESULTS.values())] | None = Field(None, description="Those with this result alone.")


class OneTargetOut(Schema):
    """How it went with one."""

    target_id: int
    name: str | None = Field(description="None where the holder of the key may not see them.")
    result: str = Field(examples=["refused"])
    reason: str = Field(description="Why it was refused, for programs.", examples=["target_is_stronger"])
    why: str = Field(description="The same for people.")


class ActOut(Schema):
    """Something that can be done to many."""

    of: str
    act: str
    label: str
    right: str


@API.get("/bulk", response=list[ActOut], tags=["Many at once"], operation_id="listBulk", summary="List acts on many")
def list_bulk(request: HttpRequest) -> Any:
    """What can be done to many users or devices at once."""
    return [
        {"of": of, "act": act.code, "label": str(act.label), "right": act.action.permission.code}
        for of in ("users", "devices")
        for act in bulk_acts(of)
        if act.goto is None
    ]


@API.post(
    "/bulk/{of}/{act}",
    response={202: BulkOut},
    tags=["Many at once"],
    operation_id="bulk",
    summary="Do something to many",
)
@once
def start_bulk(request: HttpRequest, of: Things, act: Text, payload: BulkIn) -> tuple[int, Answered]:
    """Those who are meant now are kept, and a job does it to each of them as the single act would, with the rights and
    scopes of the key. `GET /jobs/{job_id}` says how far it is, `GET /jobs/{job_id}/targets` how it went with each;
    `job.cancel` stops it, `job.bulk.restore` takes it back."""
    actor, home = actor_of(request), holder_of(request).organization_id
    data = CreateBulkInput(of=of, act=act, ids=payload.ids)
    if payload.filter is not None:
        require_act(actor, of, act)
        data = CreateBulkInput(of=of, act=act, where=THINGS[of].where(actor, QueryDict(payload.filter)))
    job: Any = performed(CreateBulk, request, home, data).target
    found = act_of_job(job)
    form = found.form({name: str(value) for name, value in payload.chosen.items() if value}, actor=actor, job=job)
    if found.goto is not None:
        raise Problem(422, "input_malformed")
    if not form.is_valid():
        raise ValidationError([{"loc": ("chosen", name), "msg": said[0]} for name, said in form.errors.items()])
    plan = plan_of(actor, job, form.chosen())
    if not payload.dry_run:
        started = StartBulkInput(chosen=form.chosen(), word=payload.word)
        job = performed(StartBulk, request, job.pk, started).target
    said = {name: getattr(plan, name) for name in PlanOut.model_fields}
    return 202, BulkOut(job=JobOut(**job_out(job)), plan=PlanOut(**said))


@API.get(
    "/jobs/{job_id}/targets",
    response=Slice[OneTargetOut],
    tags=["Many at once"],
    operation_id="listJobTargets",
    summary="List how it went with each",
)
def list_targets(request: HttpRequest, job_id: Key, asked: Query[TargetsAsked]) -> Any:
    """Those to whom a job does something, and how it went; for seven days after its end."""
    actor = actor_of(request)
    job = jobs_in_reach(actor).filter(pk=job_id).first()
    if job is None or "act" not in job.input:
        raise TargetNotFound
    if not may_read_report(actor, job):
        raise Denied("report_not_readable")
    targets = Target.objects.filter(job_id=job.pk, position__gt=asked.after or 0).order_by("position")
    if asked.result is not None:
        targets = targets.filter(state=next(state for state, name in RESULTS.items() if name == asked.result))
    found = list(targets[: asked.limit + 1])
    rows = found[: asked.limit]
    shown = things_of_job(job).shown(actor, [target.target_id for target in rows])
    items = []
    for target in rows:
        seen = shown.get(target.target_id)
        items.append(
            {
                "target_id": target.target_id,
                "name": seen.name if seen else None,
                "result": RESULTS[TargetState(target.state)],
                "reason": target.reason,
                "why": sentence_of(target, seen) if target.state == TargetState.REFUSED else "",
            }
        )
    return {"items": items, "next": rows[-1].position if len(found) > asked.limit else None}
