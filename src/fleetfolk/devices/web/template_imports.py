"""Bringing a template from a file: what it says, what is wrong with it by path, and then the template."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.devices.actions.import_template import ImportTemplate, ImportTemplateInput
from fleetfolk.devices.fitting import tidy
from fleetfolk.devices.models import Level, MetadataKind, StreamKind, Template
from fleetfolk.devices.template_files import (
    LARGEST_FILE,
    FileError,
    TemplateFile,
    UnreadableTemplate,
    file_of,
    read,
    written,
)
from fleetfolk.devices.template_parts import TemplateFacts
from fleetfolk.devices.web.template_dialogs import go, performed, root_for_templates
from fleetfolk.devices.web.template_pages import template_for
from fleetfolk.organizations.models import Organization


class SourceForm(forms.Form):
    """A file, or its text."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        error_messages={"empty": gettext_lazy("The file is empty. Choose one that was exported from a template.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off", "class": "ff-json"}),
    )

    def clean(self) -> dict[str, Any]:
        """Either of the two."""
        if not self.errors and not self.cleaned_data["file"] and not self.cleaned_data["text"].strip():
            self.add_error("file", _("Choose a file, or paste its text."))
        return self.cleaned_data

    @property
    def source(self) -> str | bytes:
        """What was given, as it came."""
        file = self.cleaned_data["file"]
        return file.read(LARGEST_FILE + 1) if file else str(self.cleaned_data["text"])


class ConfirmForm(forms.Form):
    """The name that the template gets, and who may use it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    everywhere = forms.BooleanField(
        label=gettext_lazy("Every organization may use it"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Otherwise only your own, until you enable it for others."),
    )


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def import_template(request: ConsoleRequest) -> HttpResponse:
    """Asks for a file, shows what it says, and imports it. ``like`` begins with a template that is there."""
    root = root_for_templates(request, ImportTemplate)
    if request.method != "POST":
        return _begin(request)
    if "import" in request.POST:
        return _import(request, root)
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _source(request, form, status=422)
    try:
        file = read(form.source)
    except UnreadableTemplate as refusal:
        return _source(request, form, errors=refusal.errors, status=422)
    return _preview(request, file, ConfirmForm())


def _begin(request: ConsoleRequest) -> HttpResponse:
    like = request.GET.get("like", "")
    if like.isascii() and like.isdigit() and len(like) < 19:
        return _preview(request, _copy(file_of(template_for(request, int(like)))), ConfirmForm())
    return _source(request, SourceForm())


def _import(request: ConsoleRequest, root: Organization) -> HttpResponse:
    """What was previewed, read again, becomes a template."""
    try:
        file = read(request.POST.get("source", ""))
    except UnreadableTemplate as refusal:
        return _source(request, SourceForm(), errors=refusal.errors, status=422)
    confirm = ConfirmForm(request.POST)
    if confirm.is_valid():
        facts = replace(file.facts, name=tidy(confirm.cleaned_data["name"]))
        public_id = "" if _taken(root.pk, file.public_id) else file.public_id
        data = ImportTemplateInput(
            file=replace(file, facts=facts, public_id=public_id), everywhere=confirm.cleaned_data["everywhere"]
        )
        if performed(confirm, request, ImportTemplate, root.pk, data):
            created = Template.objects.get(tenant=root, name=facts.name)
            return go(request, reverse("templates:detail", args=[created.pk]))
    return _preview(request, file, confirm, status=422)


def _source(
    request: ConsoleRequest, form: SourceForm, *, errors: tuple[FileError, ...] = (), status: int = 200
) -> HttpResponse:
    context = {"form": form, "errors": errors, "limit": LARGEST_FILE}
    return render(request, "devices/template_import.html", context, status=status)


def _preview(request: ConsoleRequest, file: TemplateFile, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
    if not form.is_bound:
        form.initial["name"] = file.facts.name
    context = {
        "form": form,
        "file": file,
        "source": written(file),
        "taken": _taken(request.actor.tenant_id, file.public_id),
        "streams": [(stream, StreamKind(stream.kind).label) for stream in file.datastreams],
        "fields": [(field, MetadataKind(field.kind).label) for field in file.metadata],
        "events": [(event, Level(event.level).label) for event in file.events],
    }
    return render(request, "devices/template_preview.html", context, status=status)


def _taken(tenant_id: int, public_id: str) -> bool:
    return bool(public_id) and Template.objects.filter(tenant_id=tenant_id, public_id=public_id).exists()


def _copy(file: TemplateFile) -> TemplateFile:
    """The file of a second template like this one."""
    name = _("%(name)s (copy)") % {"name": file.facts.name[:50]}
    facts: TemplateFacts = replace(file.facts, name=name)
    return replace(file, facts=facts, public_id="")
