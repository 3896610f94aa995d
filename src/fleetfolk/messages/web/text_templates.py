"""Texts that messages begin with: the list, and one of them being written."""

from typing import Any, Final, cast

from django import forms
from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.messages.actions.create_template import NAME_LENGTH, CreateTemplate, TemplateInput
from fleetfolk.messages.actions.delete_template import DeleteTemplate
from fleetfolk.messages.actions.edit_template import EditTemplate
from fleetfolk.messages.models import MessageTemplate
from fleetfolk.messages.permissions import EDIT_MESSAGE_TEMPLATES, SEND_MESSAGES, VIEW_MESSAGES
from fleetfolk.messages.reading import PLACEHOLDERS
from fleetfolk.messages.sent import templates_seen
from fleetfolk.messages.web.compose import go
from fleetfolk.messages.web.compose_form import WordsForm, preferred_language, words_of
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

LIST: Final = "messages/template_list.html"
PAGE: Final = "messages/template.html"
MOST: Final = 500
"""So many are listed; an organization with more texts than that would find none of them."""


class TemplateForm(StillAsShown, WordsForm):
    """A text with its name."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, labelled=False, **given)
        self.edits = "initial" in given

    def to_input(self) -> TemplateInput:
        """What the Actions take."""
        first, words, others = self.words()
        return TemplateInput(
            name=self.cleaned_data["name"],
            subject=words.subject,
            body=words.body,
            language=first,
            variants=others,
        )


@console_view
@require_safe
def template_list(request: ConsoleRequest) -> HttpResponse:
    """The texts of the places where the viewer may see messages, by name."""
    grants = grants_of(request.actor)
    if not GATE.paths_within_reach(request.actor, VIEW_MESSAGES, grants):
        raise Denied("permission_missing")
    texts = list(templates_seen(request.actor, grants=grants)[:MOST])
    context = {
        "rows": [
            {"text": one, "may_edit": GATE.decide(request.actor, EDIT_MESSAGE_TEMPLATES, one, grants).allowed}
            for one in texts
        ],
        "may_send": bool(GATE.paths_within_reach(request.actor, SEND_MESSAGES, grants)),
        "may_create": bool(GATE.paths_within_reach(request.actor, EDIT_MESSAGE_TEMPLATES, grants)),
    }
    return render(request, LIST, context)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def create_template(request: ConsoleRequest) -> HttpResponse:
    """One more text, at the viewer's own place."""
    person = cast("User", request.user)
    home = Organization.objects.get(pk=person.organization_id)
    _require(request, CreateTemplate, home, key=home.pk, known=True)
    posted = request.POST if request.method == "POST" else None
    form = TemplateForm(posted, language=preferred_language(request.POST.get("language", "") or person.language))
    if form.is_valid() and _done(request, form, CreateTemplate, home.pk):
        return go(request, reverse("messages:templates"))
    return _page(request, form, None)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def edit_template(request: ConsoleRequest, template_id: int) -> HttpResponse:
    """A text; messages that began with it stay as they are."""
    text = _template(request, EditTemplate, template_id)
    posted = request.POST if request.method == "POST" else None
    language = preferred_language(text.language)
    form = TemplateForm(posted, language=language, initial={"name": text.name, **words_of(text, language)})
    if form.is_valid() and _done(request, form, EditTemplate, template_id):
        return go(request, reverse("messages:templates"))
    return _page(request, form, text)


@console_view
@dialog_methods
def delete_template(request: ConsoleRequest, template_id: int) -> HttpResponse:
    """The text is gone; GET asks."""
    text = _template(request, DeleteTemplate, template_id)
    if request.method == "POST":
        perform(DeleteTemplate, actor=request.actor, target_id=template_id, data=NoInput())
        notes.success(request, _("“%(name)s” is deleted.") % {"name": text.name})
        return go(request, reverse("messages:templates"))
    context = {"text": text, "action": request.path, "button": _("Delete the template"), "danger": True}
    return render(request, "messages/template_delete.html", context)


def _done(request: ConsoleRequest, form: TemplateForm, action: type[Action[Any, TemplateInput]], key: int) -> bool:
    """Whether it was done. A refusal stands in the form."""
    try:
        perform(action, actor=request.actor, target_id=key, data=form.to_input())
    except Refused as refusal:
        named = refusal.reason in ("message_template_name", "message_template_taken")
        form.add_error("name" if named else None, sentence_for(refusal))
        return False
    notes.success(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
    return True


def _page(request: ConsoleRequest, form: TemplateForm, text: MessageTemplate | None) -> HttpResponse:
    context = {
        "form": form,
        "text": text,
        "language": form.order[0],
        "places": [f"{{{name}}}" for name in PLACEHOLDERS],
        "action": request.path,
    }
    return render(request, PAGE, context, status=422 if form.is_bound else 200)


def _template(request: ConsoleRequest, action: type[Action[MessageTemplate, Any]], template_id: int) -> MessageTemplate:
    """The text, where the viewer may do this to it."""
    text = templates_seen(request.actor).filter(pk=template_id).first()
    _require(request, action, text, key=template_id)
    if text is None:
        raise TargetNotFound
    return text


def _require(
    request: ConsoleRequest, action: type[Action[Any, Any]], target: Any, *, key: int, known: bool = False
) -> None:
    """Returns where the viewer may do it. A POST by who may not goes to the Action, which logs it.

    What is ``known`` to everybody who asks (their own organization) is refused to them, not missing.
    """
    decision = None if target is None else GATE.decide(request.actor, action.permission, target)
    if decision is not None and decision.allowed:
        return
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=key, data=None)
    if decision is not None and (known or decision.visible):
        raise Denied(decision.reason)
    raise TargetNotFound
