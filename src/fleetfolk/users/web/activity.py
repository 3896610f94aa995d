"""Activity: the tab with everything around one person over time, and the lines of their last hour."""

import datetime as dt
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fleetfolk.actionlog.queries import CHART_CAP
from fleetfolk.actionlog.web.chart import drawn
from fleetfolk.actionlog.web.state import PERIODS, LogState, key_text, place_of
from fleetfolk.actionlog.web.views import patiently
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.actor import Actor
from fleetfolk.users import activity
from fleetfolk.users.activity import LATEST, Happening, Place, Sought, activity_counts, activity_page
from fleetfolk.users.models import User
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.profile_tabs import Card, Tab, register_card, register_tab

TAB = "users/tabs/activity.html"
SHORTLY = 5
SIZE = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityState:
    """What the tab shows: words and period as in the log, one kind or all, and from which place on."""

    log: LogState
    kind: str = ""
    before: Place | None = None

    @classmethod
    def of(cls, parameters: QueryDict) -> Self:
        """The state that an address says; what is malformed is left out."""
        kind = parameters.get("kind", "")
        return cls(
            log=LogState.of(parameters).first_page(person=None, part="", clients=(), results=(), here_only=False),
            kind=kind if kind in activity.kinds() else "",
            before=_place(parameters.get("past", "")),
        )

    def address(self, *, log: LogState | None = None, kind: str | None = None, before: Place | None = None) -> str:
        """The query string of the first page of a changed state, or of what comes before a place."""
        text = (log or self.log).address()
        more = {"kind": self.kind if kind is None else kind}
        if before:
            more["past"] = _place_text(before)
        rest = urlencode([(name, value) for name, value in more.items() if value])
        return f"{text}{'&' if rest and text != '?' else ''}{rest}"

    def sought(self, *, now: dt.datetime, size: int = SIZE) -> Sought:
        """The part of the stream."""
        since, until = self.log.bounds(now=now)
        return Sought(since=since, until=until, typed=self.log.query, kind=self.kind, before=self.before, size=size)


def activity_tab(request: ConsoleRequest, person: User) -> HttpResponse:
    """The tab; through htmx its lines with what stands above them."""
    state, now = ActivityState.of(request.GET), timezone.now()
    page = patiently(lambda: activity_page(request.actor, person, state.sought(now=now)))
    lines = page.happenings if page else []
    older = (lines[-1].at, lines[-1].key) if page and page.has_older else None
    here = request.path
    swapped = bool(request.htmx) and request.htmx.target == "stream"
    chosen = "" if state.log.own_days else state.log.period
    context = {
        "person": person,
        "state": state.log,
        "here": here,
        "chart_url": reverse("users:activity-chart", args=[person.pk]) + state.address(),
        "kinds": [
            (kind, label, here + state.address(kind=kind), kind == state.kind)
            for kind, label in {"": _("Everything"), **activity.kinds()}.items()
        ],
        "kind": state.kind,
        "periods": [
            (code, label, here + state.address(log=state.log.in_period(code)), code == chosen)
            for code, (label, _span) in PERIODS.items()
        ],
        "period_text": state.log.period_text(now=now),
        "today": timezone.localtime(now).date(),
        "lines": lines,
        "too_long": page is None,
        "older_url": here + state.address(before=older) if older else "",
        "newest_url": here + state.address() if state.before else "",
        "narrowed": bool(state.log.query or state.kind),
        "everything_url": here + state.address(log=state.log.first_page(query=""), kind=""),
        "swapped": swapped,
    }
    return render(request, f"{TAB}#swapped" if swapped else TAB, context)


@console_view
@require_GET
def chart(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """How much happened over time, asked for by the tab when it is there."""
    person = user_detail(request.actor, user_id)
    state, now = ActivityState.of(request.GET), timezone.now()
    zone, step = ZoneInfo(str(timezone.get_current_timezone())), state.log.step(now=now)
    counts = patiently(lambda: activity_counts(request.actor, person, state.sought(now=now), step=step, zone=zone))
    context = {
        "chart": None if counts is None else drawn(counts, state.log, now=now),
        "cap": number_format(CHART_CAP, force_grouping=True),
    }
    return render(request, "actionlog/chart.html", context)


@console_view
@require_GET
def latest(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The person's last hour, for cards on other pages."""
    person = user_detail(request.actor, user_id)
    return render(request, "users/latest.html", {"lines": latest_of(request.actor, person)})


def latest_of(actor: Actor, person: User, *, size: int = SHORTLY) -> list[Happening]:
    """The newest lines of the person's last hour, as far as the actor may read them."""
    now = timezone.now()
    # What happens while the page is made is not in the future.
    sought = Sought(since=now - LATEST, until=now + LATEST, size=size)
    return activity_page(actor, person, sought).happenings


def _place_text(place: Place) -> str:
    moment, key = place
    source, _colon, identity = key.partition(":")
    return f"{key_text((moment, int(identity)))}-{source}"


def _place(text: str) -> Place | None:
    place, _dash, source = text.rpartition("-")
    found = place_of(place)
    if found is None or source not in activity.SOURCES:
        return None
    return found[0], activity.key_of(source, found[1])


def _latest_card(request: ConsoleRequest, person: User) -> SafeString:
    """The card that asks for the last hour when it is there."""
    return render_to_string("users/latest_card.html", {"person": person}, request)


register_card(Card(place="aside", position=50, render=_latest_card))
register_tab(Tab(slug="activity", label=gettext_lazy("Activity"), icon="activity", position=20, render=activity_tab))
