"""The records: what was done in whose view, for the assistant and for who oversees."""

import datetime as dt
import uuid

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.actionlog.web.rows import action_name
from fleetfolk.assistance.models import Assistance
from fleetfolk.assistance.pages_seen import told
from fleetfolk.assistance.permissions import APPROVE, CODES
from fleetfolk.assistance.queries import entries_of, record, records, report
from fleetfolk.assistance.web.cookie import address_of
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.errors import Denied

SIZE = 50
MOST_VISITS = 500
LIST = "assistance/list.html"
RECORD = "assistance/record.html"


@console_view
@require_safe
def record_list(request: ConsoleRequest) -> HttpResponse:
    """Assistances, newest first, a page at a time by key: one's own, and for overseers all in reach."""
    held = {code for grant in grants_of(request.actor) for code in grant.permissions}
    if not held & CODES:
        raise Denied("permission_missing")
    place = _place(request.GET.get("before", ""))
    rows = records(request.actor)
    here = rows.filter(Q(started_at__lt=place[0]) | Q(started_at=place[0], pk__lt=place[1])) if place else rows
    found = list(here[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    oversees = APPROVE.code in held
    context = {
        "rows": found[:SIZE],
        "next_url": f"{reverse('assistance:list')}?before={last.started_at.timestamp():.6f}~{last.pk}"
        if last
        else None,
        "first_url": reverse("assistance:list") if place else None,
        "oversees": oversees,
        "report": report(request.actor) if oversees and not place else (),
    }
    return render(request, f"{LIST}#records" if request.htmx.target == "records" else LIST, context)


@console_view
@require_safe
def record_detail(request: ConsoleRequest, public_id: uuid.UUID) -> HttpResponse:
    """One assistance: what it was about, how it ended, and every page of it."""
    row = record(request.actor, public_id)
    own = row.agent_id == request.actor.user_id
    context = record_context(row) | {
        "own": own,
        "may_cancel": not own and row.is_live and GATE.decide(request.actor, APPROVE, row).allowed,
        "address": address_of(row.public_id),
    }
    return render(request, RECORD, context)


def record_context(row: Assistance) -> dict[str, object]:
    """What the assistant, the customer and who oversees read alike."""
    visits = list(row.visits.order_by("at", "pk")[: MOST_VISITS + 1])
    return {
        "row": row,
        "live": row.is_live,
        "visits": [(visit, told(visit)) for visit in visits[:MOST_VISITS]],
        "more_visits": len(visits) > MOST_VISITS,
        "entries": [(entry, action_name(entry.code)) for entry in entries_of(row)[:MOST_VISITS]],
    }


def _after(row: Assistance) -> str:
    return f"{reverse('assistance:list')}?before={row.started_at.timestamp():.6f}~{row.pk}"


def _place(text: str) -> tuple[dt.datetime, int] | None:
    """The key of a record in an address; None where the text is none."""
    moment, _separator, key = text.partition("~")
    try:
        at, number = dt.datetime.fromtimestamp(float(moment), tz=dt.UTC), int(key)
    except (ValueError, OverflowError, OSError):
        return None
    return (at, number) if 0 < number < 2**63 else None
