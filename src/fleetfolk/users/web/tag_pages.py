"""The tags of one's own organization, or of one below: created, renamed, coloured and deleted."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions import (
    CreateTag,
    CreateTagInput,
    DeleteTag,
    DeleteTagInput,
    EditTag,
    EditTagInput,
    RestoreTag,
    RestoreTagInput,
)
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.organizations.models_tags import DeletedTag
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS
from fleetfolk.organizations.queries import upwards
from fleetfolk.organizations.tag_names import LONGEST
from fleetfolk.organizations.tag_uses import uses_of
from fleetfolk.users.importing.names import clean_name
from fleetfolk.users.importing.problems import UnfitValue
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.web.settings_pages import address_of, frame_of, home_of

CHANGED: Final = "tags:changed"
COLOURS: Final = (
    (1, gettext_lazy("Blue")),
    (2, gettext_lazy("Orange")),
    (3, gettext_lazy("Green")),
    (4, gettext_lazy("Pink")),
    (5, gettext_lazy("Violet")),
    (6, gettext_lazy("Teal")),
)
_SEES_DEVICES: Final = "devices.view"


class TagForm(StillAsShown):
    """What a tag is called, and its colour."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the tag a name.")},
    )
    colour = forms.TypedChoiceField(
        label=gettext_lazy("Colour"), choices=COLOURS, coerce=int, initial=1, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, tag: Tag | None = None) -> None:
        super().__init__(data)
        if tag is not None:
            self.edits, self.initial = True, {"name": tag.name, "colour": tag.colour}

    def clean_name(self) -> str:
        """The name in one line, without what cannot be seen."""
        try:
            return clean_name(self.cleaned_data["name"], limit=LONGEST)
        except UnfitValue as error:
            raise ValidationError(error.sentence) from error


@console_view
@require_safe
def tags(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """The tags that people and devices of an organization can carry: its own, and those of the organizations above."""
    home = home_of(request, organization_id, permission=EDIT_ORGANIZATIONS)
    held = {code for grant in grants_of(request.actor) for code in grant.permissions}
    found = list(
        Tag.objects.select_related("organization")
        .filter(tenant_id=home.tenant_id, organization__in=upwards(home))
        .order_by(Case(When(organization=home.pk, then=Value(0)), default=Value(1)), F("organization__path"), "name")
    )
    uses = uses_of([tag.pk for tag in found if tag.organization_id == home.pk])
    context = {
        "tags": [
            {
                "tag": tag,
                "own": tag.organization_id == home.pk,
                "uses": uses.get(tag.pk, {}),
                "used": _is_used(uses, tag),
            }
            for tag in found
        ],
        "sees_people": VIEW_USERS.code in held,
        "sees_devices": _SEES_DEVICES in held,
        "deleted": DeletedTag.objects.filter(tenant_id=home.tenant_id, organization=home).order_by(
            "-deleted_at", "-pk"
        ),
        "new_url": address_of(request, home, "settings:create-tag"),
        **frame_of(request, home, "tags"),
    }
    return render(request, "users/tags.html", context)


@console_view
@dialog_methods
def create_tag(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """One more tag."""
    home = home_of(request, organization_id, action=CreateTag, permission=EDIT_ORGANIZATIONS)
    form = TagForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _performed(form, request, CreateTag, home.pk, CreateTagInput(**form.cleaned_data)):
        return _done(request, home, _("The tag “%(name)s” is there."), form.cleaned_data["name"])
    context = {"form": form, "action": request.path, "button": _("Create the tag")}
    return render(request, "users/tag.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def edit_tag(request: ConsoleRequest, tag_id: int) -> HttpResponse:
    """Another name or colour."""
    tag = _tag_for(EditTag, request, tag_id)
    form = TagForm(request.POST if request.method == "POST" else None, tag=tag)
    if form.is_valid() and _performed(form, request, EditTag, tag_id, EditTagInput(**form.cleaned_data)):
        return _done(request, tag.organization, _("The tag “%(name)s” is saved."), form.cleaned_data["name"])
    context = {"form": form, "tag": tag, "action": request.path, "button": _("Save")}
    return render(request, "users/tag.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def delete_tag(request: ConsoleRequest, tag_id: int) -> HttpResponse:
    """The tag is gone. One that is in use is asked about first; both come again by Undo."""
    tag = _tag_for(DeleteTag, request, tag_id)
    uses = uses_of([tag_id])
    if request.method == "POST" and ("sure" in request.POST or not _is_used(uses, tag)):
        perform(DeleteTag, actor=request.actor, target_id=tag_id, data=DeleteTagInput())
        undo = (reverse("settings:restore-tag", args=[tag_id]), _("Undo"))
        return _done(request, tag.organization, _("The tag “%(name)s” is deleted."), tag.name, undo=undo)
    context = {"tag": tag, "uses": uses[tag_id], "action": request.path, "button": _("Delete the tag"), "danger": True}
    return render(request, "users/tag_delete.html", context)


@console_view
@require_POST
def restore_tag(request: ConsoleRequest, tag_id: int) -> HttpResponse:
    """The tag is there again, on all that carried it."""
    outcome = perform(RestoreTag, actor=request.actor, target_id=tag_id, data=RestoreTagInput())
    tag = outcome.target
    return _done(request, tag.organization, _("The tag “%(name)s” is restored."), tag.name)


def _is_used(uses: dict[int, dict[str, int]], tag: Tag) -> bool:
    return any(uses.get(tag.pk, {}).values())


def _tag_for(action: type[Action[Any, Any]], request: ConsoleRequest, tag_id: int) -> Tag:
    """The tag, where the viewer may do this to it. A POST by who may not goes to the Action, which logs it."""
    known = Tag.objects.select_related("organization").filter(tenant_id=request.actor.tenant_id)
    tag = known.filter(pk=tag_id).first()
    decision = None if tag is None else GATE.decide(request.actor, action.permission, tag)
    if tag is not None and decision is not None and decision.allowed:
        return tag
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=tag_id, data=None)
    if decision is not None and decision.visible:
        raise Denied(decision.reason)
    raise TargetNotFound


def _performed(form: TagForm, request: ConsoleRequest, action: type[Action[Any, Any]], key: int, data: Any) -> bool:
    """Whether it was done. A refusal stands in the form."""
    try:
        perform(action, actor=request.actor, target_id=key, data=data)
    except Refused as refusal:
        form.add_error("name" if refusal.reason == "tag_name_taken" else None, sentence_for(refusal))
        return False
    return True


def _done(
    request: ConsoleRequest, home: Organization, text: str, name: str, *, undo: tuple[str, str] | None = None
) -> HttpResponse:
    to = address_of(request, home, "settings:tags")
    return done(request, toast=text % {"name": name}, to=to, changed=CHANGED, undo=undo)
