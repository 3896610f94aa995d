"""The segments of an organization, and one with its members, its rules, and who came and went."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.place import organization_now
from fleetfolk.console.csv_export import CONTENT_TYPE, csv_lines
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.downloads import download_from
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.typed import typed
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.segments.actions.delete_segment import DeleteSegment, DeleteSegmentInput
from fleetfolk.segments.actions.move_segment import MoveSegment, MoveSegmentInput
from fleetfolk.segments.asking import SEES, closed_to, may, require_open
from fleetfolk.segments.conditions import All, Either, Node, Not, parse
from fleetfolk.segments.models import Member, Population, Segment
from fleetfolk.segments.permissions import EDIT_SEGMENTS, VIEW_SEGMENTS
from fleetfolk.segments.queries import members, passages, segments_in, summary_of, why
from fleetfolk.segments.web.membership import may_fill
from fleetfolk.segments.web.seen import segment_for
from fleetfolk.users.actions.export_list import ExportList, ExportListInput

LIST: Final = "segments/list.html"
PAGE: Final = "segments/segment.html"
CHANGED: Final = "segments:changed"
SHOWN: Final = 500
SIZE: Final = 25
DOWNLOADS: Final = {"segment_export": "10/10m/user"}


@console_view
@require_safe
def segment_list(request: ConsoleRequest) -> HttpResponse:
    """The segments of people, or of devices, that the viewer may see, in their order."""
    grants = grants_of(request.actor)
    if not GATE.paths_within_reach(request.actor, VIEW_SEGMENTS, grants):
        raise Denied("permission_missing")
    of = Population.DEVICES.value if request.GET.get("of") == Population.DEVICES else Population.USERS.value
    query = typed(request.GET)
    found = segments_in(request.actor).filter(of=of).select_related("organization")
    found = found.order_by("position", "pk")
    for word in query.split():
        found = found.filter(name__icontains=word)
    home = organization_now(request)
    shown = list(found[:SHOWN])
    closed = closed_to(request.actor, shown)
    rows = [
        {
            "segment": one,
            "may": GATE.decide(request.actor, EDIT_SEGMENTS, one, grants).allowed,
            "open": one.pk not in closed,
        }
        for one in shown
    ]
    context = {
        "of": of,
        "rows": rows,
        "query": query,
        "home": home,
        "may_create": GATE.decide(request.actor, EDIT_SEGMENTS, home, grants).allowed,
        "may_move": not query and any(row["may"] for row in rows),
        "list_url": f"{reverse('segments:list')}?{urlencode({'of': of, 'q': query} if query else {'of': of})}",
    }
    return render(request, f"{LIST}#segments" if request.htmx.target == "segments" else LIST, context)


@console_view
@require_safe
def segment_page(request: ConsoleRequest, segment_id: int) -> HttpResponse:
    """One segment: its members, or who came and went, beside what its rules say."""
    segment = segment_for(request, segment_id, VIEW_SEGMENTS)
    tab = "passages" if request.GET.get("tab") == "passages" else "members"
    query, after = typed(request.GET), request.GET.get("after", "")[:60]
    is_open = not closed_to(request.actor, [segment])
    sees = is_open and may(request.actor, SEES[Population(segment.of)], segment.organization)
    page: Any = None
    if sees and tab == "members":
        page = members(request.actor, segment, after=after, size=SIZE, typed=query)
    elif sees:
        page = passages(request.actor, segment, after=after, size=SIZE)
    asked = {"tab": tab} if tab == "passages" else ({"q": query} if query else {})
    context = {
        "segment": segment,
        "tab": tab,
        "page": page,
        "query": query,
        "sees": sees,
        "is_open": is_open,
        "is_first": not after,
        "first_url": "?" + urlencode(asked),
        "next_url": "?" + urlencode({**asked, "after": page.next_after}) if page and page.next_after else "",
        "may_edit": GATE.decide(request.actor, EDIT_SEGMENTS, segment).allowed,
        "may_fill": not segment.is_dynamic and may_fill(request.actor, segment),
        "counted": Member.objects.filter(segment=segment).count() if segment.counted is None else segment.counted,
    }
    if request.htmx and request.htmx.target == "members":
        return render(request, f"{PAGE}#members", context)
    return render(request, PAGE, {**context, **_rules(request, segment)})


def _rules(request: ConsoleRequest, segment: Segment) -> dict[str, Any]:
    """The rules in words, as groups in groups; or why they make no sense any more."""
    if not segment.is_dynamic:
        return {}
    try:
        words = {place: line for place, _negated, line in summary_of(request.actor, segment)}
    except Refused as refusal:
        return {"rules_problem": sentence_for(refusal)}
    return {"rules": _told(parse(segment.rules), (), words)}


def _told(node: Node, place: tuple[int, ...], words: Mapping[tuple[int, ...], str]) -> dict[str, Any]:
    match node:
        case All(parts=parts):
            label, inside = _("All of these"), parts
        case Either(parts=parts):
            label, inside = _("Any of these"), parts
        case Not(part=part):
            label, inside = _("Not"), (part,)
        case _:
            return {"line": words.get(place, "")}
    return {"label": label, "parts": [_told(part, (*place, number), words) for number, part in enumerate(inside)]}


@console_view
@require_safe
def segment_why(request: ConsoleRequest, segment_id: int, target_id: int) -> HttpResponse:
    """Why this person or device is in the segment, or is not."""
    segment = segment_for(request, segment_id, VIEW_SEGMENTS)
    require_open(request.actor, segment)
    try:
        reasons = why(request.actor, segment, target_id)
    except Refused as refusal:
        return render(request, "segments/why.html", {"segment": segment, "problem": sentence_for(refusal)})
    member = Member.objects.filter(segment=segment, target_id=target_id).first()
    context = {
        "segment": segment,
        "reasons": reasons,
        "is_member": member is not None,
        "since": member.since if member else None,
        "by_hand": not segment.is_dynamic,
        "asked": True,
    }
    return render(request, "segments/why.html", context)


@console_view
@dialog_methods
def delete(request: ConsoleRequest, segment_id: int) -> HttpResponse:
    """The segment is gone; its people and devices stay. GET asks."""
    segment = segment_for(request, segment_id, EDIT_SEGMENTS, action=DeleteSegment)
    if request.method == "POST":
        perform(DeleteSegment, actor=request.actor, target_id=segment_id, data=DeleteSegmentInput())
        text = _("The segment “%(name)s” is deleted.") % {"name": segment.name}
        return _gone(request, text, f"{reverse('segments:list')}?of={segment.of}")
    context = {
        "segment": segment,
        "number": ""
        if closed_to(request.actor, [segment])
        else number_format(segment.counted or 0, force_grouping=True),
        "action": request.path,
        "button": _("Delete the segment"),
        "danger": True,
    }
    return render(request, "segments/delete.html", context)


@console_view
@require_POST
def move(request: ConsoleRequest, segment_id: int) -> HttpResponse:
    """The segment stands one place further up or down in the lists, or before another one."""
    segment = segment_for(request, segment_id, EDIT_SEGMENTS, action=MoveSegment)
    step = request.POST.get("to", "")
    seen = segments_in(request.actor).filter(of=segment.of).order_by("position", "pk")
    order = list(seen.values_list("pk", flat=True))
    at = order.index(segment.pk)
    others = [key for key in order if key != segment.pk]
    if step in ("up", "down"):
        to = max(0, at - 1) if step == "up" else at + 1
    else:
        to = next((place for place, key in enumerate(others) if str(key) == step), -1)
    if to < 0:
        raise TargetNotFound
    before = others[to] if to < len(others) else None
    perform(MoveSegment, actor=request.actor, target_id=segment_id, data=MoveSegmentInput(before_id=before))
    text = _("“%(name)s” is moved.") % {"name": segment.name}
    return done(request, toast=text, to=f"{reverse('segments:list')}?of={segment.of}", changed=CHANGED)


@console_view
@download_from("segments:detail")
@require_safe
def download(request: ConsoleRequest, segment_id: int) -> HttpResponseBase:
    """The members as CSV, for as many as there are. Of people it is in the log who took them along."""
    segment = segment_for(request, segment_id, VIEW_SEGMENTS)
    first = members(request.actor, segment, size=1_000)
    if not ratelimit.consume(request, app="fleetfolk", action="segment_export", config=DOWNLOADS, limit_get=True):
        return ratelimit.respond_429(request)
    if segment.of == Population.USERS:
        data = ExportListInput(filters=f"segment={segment.pk}", columns="name, email", chosen=segment.counted or 0)
        perform(ExportList, actor=request.actor, target_id=segment.organization_id, data=data)

    def rows() -> Any:
        page = first
        while True:
            for one in page.rows:
                yield one.target_id, one.name, one.more, one.since
            if not page.next_after:
                return
            page = members(request.actor, segment, after=page.next_after, size=1_000)

    more = _("E-mail") if segment.of == Population.USERS else _("Serial number")
    answer = StreamingHttpResponse(
        csv_lines([_("Key"), _("Name"), more, _("Since")], rows()), content_type=CONTENT_TYPE
    )
    answer["Content-Disposition"] = f'attachment; filename="segment-{segment.pk}.csv"'
    return answer


def _gone(request: ConsoleRequest, text: str, to: str) -> HttpResponse:
    """The page behind the dialog may be that of what is gone: the viewer goes to the list."""
    messages.success(request, text)
    return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)
