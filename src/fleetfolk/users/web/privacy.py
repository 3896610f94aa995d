"""Taking a person's data along, hiding a person, and what is left of those who were erased."""

import json
from typing import Any, cast

from django import forms
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, portal_view
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.actions.activate_user import ActivateUser
from fleetfolk.users.actions.deactivate_user import DeactivateUser
from fleetfolk.users.actions.erase_user import certificate_of
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.read_data import ReadData
from fleetfolk.users.actions.read_export import ExportSecretInput, ReadExport
from fleetfolk.users.erasures import erasure_seen, erasures_seen
from fleetfolk.users.exporting import path_of
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Export
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.web.account import AT_ONCE, AtOnce
from fleetfolk.users.web.dialogs import dialog, dialog_done, performed, person_for
from fleetfolk.users.web.forms import ReasonForm
from fleetfolk.users.web.making import PART, making_of
from fleetfolk.users.web.secret_links import private

HELD = "fleetfolk_export"
"""The session's key for the hash of the secret that this browser has presented."""

AT_ONCE["users:activate"] = AtOnce(
    action=ActivateUser,
    title=gettext_lazy("Activate %(name)s"),
    lead=gettext_lazy("%(name)s is in the lists again, as before, and can sign in."),
    button=gettext_lazy("Activate 1 user"),
    toast=gettext_lazy("%(name)s is active again."),
    undo=("users:deactivate", gettext_lazy("Undo")),
)


@console_view
@dialog_methods
def deactivate(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The person is in no list any more and cannot sign in, until activated again."""
    person = person_for("users:deactivate", request, user_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and performed(form, [(DeactivateUser, person.pk, form.to_input())], request):
        text = _("%(name)s is deactivated.") % {"name": person}
        return dialog_done(request, text, person, undo=("users:activate", _("Undo")))
    return dialog(request, "users/deactivate.html", form, person=person, button=_("Deactivate 1 user"))


@console_view
@dialog_methods
def export(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """A file of everything about the person is being made, and its link mailed to who asked."""
    person = person_for("users:export", request, user_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and performed(form, [(ExportUser, person.pk, NoInput())], request):
        return _being_made(request, person) if request.htmx else HttpResponseRedirect(request.path)
    making = making_of(request.actor, person)
    if not form.is_bound and making is not None and (making.going or request.htmx.target == PART):
        return _being_made(request, person)
    return dialog(request, "users/export.html", form, person=person, button=_("Export all data"))


def _being_made(request: ConsoleRequest, person: User) -> HttpResponse:
    """How far the file is, in the dialog that asked for it; through htmx later only that."""
    part = f"#{PART}" if request.htmx.target == PART else ""
    context = {"person": person, "making": making_of(request.actor, person), "making_url": request.path}
    return render(request, f"users/export_making.html{part}", context)


@private
@portal_view()
@require_safe
def take_export(request: ConsoleRequest, secret: str) -> HttpResponse:
    """The link of the mail: the secret leaves the address at once, and its hash waits in the session."""
    request.session[HELD] = secret_hash(secret)
    return HttpResponseRedirect(reverse("users:export-ready"))


@private
@portal_view()
@require_http_methods(["GET", "HEAD", "POST"])
def export_ready(request: ConsoleRequest) -> HttpResponseBase:
    """What the file holds, and the button that downloads it, once, after showing that it is still the same person."""
    presented = str(request.session.get(HELD, ""))
    found = Export.objects.select_related("user__organization", "user__role").filter(secret_hash=presented).first()
    export = found if presented else None
    if export is None:
        return _over(request, Denied("export_link"))
    if request.method == "POST":
        return _download(request, export, presented)
    if export.requested_by_id != request.actor.user_id:
        return _over(request, Denied("export_link"))
    if export.taken_at is not None:
        return _over(request, Refused("export_taken"))
    if export.expires_at is None or clock.now() >= export.expires_at or not path_of(export.file).exists():
        return _over(request, Refused("export_over"))
    context = {"export": export, "person": export.user, "own": export.user_id == request.actor.user_id}
    return render(request, "users/export_ready.html", context)


def _download(request: ConsoleRequest, export: Export, presented: str) -> HttpResponseBase:
    own = export.user_id == request.actor.user_id
    action = cast("type[Action[User, Any]]", ReadData if own else ReadExport)
    # Opened first: where the file is gone, the link is not used up for nothing.
    try:
        file = path_of(export.file).open("rb")
    except FileNotFoundError:
        return _over(request, Refused("export_over"))
    try:
        perform(action, actor=request.actor, target_id=export.user_id, data=ExportSecretInput(secret_hash=presented))
    except (Denied, Refused, TargetNotFound) as error:
        file.close()
        return _over(request, error)
    except BaseException:
        file.close()
        raise
    name = f"fleetfolk-{export.user_id}-{export.created_at:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _over(request: ConsoleRequest, error: Denied | Refused | TargetNotFound) -> HttpResponse:
    """One page for every link that gives nothing; only its own person is told why."""
    status = 410 if isinstance(error, Refused) else 404
    known = error if isinstance(error, Refused) else Denied("export_link")
    return render(request, "users/export_over.html", {"sentence": sentence_for(known)}, status=status)


@console_view
@require_safe
def erasures(request: ConsoleRequest) -> HttpResponse:
    """Who was erased, without saying who: when, at whose wish, and how many rows."""
    return render(request, "users/erasures.html", {"erasures": erasures_seen(request.actor)})


@console_view
@require_safe
def erasure(request: ConsoleRequest, erasure_id: int) -> HttpResponse:
    """The certificate of one erasure."""
    seen = erasure_seen(request.actor, erasure_id)
    if seen is None:
        raise Http404
    context = {"erasure": seen, "certificate": certificate_of(seen), "rows": sorted(seen.counts.items())}
    return render(request, "users/erasure.html", context)


@console_view
@require_safe
def erasure_file(request: ConsoleRequest, erasure_id: int) -> HttpResponse:
    """The certificate as a file: the words whose checksum it carries."""
    seen = erasure_seen(request.actor, erasure_id)
    if seen is None:
        raise Http404
    whole = {"certificate": certificate_of(seen), "sha256": seen.certificate}
    text = json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="erasure-{seen.pk}.json"'
    return answer
