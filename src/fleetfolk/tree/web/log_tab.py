"""The action log of one organization and all below it, on its page."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fleetfolk.access.gate import GATE
from fleetfolk.actionlog import queries
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.actionlog.statements import Reader
from fleetfolk.actionlog.web.chart import chart_of
from fleetfolk.actionlog.web.places import LogPlace
from fleetfolk.actionlog.web.state import LogState
from fleetfolk.actionlog.web.views import BODY, log_context, patiently
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.errors import Denied
from fleetfolk.organizations.models import Organization
from fleetfolk.tree.queries import organization_seen


def body(request: ConsoleRequest, organization: Organization) -> str:
    """What was done in the organization and below; through htmx only what changes."""
    log_place = LogPlace(
        here=request.path,
        days=reverse("organizations:log-days", args=[organization.pk]),
        entries=reverse("actionlog:list"),
        people=reverse("actionlog:list"),
        parts=(_("By and on"), _("By them"), _("On them")),
    )
    context = log_context(request, reader_in(request, organization), log_place)
    template = f"{BODY}#swapped" if context["swapped"] else "users/tabs/action_log.html"
    return render_to_string(template, context, request=request)


@console_view
@require_GET
def days(request: ConsoleRequest, organization_id: int) -> HttpResponse:
    """The chart above it, asked for by the page when it is there."""
    organization = organization_seen(request.actor, organization_id)
    if not GATE.decide(request.actor, VIEW_ACTION_LOG, organization).allowed:
        raise Denied("permission_missing")
    reader = reader_in(request, organization)
    state, now = LogState.of(request.GET).first_page(), timezone.now()
    chart = patiently(lambda: chart_of(reader, state, now=now))
    return render(request, "actionlog/chart.html", {"chart": chart, "cap": f"{queries.CHART_CAP:,}"})


def reader_in(request: ConsoleRequest, organization: Organization) -> Reader:
    """The viewer as a reader of what happened there; that they may read it was asked."""
    reader = queries.reader_of(request.actor)
    return replace(reader, paths=(organization.path,), home_id=organization.pk, home_name=organization.name)
