"""Static tokens: batches of unclaimed devices, and the file with their tokens, codes and pictures."""

from collections.abc import Iterator
from pathlib import Path

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fleetfolk.access.gate import GATE
from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.devices.actions.read_tokens import ReadTokens
from fleetfolk.devices.actions.start_tokens import TOKENS, StartTokens
from fleetfolk.devices.models import Claim
from fleetfolk.devices.permissions import MANAGE_STATIC_TOKENS
from fleetfolk.devices.web.activation import organizations_for, templates_offered
from fleetfolk.devices.web.dialogs import leave_a_trace, performed
from fleetfolk.devices.web.forms import TokensForm
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.uploads import path_of

SHOWN = 100
_PIECE = 1 << 16


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: ConsoleRequest) -> HttpResponse:
    """The batches so far, with how many were claimed, and the order of another one."""
    reachable = organizations_for(request, MANAGE_STATIC_TOKENS)
    own = organization_now(request).pk
    home = reachable.filter(pk=own).first() or reachable.order_by("path").first()
    if home is None:
        if request.method == "POST":
            leave_a_trace(StartTokens, request, own)
        raise Denied("permission_missing")
    form = TokensForm(
        request.POST if request.method == "POST" else None,
        templates=list(templates_offered(home)),
        reachable=reachable,
        home=home,
    )
    if form.is_valid():
        place = form.cleaned_data["organization"]
        outcome = performed(form, StartTokens, request, place.pk, form.to_input())
        if outcome is not None:
            return HttpResponseRedirect(reverse("jobs:detail", args=[outcome.target.pk]))
    jobs = Job.objects.select_related("organization").filter(kind=TOKENS)
    mine = GATE.within_reach(jobs, actor=request.actor, permission=MANAGE_STATIC_TOKENS)
    batches = list(mine.order_by("-created_at", "-id")[:SHOWN])
    claims = Claim.objects.filter(job__in=batches, device__deleted_at__isnull=True).values("job_id")
    counted = claims.annotate(all=Count("pk"), claimed=Count("pk", filter=Q(claimed_at__isnull=False)))
    numbers = {row["job_id"]: row for row in counted}
    context = {
        "form": form,
        "batches": [{"job": job, **numbers.get(job.pk, {"all": 0, "claimed": 0})} for job in batches],
    }
    return render(request, "devices/tokens.html", context, status=422 if form.is_bound else 200)


@console_view
@require_http_methods(["POST"])
def file(request: ConsoleRequest, job_id: int) -> HttpResponseBase:
    """The file of one batch; the log says who has it."""
    job = perform(ReadTokens, actor=request.actor, target_id=job_id, data=NoInput()).target
    path = path_of(job.input["file"])
    if not path.exists():
        raise Refused("batch_file_gone")
    answer = StreamingHttpResponse(_pieces(path), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="tokens-{job.pk}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece
