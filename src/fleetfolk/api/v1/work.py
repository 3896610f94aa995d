"""Segments, messages, jobs and the action log."""

import datetime as dt
from collections.abc import Container
from typing import Annotated, Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from ninja import Field, Query, Schema

from fleetfolk.actionlog.models import Entry, Result
from fleetfolk.actionlog.queries import entries_page, patience, reader_of
from fleetfolk.actionlog.web.state import PERIODS, LogState, key_text
from fleetfolk.api.problems import Problem
from fleetfolk.api.shell import API, actor_of
from fleetfolk.api.v1.lists import Few, Key, Named, OneOf, Slice, Text, named, require_somewhere, slice_of
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.queries import jobs_in_reach
from fleetfolk.kernel.actor import Client
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.messages.permissions import VIEW_MESSAGES
from fleetfolk.messages.sent import figures_of, message_seen, messages_seen
from fleetfolk.segments.asking import closed_to
from fleetfolk.segments.models import Segment
from fleetfolk.segments.permissions import VIEW_SEGMENTS
from fleetfolk.segments.queries import members, segments_in


class SegmentOut(Schema):
    """A part of the people or of the devices."""

    id: int
    name: str
    of: str = Field(examples=["users"])
    kind: str
    rules: Any = Field(description="Of one that follows rules.")
    counted: int | None = Field(description="How many were in it when it was last counted.")
    counted_at: dt.datetime | None
    organization: Named


class MemberOut(Schema):
    """Who is in a segment, and since when."""

    target_id: int
    name: str
    since: dt.datetime


class MembersOut(Schema):
    """Some of the members, the latest first."""

    items: list[MemberOut]
    next: str | None = Field(description="For `after`. None at the end.")


class MembersAsked(Schema):
    """Where a page of members begins."""

    after: Text = Field("", description="`next` of the page before.")
    limit: int = Field(25, ge=1, le=100, description="So many at most.")


class MessageOut(Schema):
    """A message and how far it is sent."""

    id: int
    subject: str
    state: str
    recipients: int
    read: int
    replies: int
    failed: int
    organization: Named
    created_at: dt.datetime
    send_at: dt.datetime | None
    finished_at: dt.datetime | None


class JobOut(Schema):
    """Long work, and how far it is."""

    id: int
    kind: str
    title: str
    state: JobState
    total: int
    done: int
    counts: dict[str, Any]
    failure: str
    organization: Named
    created_by: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


class LogAsked(Schema):
    """As the page *Action log* is asked."""

    q: Text = Field("", description="Words of the Action's name or code.")
    period: Annotated[str, OneOf(PERIODS)] = Field("month", description="How far back.")
    client: list[Annotated[str, OneOf(Client.values)]] = Field([], description="By any of these programs.")
    result: list[Annotated[str, OneOf(Result.values)]] = Field([], description="With any of these results.")
    person: Key | None = Field(None, description="By this person, or done to their account.")
    scope: Annotated[str, OneOf(["", "here"])] = Field("", description="`here`: in one's own organization alone.")
    before: Text = Field("", description="`older` of the page before.")
    limit: int = Field(50, ge=1, le=100, description="So many at most.")


class EntryOut(Schema):
    """One entry of the action log."""

    id: int
    at: dt.datetime
    action: str = Field(examples=["user.disable"])
    result: str
    reason: str
    client: str
    actor: str
    actor_kind: str
    target_type: str
    target_id: int | None
    target: str
    organization: str
    changes: list[dict[str, Any]]
    facts: dict[str, Any]
    request_id: str


class LogOut(Schema):
    """Some entries, newest first."""

    items: list[EntryOut]
    older: str | None = Field(description="For `before`. None at the end.")


@API.get(
    "/segments", response=Slice[SegmentOut], tags=["Segments"], operation_id="listSegments", summary="List segments"
)
def list_segments(request: HttpRequest, asked: Query[Few]) -> Any:
    """The segments that the holder of the key may see."""
    actor = actor_of(request)
    require_somewhere(actor, VIEW_SEGMENTS)
    rows, following = slice_of(segments_in(actor).select_related("organization"), asked)
    closed = closed_to(actor, rows)
    return {"items": [_segment(one, closed) for one in rows], "next": following}


@API.get(
    "/segments/{segment_id}",
    response=SegmentOut,
    tags=["Segments"],
    operation_id="getSegment",
    summary="Look at a segment",
)
def get_segment(request: HttpRequest, segment_id: Key) -> Any:
    """One segment with its rules and its number."""
    segment = _seen_segment(request, segment_id)
    return _segment(segment, closed_to(actor_of(request), [segment]))


@API.get(
    "/segments/{segment_id}/members",
    response=MembersOut,
    tags=["Segments"],
    operation_id="listSegmentMembers",
    summary="List who is in a segment",
)
def list_members(request: HttpRequest, segment_id: Key, asked: Query[MembersAsked]) -> Any:
    """The members, as far as the holder of the key may see them."""
    segment = _seen_segment(request, segment_id)
    found = members(actor_of(request), segment, after=asked.after, size=asked.limit)
    rows = [{"target_id": one.target_id, "name": one.name, "since": one.since} for one in found.rows]
    return {"items": rows, "next": found.next_after or None}


@API.get(
    "/messages", response=Slice[MessageOut], tags=["Messages"], operation_id="listMessages", summary="List messages"
)
def list_messages(request: HttpRequest, asked: Query[Few]) -> Any:
    """The messages that the holder of the key may see, newest first."""
    actor = actor_of(request)
    require_somewhere(actor, VIEW_MESSAGES)
    rows, following = slice_of(messages_seen(actor), asked, newest_first=True)
    figures = figures_of([one.pk for one in rows])
    return {"items": [_message(one, figures) for one in rows], "next": following}


@API.get(
    "/messages/{message_id}",
    response=MessageOut,
    tags=["Messages"],
    operation_id="getMessage",
    summary="Look at a message",
)
def get_message(request: HttpRequest, message_id: Key) -> Any:
    """One message, and how it fared."""
    message = message_seen(actor_of(request), message_id)
    return _message(message, figures_of([message.pk]))


@API.get("/jobs", response=Slice[JobOut], tags=["Jobs"], operation_id="listJobs", summary="List jobs")
def list_jobs(request: HttpRequest, asked: Query[Few]) -> Any:
    """The jobs that the holder of the key may see, newest first."""
    rows, following = slice_of(jobs_in_reach(actor_of(request)), asked, newest_first=True)
    return {"items": [job_out(one) for one in rows], "next": following}


@API.get("/jobs/{job_id}", response=JobOut, tags=["Jobs"], operation_id="getJob", summary="Look at a job")
def get_job(request: HttpRequest, job_id: Key) -> Any:
    """One job, and how far it is."""
    job = jobs_in_reach(actor_of(request)).filter(pk=job_id).first()
    if job is None:
        raise TargetNotFound
    return job_out(job)


@API.get("/log", response=LogOut, tags=["Action log"], operation_id="listLog", summary="Read the action log")
def list_log(request: HttpRequest, asked: Query[LogAsked]) -> Any:
    """What was done and refused where the holder of the key may read it, newest first."""
    reader = reader_of(actor_of(request))
    parameters = QueryDict(request.GET.urlencode())
    state = LogState.of(parameters)
    if asked.before and state.before is None:
        raise Problem(422, "input_malformed")
    with patience():
        page = entries_page(reader, state.wanted(now=timezone.now()), older_than=state.before, size=asked.limit)
    last = page.entries[-1] if page.entries else None
    older = key_text((last.at, last.pk)) if last is not None and page.has_older else None
    return {"items": [_entry(one) for one in page.entries], "older": older}


def job_out(job: Job) -> dict[str, Any]:
    """The job as programs read it."""
    plain = ("id", "kind", "title", "state", "total", "done", "counts", "failure", "created_at", "started_at")
    return {
        **{name: getattr(job, name) for name in (*plain, "finished_at")},
        "organization": named(job.organization),
        "created_by": job.created_by_label,
    }


def _seen_segment(request: HttpRequest, segment_id: int) -> Segment:
    segment = segments_in(actor_of(request)).select_related("organization").filter(pk=segment_id).first()
    if segment is None:
        raise TargetNotFound
    return segment


def _segment(segment: Segment, closed: Container[int]) -> dict[str, Any]:
    """With its number, where that tells nothing that the holder of the key may not see."""
    plain = ("id", "name", "of", "kind", "rules", "counted_at")
    return {
        **{name: getattr(segment, name) for name in plain},
        "counted": None if segment.pk in closed else segment.counted,
        "organization": named(segment.organization),
    }


def _message(message: Any, figures: dict[int, Any]) -> dict[str, Any]:
    plain = ("id", "subject", "state", "recipients", "created_at", "send_at", "finished_at")
    fared = figures[message.pk]
    return {
        **{name: getattr(message, name) for name in plain},
        "organization": named(message.organization),
        "read": fared.read,
        "replies": fared.replies,
        "failed": fared.failed,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    plain = ("id", "at", "result", "reason", "client", "actor_kind", "target_type", "target_id", "changes", "facts")
    return {
        **{name: getattr(entry, name) for name in (*plain, "request_id")},
        "action": entry.code,
        "actor": entry.actor_label,
        "target": entry.target_label,
        "organization": entry.organization_label,
    }
