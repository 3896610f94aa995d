"""A device's dashboard, wherever it stands: its controls, what they send, and the history of a datastream."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console.http import ConsoleRequest, portal_view
from fleetfolk.devices.actions.send_command import SendCommand, SendCommandInput
from fleetfolk.devices.history import Step, series
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.devices.open_pages import is_online, live_address, told
from fleetfolk.devices.permissions import ORG_DEVICES_CONTROL
from fleetfolk.devices.queries import device_detail, reported_of
from fleetfolk.devices.values import LONGEST_STRING, Stream, shown
from fleetfolk.devices.web.dialogs import page_of
from fleetfolk.devices.widgets import streams_by_template, widgets_of
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import REASONS

SAID: Final = "device:said"
"""The event by which a page learns what a device says now."""

PERIODS: Final[dict[str, tuple[StrPromise, StrPromise, dt.timedelta]]] = {
    "hour": (gettext_lazy("Hour"), gettext_lazy("last hour"), dt.timedelta(hours=1)),
    "day": (gettext_lazy("Day"), gettext_lazy("last 24 hours"), dt.timedelta(days=1)),
    "week": (gettext_lazy("Week"), gettext_lazy("last 7 days"), dt.timedelta(days=7)),
    "month": (gettext_lazy("Month"), gettext_lazy("last 30 days"), dt.timedelta(days=30)),
    "quarter": (gettext_lazy("3 months"), gettext_lazy("last 3 months"), dt.timedelta(days=92)),
}
FIRST_PERIOD: Final = "day"
DRAWN: Final = 400
"""Points of a chart: more than a telephone has columns."""
IN_TABLE: Final = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the table that says what the chart shows."""

    at: dt.datetime
    average: str
    least: str
    most: str


def dashboard_context(
    request: ConsoleRequest, device: Device, *, grants: Sequence[Grant] | None = None
) -> dict[str, Any]:
    """What the partial `dashboard` needs, for any page that has it. The device comes from `device_detail`."""
    streams = streams_by_template([device.template_id])[device.template_id]
    why = why_not(request, device, grants=grants)
    numeric = [stream for stream in streams if stream.numeric]
    chosen = next((stream for stream in numeric if str(stream.id) == request.GET.get("stream", "")), None)
    context = {
        "device": device,
        "widgets": widgets_of(streams, reported_of(device)),
        "may_control": not why,
        "why": why if any(stream.writable for stream in streams) else "",
        "online": is_online(device),
        "reported": reported_of(device),
        "live_url": live_address([device.pk]),
        "longest": LONGEST_STRING,
    }
    if numeric:
        measured = next((stream for stream in numeric if not stream.writable and stream.kind != "boolean"), numeric[0])
        context |= history_context(request, device, chosen or measured, numeric)
    return context


def why_not(request: ConsoleRequest, device: Device, *, grants: Sequence[Grant] | None = None) -> str:
    """Why these hands cannot set anything on the device; empty where they can."""
    helping = request.actor.assisted_by
    if helping is not None and helping.mode != AssistMode.ACT:
        return str(REASONS["assist_view_only"])
    if device.state >= DeviceState.DEACTIVATED:
        return _("This device is deactivated, so nothing can be set.")
    decision = GATE.decide(request.actor, ORG_DEVICES_CONTROL, device, grants=grants)
    if decision.allowed:
        return ""
    if decision.reason == "share_too_low":
        return _("This device is shared with you to look at. Its owner can let you control it, too.")
    return str(REASONS[decision.reason])


def history_context(request: ConsoleRequest, device: Device, stream: Stream, among: Sequence[Stream]) -> dict[str, Any]:
    """What the partial `history` needs: the points, what they say in a sentence and as a table, and the choices."""
    asked = request.GET.get("period", "")
    period = asked if asked in PERIODS else FIRST_PERIOD
    until = timezone.now()
    since = until - PERIODS[period][2]
    steps = series(device.pk, stream, since=since, until=until, points=DRAWN)
    return {
        "device": device,
        "chart": {
            "stream": stream,
            "label": stream.alias or stream.name,
            "period": PERIODS[period][1],
            "sentence": _sentence(stream, steps),
            "stepped": stream.kind in {"boolean", "enumerable"},
            "data": {
                "points": [[step.at, step.average, step.least, step.most] for step in steps],
                "since": int(since.timestamp()),
                "until": int(until.timestamp()),
                "units": stream.units,
                "names": {str(choice["value"]): str(choice["label"]) for choice in stream.choices},
                "zone": timezone.get_current_timezone_name(),
            },
            "lines": _lines(stream, steps),
        },
        "periods": [
            {"slug": slug, "label": label, "current": slug == period}
            for slug, (label, _period, _span) in PERIODS.items()
        ],
        "chosen_period": period,
        "streams": [{"id": one.id, "label": one.alias or one.name, "current": one.id == stream.id} for one in among],
    }


def _sentence(stream: Stream, steps: Sequence[Step]) -> str:
    """What the chart shows, in a sentence."""
    if not steps:
        return _("Nothing was reported in this time.")
    words = {
        "name": stream.alias or stream.name,
        "least": _words(stream, min(step.least for step in steps)),
        "most": _words(stream, max(step.most for step in steps)),
        "last": _words(stream, steps[-1].average),
    }
    if stream.kind in {"boolean", "enumerable"}:
        return _("%(name)s changed between %(least)s and %(most)s.") % words
    return _("%(name)s was between %(least)s and %(most)s, and at the end %(last)s.") % words


def _lines(stream: Stream, steps: Sequence[Step]) -> list[Line]:
    """So many lines as can be read, each for an equal part of the steps."""
    size = max(1, -(-len(steps) // IN_TABLE))
    lines = []
    for start in range(0, len(steps), size):
        part = steps[start : start + size]
        average = sum(step.average for step in part) / len(part)
        lines.append(
            Line(
                at=dt.datetime.fromtimestamp(part[0].at, dt.UTC),
                average=_words(stream, average),
                least=_words(stream, min(step.least for step in part)),
                most=_words(stream, max(step.most for step in part)),
            )
        )
    return lines


def _words(stream: Stream, number: float) -> str:
    """An average in words: of what is on or off, how much of the time it was on."""
    if stream.kind == "boolean":
        return _("On") if number >= 1 else _("Off") if number <= 0 else f"{number:.0%}"
    if stream.kind == "enumerable":
        return shown(stream, round(number))
    if stream.kind == "integer" and number == round(number):
        return shown(stream, int(number))
    return shown(stream, number if stream.decimals is not None else round(number, 2))


@portal_view(assisted="see")
@require_safe
def history(request: ConsoleRequest, device_id: int, stream_id: int) -> HttpResponse:
    """The history of one datastream; without htmx the device's page with it."""
    device = device_detail(request.actor, device_id)
    streams = [stream for stream in streams_by_template([device.template_id])[device.template_id] if stream.numeric]
    stream = next((one for one in streams if one.id == stream_id), None)
    if stream is None:
        raise TargetNotFound
    if not request.htmx:
        period = request.GET.get("period", "")
        period = period if period in PERIODS else FIRST_PERIOD
        return HttpResponseRedirect(f"{page_of(request, device)}?stream={stream.id}&period={period}#history")
    return render(request, "devices/history.html", history_context(request, device, stream, streams))


@portal_view(assisted="act")
@require_POST
def command(request: ConsoleRequest, device_id: int, stream_id: int) -> HttpResponse:
    """The datastream is set; the answer brings what the device holds now."""
    texts = tuple(request.POST.getlist("value")[:2])
    data = SendCommandInput(stream_id=stream_id, texts=texts)
    perform(SendCommand, actor=request.actor, target_id=device_id, data=data)
    device = device_detail(request.actor, device_id, grants=grants_of(request.actor))
    if not request.htmx:
        return HttpResponseRedirect(page_of(request, device))
    streams = streams_by_template([device.template_id])[device.template_id]
    return trigger_client_event(HttpResponse(status=204), SAID, told(device, streams))
