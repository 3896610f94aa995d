"""What is done to a template, and to where it is used."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fleetfolk.access.gate import GATE
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.devices.actions.archive_template import ArchiveTemplate
from fleetfolk.devices.actions.create_template import CreateTemplate, CreateTemplateInput
from fleetfolk.devices.actions.delete_template import DeleteTemplate
from fleetfolk.devices.actions.disable_template import DisableTemplate
from fleetfolk.devices.actions.edit_template import EditTemplate, EditTemplateInput
from fleetfolk.devices.actions.enable_template import EnableTemplate, TemplateUseInput
from fleetfolk.devices.actions.restore_template import RestoreTemplate
from fleetfolk.devices.models import Device, Template
from fleetfolk.devices.permissions import CREATE_TEMPLATES
from fleetfolk.devices.template_parts import TemplateFacts
from fleetfolk.devices.web.template_forms import PlaceForm, TemplateForm
from fleetfolk.devices.web.template_pages import template_for
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.web.forms import DeleteForm

CHANGED = "templates:changed"
"""The event by which pages learn that a template changed."""

OFFERED = 200
BOARDS = ("ESP32", "ESP8266", "ESP32-C3", "Arduino", "Raspberry Pi", "Raspberry Pi Pico W", "STM32", "nRF52", "Linux")

_ABOUT = {
    "template_name_taken": "name",
    "template_id_taken": "public_id",
    "template_id": "public_id",
    "template_enabled": "organization",
    "stream_name_taken": "name",
    "stream_pin_taken": "pin",
    "streams_full": "pin",
    "stream_reported": "kind",
    "metadata_name_taken": "name",
    "metadata_kept": "kind",
    "event_code_taken": "code",
}


class WordForm(DeleteForm):
    """Nothing is deleted by a slip of the hand."""

    reason = None  # type: ignore[assignment]


def performed(form: forms.Form, request: ConsoleRequest, action: type[Action[Any, Any]], key: int, data: Any) -> bool:
    """Whether it was done. A refusal stands in the form, at the field that it is about."""
    try:
        perform(action, actor=request.actor, target_id=key, data=data)
    except Refused as refusal:
        about = _ABOUT.get(refusal.reason)
        form.add_error(about if about in form.fields else None, sentence_for(refusal))
        return False
    return True


def editable(action: type[Action[Any, Any]], request: ConsoleRequest, target: Any, *, key: int) -> None:
    """Returns where the viewer may do it. A POST by who may not goes to the Action, which logs it."""
    decision = None if target is None else GATE.decide(request.actor, action.permission, target)
    if decision is not None and decision.allowed:
        return
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=key, data=None)
    if decision is not None and decision.visible:
        raise Denied(decision.reason)
    raise TargetNotFound


def root_for_templates(request: ConsoleRequest, action: type[Action[Any, Any]]) -> Organization:
    """The tenant's root, where the viewer may add templates to it. Whoever may further down only is told so."""
    root = Organization.objects.get(pk=request.actor.tenant_id)
    try:
        editable(action, request, root, key=root.pk)
    except TargetNotFound as error:
        held = GATE.paths_within_reach(request.actor, CREATE_TEMPLATES)
        raise Denied("template_at_the_top" if held else "permission_missing") from error
    return root


def _template(request: ConsoleRequest, action: type[Action[Any, Any]], template_id: int) -> Template:
    """The template, where the viewer may do this to it."""
    known = Template.objects.select_related("tenant").filter(tenant_id=request.actor.tenant_id, pk=template_id)
    template = known.first()
    editable(action, request, template, key=template_id)
    return template_for(request, template_id)


@console_view
@dialog_methods
def create_template(request: ConsoleRequest) -> HttpResponse:
    """One more template."""
    root = root_for_templates(request, CreateTemplate)
    form = TemplateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = CreateTemplateInput(
            facts=form.facts(), public_id=form.cleaned_data["public_id"], everywhere=form.cleaned_data["everywhere"]
        )
        if performed(form, request, CreateTemplate, root.pk, data):
            created = Template.objects.get(tenant=root, name=data.facts.name)
            return go(request, reverse("templates:datastreams", args=[created.pk]))
    context = {"form": form, "boards": BOARDS, "action": request.path, "button": _("Add the template"), "wide": True}
    return render(request, "devices/template_edit.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def edit_template(request: ConsoleRequest, template_id: int) -> HttpResponse:
    """What the template says of itself."""
    template = _template(request, EditTemplate, template_id)
    form = TemplateForm(request.POST if request.method == "POST" else None, facts=TemplateFacts.of(template))
    if form.is_valid() and performed(form, request, EditTemplate, template_id, EditTemplateInput(facts=form.facts())):
        return _done(request, template, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
    context = {
        "form": form,
        "template": template,
        "boards": BOARDS,
        "action": request.path,
        "button": _("Save"),
        "wide": True,
    }
    return render(request, "devices/template_edit.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def archive_template(request: ConsoleRequest, template_id: int) -> HttpResponse:
    """Nothing new is made from it; GET asks."""
    template = _template(request, ArchiveTemplate, template_id)
    if request.method == "POST":
        perform(ArchiveTemplate, actor=request.actor, target_id=template_id, data=NoInput())
        undo = (reverse("templates:restore", args=[template_id]), _("Undo"))
        return _done(request, template, _("“%(name)s” is archived.") % {"name": template.name}, undo=undo)
    context = {
        "template": template,
        "count": Device.objects.filter(template=template, deleted_at=None).count(),
        "action": request.path,
        "button": _("Archive the template"),
    }
    return render(request, "devices/template_archive.html", context)


@console_view
@require_POST
def restore_template(request: ConsoleRequest, template_id: int) -> HttpResponse:
    """Devices are made from it again."""
    template = _template(request, RestoreTemplate, template_id)
    perform(RestoreTemplate, actor=request.actor, target_id=template_id, data=NoInput())
    return _done(request, template, _("“%(name)s” is back.") % {"name": template.name})


@console_view
@dialog_methods
def delete_template(request: ConsoleRequest, template_id: int) -> HttpResponse:
    """The template is gone; GET asks."""
    template = _template(request, DeleteTemplate, template_id)
    count = Device.objects.filter(template=template).count()
    form = WordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and performed(form, request, DeleteTemplate, template_id, NoInput()):
        return go(request, reverse("templates:list"))
    context = {
        "template": template,
        "form": form,
        "count": count,
        "deleted": Device.objects.filter(template=template, deleted_at__isnull=False).count(),
        "action": None if count else request.path,
        "button": _("Delete the template"),
        "danger": True,
    }
    return render(request, "devices/template_delete.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def enable_template(request: ConsoleRequest, template_id: int) -> HttpResponse:
    """One more organization may use it; ``everywhere`` means all of them."""
    template = _template(request, EnableTemplate, template_id)
    if request.method == "POST" and "everywhere" in request.POST:
        data = TemplateUseInput(organization_id=template.tenant_id)
        perform(EnableTemplate, actor=request.actor, target_id=template_id, data=data)
        return _done(request, template, _("Every organization may use “%(name)s”.") % {"name": template.name})
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        place = _organization(form, template)
        if place is not None:
            data = TemplateUseInput(organization_id=place.pk)
            if performed(form, request, EnableTemplate, template_id, data):
                said = {"organization": place.name, "name": template.name}
                return _done(request, template, _("%(organization)s may use “%(name)s”.") % said)
    below = Organization.objects.filter(tenant_id=template.tenant_id).exclude(parent=None).order_by("name")
    context = {
        "template": template,
        "form": form,
        "names": below.values_list("name", flat=True).distinct()[:OFFERED],
        "action": request.path,
        "button": _("Enable it there"),
    }
    return render(request, "devices/template_enable.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def disable_template(request: ConsoleRequest, template_id: int, organization_id: int) -> HttpResponse:
    """An organization may use it no longer; GET says what stays."""
    template = _template(request, DisableTemplate, template_id)
    place = Organization.objects.filter(tenant_id=template.tenant_id, pk=organization_id).first()
    if place is None:
        raise TargetNotFound
    if request.method == "POST":
        data = TemplateUseInput(organization_id=organization_id)
        perform(DisableTemplate, actor=request.actor, target_id=template_id, data=data)
        undo = None if place.is_tenant else (_again_url(template, place), _("Undo"))
        said = {"organization": place.name, "name": template.name}
        return _done(request, template, _("%(organization)s may not use “%(name)s” any more.") % said, undo=undo)
    context = {
        "template": template,
        "place": place,
        "count": Device.objects.filter(
            template=template, path__startswith=place.path, deleted_at=None, tenant_id=template.tenant_id
        ).count(),
        "action": request.path,
        "button": _("Disable it there"),
    }
    return render(request, "devices/template_disable.html", context)


@console_view
@require_POST
def enable_again(request: ConsoleRequest, template_id: int, organization_id: int) -> HttpResponse:
    """What was disabled a moment ago is enabled again."""
    template = _template(request, EnableTemplate, template_id)
    data = TemplateUseInput(organization_id=organization_id)
    perform(EnableTemplate, actor=request.actor, target_id=template_id, data=data)
    return _done(request, template, _("“%(name)s” is enabled again.") % {"name": template.name})


def _again_url(template: Template, place: Organization) -> str:
    return reverse("templates:enable-again", args=[template.pk, place.pk])


def _organization(form: PlaceForm, template: Template) -> Organization | None:
    """The organization that was typed; None with what is wrong in the form."""
    typed = form.cleaned_data["organization"]
    found = list(Organization.objects.filter(tenant_id=template.tenant_id, name__iexact=typed)[:2])
    if len(found) == 1:
        return found[0]
    sentence = (
        _("Several organizations are called that. Enable it for the one above them, or for each by its page.")
        if found
        else _("There is no organization of this name.")
    )
    form.add_error("organization", sentence)
    return None


def go(request: ConsoleRequest, url: str) -> HttpResponse:
    """The answer is another page, from inside a dialog, too."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=302, headers={"Location": url})


def _done(
    request: ConsoleRequest, template: Template, text: str, *, undo: tuple[str, str] | None = None
) -> HttpResponse:
    to = reverse("templates:detail", args=[template.pk])
    return done(request, toast=text, to=to, undo=undo, changed=CHANGED)
