"""The list of people as a file: which columns, and then the file itself."""

from dataclasses import replace
from urllib.parse import parse_qsl

from allauth.core.internal import ratelimit
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from fleetfolk.access.place import organization_now
from fleetfolk.console.csv_export import CONTENT_TYPE
from fleetfolk.console.downloads import download_from
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.export_list import ExportList, ExportListInput
from fleetfolk.users.people_csv import CSV_COLUMNS, people_csv
from fleetfolk.users.web.directory import PAGE, listing_of
from fleetfolk.users.web.directory_state import DirectoryState

DOWNLOADS = {"users_export": "10/10m/user"}
"""Downloads of one person: each reads all of the list and keeps a worker busy while it does."""
USERS_BULK = "users.bulk"
_ALWAYS = ("name", "email")


@console_view
@require_GET
def export_form(request: ConsoleRequest) -> HttpResponse:
    """What the file is to hold: whom the list shows now, or those chosen in it, and the columns of this browser."""
    state = DirectoryState.of(request.GET).first_page()
    listing_of(request.actor, state)  # Whoever may not see the list is told so now.
    shown = {*_ALWAYS, *PAGE.columns_of(request)}
    job = _chosen(request)
    pairs = [*parse_qsl(state.address().lstrip("?")), *([("job", str(job.pk))] if job else [])]
    context = {
        "columns": [(name, column.label, name in shown) for name, column in CSV_COLUMNS.items()],
        "file_url": reverse("users:export-file"),
        "pairs": pairs,
        "chosen": job.total if job else 0,
        "filtered": state.is_filtered,
    }
    return render(request, "users/export_people.html", context)


@console_view
@download_from("users:list")
@require_GET
def export_file(request: ConsoleRequest) -> HttpResponseBase:
    """The file, streaming; that it was taken is in the log. Too many at once wait a while."""
    if not ratelimit.consume(request, app="fleetfolk", action="users_export", config=DOWNLOADS, limit_get=True):
        return ratelimit.respond_429(request)
    state = DirectoryState.of(request.GET).first_page()
    asked = request.GET.getlist("column")
    columns = [name for name in CSV_COLUMNS if name in asked] or list(CSV_COLUMNS)
    job = _chosen(request)
    listing = replace(listing_of(request.actor, state), after=None, backward=False)
    perform(
        ExportList,
        actor=request.actor,
        target_id=organization_now(request).pk,
        data=ExportListInput(
            filters=state.address().lstrip("?"), columns=", ".join(columns), chosen=job.total if job else 0
        ),
    )
    lines = people_csv(listing, columns, mark="mark" in request.GET, chosen=job.pk if job else None)
    answer = StreamingHttpResponse(lines, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="users-{timezone.localtime():%Y-%m-%d}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _chosen(request: ConsoleRequest) -> Job | None:
    """The draft in which the actor chose some of the people; None where the address names none."""
    asked = request.GET.get("job", "")
    if not asked:
        return None
    mine = Job.objects.filter(tenant_id=request.actor.tenant_id, created_by_id=request.actor.user_id or 0)
    found = mine.filter(kind=USERS_BULK, pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    if found is None:
        raise Http404
    return found
