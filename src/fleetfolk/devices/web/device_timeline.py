"""A device's timeline: its events by level and period, with what people make of them."""

import datetime as dt
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fleetfolk.access.gate import GATE
from fleetfolk.actionlog.web.state import key_text, place_of
from fleetfolk.console.http import ConsoleRequest, done, portal_view
from fleetfolk.devices.actions.archive_event import ArchiveEvent
from fleetfolk.devices.actions.create_comment import LONGEST_COMMENT, CreateComment, CreateCommentInput
from fleetfolk.devices.actions.reset_event import ResetEvent
from fleetfolk.devices.actions.resolve_event import ResolveEvent
from fleetfolk.devices.actions.restore_event import RestoreEvent
from fleetfolk.devices.models import Device, Event, Level
from fleetfolk.devices.permissions import EDIT_TIMELINE
from fleetfolk.devices.timeline import Wanted, events_of
from fleetfolk.devices.web.dialogs import page_of
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.no_input import NoInput

CHANGED: Final = "events:changed"
PERIODS: Final = {
    "day": (gettext_lazy("Last 24 hours"), dt.timedelta(days=1)),
    "week": (gettext_lazy("Last 7 days"), dt.timedelta(days=7)),
    "month": (gettext_lazy("Last 30 days"), dt.timedelta(days=30)),
    "quarter": (gettext_lazy("Last 3 months"), dt.timedelta(days=92)),
}
SHOWS: Final = {"open": gettext_lazy("Open only"), "archived": gettext_lazy("Archived")}
ICONS: Final = {
    Level.INFO: "info-circle",
    Level.WARNING: "alert-triangle",
    Level.CRITICAL: "alert-circle",
    Level.CONTENT: "note",
}
GRAVE: Final = frozenset({Level.WARNING.value, Level.CRITICAL.value})
"""Levels of what somebody has to deal with."""
_CODE_ICONS: Final = {"online": "bolt", "offline": "wifi-off"}


def context(request: ConsoleRequest, device: Device) -> dict[str, Any]:
    """What the timeline shows: one page of the events that the address asks for."""
    chosen = {
        "level": _known(request.GET.get("level", ""), Level.values),
        "period": _known(request.GET.get("period", ""), PERIODS),
        "show": _known(request.GET.get("show", ""), SHOWS),
    }
    since = timezone.now() - PERIODS[chosen["period"]][1] if chosen["period"] else None
    wanted = Wanted(
        levels=(chosen["level"],) if chosen["level"] else (),
        since=since,
        open_only=chosen["show"] == "open",
        archived=chosen["show"] == "archived",
        before=place_of(request.GET.get("before", "")),
    )
    page = events_of(device, wanted)
    address = urlencode([(name, value) for name, value in chosen.items() if value])
    older = f"?{address}&before={key_text(page.older)}" if page.older else ""
    return {
        "events": [
            {
                "event": event,
                "icon": _icon_of(event),
                "comments": event.comments.all(),
                "grave": event.level in GRAVE,
            }
            for event in page.events
        ],
        "older_url": older.replace("?&", "?"),
        "newest_url": f"?{address}" if wanted.before else "",
        "levels": _choices(Level.choices, chosen["level"]),
        "periods": _choices([(name, label) for name, (label, _span) in PERIODS.items()], chosen["period"]),
        "shows": _choices(SHOWS.items(), chosen["show"]),
        "narrowed": bool(address),
        "may_act": GATE.decide(request.actor, EDIT_TIMELINE, device).allowed,
        "longest": LONGEST_COMMENT,
        "here": request.get_full_path(),
    }


def _known(value: str, among: Any) -> str:
    return value if value in among else ""


def _choices(choices: Any, chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "chosen": value == chosen} for value, label in choices]


def _icon_of(event: Event) -> str:
    return _CODE_ICONS.get(event.code.lower()) or ICONS[Level(event.level)]


@portal_view(assisted="act")
@require_POST
def comment(request: ConsoleRequest, event_id: int) -> HttpResponse:
    """The comment stands beside the event."""
    text = request.POST.get("text", "")
    outcome = perform(CreateComment, actor=request.actor, target_id=event_id, data=CreateCommentInput(text=text))
    return _done(request, outcome.target, _("The comment is saved."))


@portal_view(assisted="act")
@require_POST
def resolve(request: ConsoleRequest, event_id: int) -> HttpResponse:
    """The event is dealt with."""
    outcome = perform(ResolveEvent, actor=request.actor, target_id=event_id, data=NoInput())
    return _done(request, outcome.target, _("“%(event)s” is resolved."), back="devices:reset-event")


@portal_view(assisted="act")
@require_POST
def reset(request: ConsoleRequest, event_id: int) -> HttpResponse:
    """The event is open again."""
    outcome = perform(ResetEvent, actor=request.actor, target_id=event_id, data=NoInput())
    return _done(request, outcome.target, _("“%(event)s” is open again."))


@portal_view(assisted="act")
@require_POST
def archive(request: ConsoleRequest, event_id: int) -> HttpResponse:
    """The event is put away."""
    outcome = perform(ArchiveEvent, actor=request.actor, target_id=event_id, data=NoInput())
    return _done(request, outcome.target, _("“%(event)s” is archived."), back="devices:restore-event")


@portal_view(assisted="act")
@require_POST
def restore(request: ConsoleRequest, event_id: int) -> HttpResponse:
    """The event is on the timeline again."""
    outcome = perform(RestoreEvent, actor=request.actor, target_id=event_id, data=NoInput())
    return _done(request, outcome.target, _("“%(event)s” is on the timeline again."))


def _done(request: ConsoleRequest, event: Event, text: str, *, back: str = "") -> HttpResponse:
    undo = (reverse(back, args=[event.pk]), _("Undo")) if back else None
    to = page_of(request, event.device)
    return done(request, toast=text % {"event": event.title}, to=to, undo=undo, changed=CHANGED)
