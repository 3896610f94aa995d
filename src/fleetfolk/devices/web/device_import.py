"""Importing devices from a file: uploaded, read at once as far as its header, and then a job."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.devices.actions.start_device_import import StartDeviceImport, StartDeviceImportInput
from fleetfolk.devices.import_columns import LABELS, Column, columns_of
from fleetfolk.devices.permissions import ORG_DEVICES_CREATE
from fleetfolk.devices.web.activation import organizations_for, templates_offered
from fleetfolk.devices.web.dialogs import leave_a_trace, performed
from fleetfolk.devices.web.forms import ImportForm
from fleetfolk.kernel.errors import Denied
from fleetfolk.users.importing.problems import UnreadableFile
from fleetfolk.users.importing.reading import CsvFile
from fleetfolk.users.uploads import keep_upload, path_of, remove_upload


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: ConsoleRequest) -> HttpResponse:
    """A file becomes a job; one that cannot be read is answered with what to do, and not kept."""
    reachable = organizations_for(request, ORG_DEVICES_CREATE)
    own = organization_now(request).pk
    home = reachable.filter(pk=own).first() or reachable.order_by("path").first()
    if home is None:
        if request.method == "POST":
            leave_a_trace(StartDeviceImport, request, own)
        raise Denied("permission_missing")
    posted = request.method == "POST"
    form = ImportForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        templates=list(templates_offered(home)),
        reachable=reachable,
        home=home,
    )
    if form.is_valid():
        job_id = _started(request, form)
        if job_id is not None:
            to = reverse("jobs:detail", args=[job_id])
            return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)
    context = {"form": form, "columns": LABELS.values(), "limit": settings.FLEETFOLK_UPLOAD_MAX_BYTES}
    return render(request, "devices/import.html", context, status=422 if form.is_bound else 200)


def _started(request: ConsoleRequest, form: ImportForm) -> int | None:
    """The key of the job, or None with what is wrong in the form. Without a job no file stays."""
    given = form.cleaned_data
    name = keep_upload(given["file"].chunks())
    job_id: int | None = None
    try:
        csv = CsvFile.open(path_of(name))
        headers = [column.header for column in csv.columns]
        if Column.NAME not in columns_of(headers):
            form.add_error("file", _("No column is called Name. Name the columns as below."))
            return None
        data = StartDeviceImportInput(
            file=name,
            file_name=given["file"].name[-120:],
            headers=headers,
            layout=asdict(csv.layout),
            template_id=given["template"],
            only_check=given["only_check"],
        )
        outcome: Any = performed(form, StartDeviceImport, request, given["organization"].pk, data)
        job_id = None if outcome is None else outcome.target.pk
    except UnreadableFile as error:
        form.add_error("file", error.sentence)
    finally:
        if job_id is None:
            remove_upload(name)
    return job_id
