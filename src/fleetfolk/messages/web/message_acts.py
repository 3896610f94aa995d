"""What is done to a message: it is sent, stopped, thrown away, or written once more."""

from dataclasses import replace
from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.messages.actions.cancel_message import CancelMessage
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.delete_message import DeleteMessage
from fleetfolk.messages.actions.edit_message import EditMessage
from fleetfolk.messages.actions.send_message import SendMessage
from fleetfolk.messages.models import Channel, Message
from fleetfolk.messages.web.addressees import Addressees, Counted, counted
from fleetfolk.messages.web.compose import copy_of, go, message_to
from fleetfolk.messages.web.send_form import SendForm
from fleetfolk.messages.web.uploads import attach_those_of
from fleetfolk.users.actions.no_input import NoInput

CHANGED = "messages:changed"
"""The event by which the list learns that a message changed."""


@console_view
@dialog_methods
def send(request: ConsoleRequest, message_id: int) -> HttpResponse:
    """The message goes out; GET says to how many, by which ways, and asks when."""
    message = message_to(SendMessage, request, message_id)
    if request.method != "POST" and not message.is_draft:
        return HttpResponseRedirect(reverse("messages:detail", args=[message.pk]))
    form = SendForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            perform(SendMessage, actor=request.actor, target_id=message_id, data=form.to_input())
        except Refused as refusal:
            about = "at" if refusal.reason in ("message_time_past", "message_selection_late") else None
            form.add_error(about, sentence_for(refusal))
        else:
            later = form.cleaned_data["when"] == "later"
            notes.success(request, _("The message is scheduled.") if later else _("The message is on its way."))
            return go(request, reverse("messages:detail", args=[message_id]))
    addressees = Addressees.kept(message)
    by_mail = bool(message.channels.get(Channel.EMAIL))
    people = counted(addressees, actor=request.actor, within=message.organization, by_mail=by_mail)
    ready = bool(message.subject.strip() and message.body.strip() and people.people)
    context: dict[str, Any] = {
        "message": message,
        "form": form,
        "counted": people,
        "tokens": addressees.tokens(request.actor),
        "channels": [way.label for way in Channel if message.channels.get(way)],
        "ready": ready,
        "missing": _missing(message, addressees, people),
        "action": request.path if ready else "",
        "button": _button(people),
    }
    return render(request, "messages/send.html", context, status=422 if form.is_bound else 200)


@console_view
@require_POST
def cancel(request: ConsoleRequest, message_id: int) -> HttpResponse:
    """Nobody else gets it. Where nobody has it, it is a draft to be written on."""
    message = perform(CancelMessage, actor=request.actor, target_id=message_id, data=NoInput()).target
    if message.is_draft:
        notes.success(request, _("The message is a draft again."))
        return go(request, reverse("messages:edit", args=[message_id]))
    to = reverse("messages:detail", args=[message_id])
    return done(request, toast=_("The message is stopped. Whoever has it keeps it."), to=to, changed=CHANGED)


@console_view
@dialog_methods
def delete(request: ConsoleRequest, message_id: int) -> HttpResponse:
    """The draft is gone; GET asks."""
    message = message_to(DeleteMessage, request, message_id)
    if request.method == "POST":
        perform(DeleteMessage, actor=request.actor, target_id=message_id, data=NoInput())
        notes.success(request, _("“%(message)s” is deleted.") % {"message": message.subject or _("Without a subject")})
        return go(request, f"{reverse('messages:list')}?state=draft")
    context = {
        "message": message,
        "action": request.path,
        "button": _("Delete the draft"),
        "danger": True,
    }
    return render(request, "messages/delete.html", context)


@console_view
@require_POST
def copy(request: ConsoleRequest, message_id: int) -> HttpResponse:
    """A new draft with the same words, button and ways, for nobody yet."""
    message = message_to(EditMessage, request, message_id)
    data = copy_of(message)
    try:
        created = perform(CreateMessage, actor=request.actor, target_id=message.organization_id, data=data).target
    except Refused as refusal:
        if refusal.reason != "message_button_device":
            raise
        # Its device is gone, or no longer the viewer's to see: the words are still there to be used.
        data = replace(data, button={})
        created = perform(CreateMessage, actor=request.actor, target_id=message.organization_id, data=data).target
    attach_those_of(message, actor=request.actor, message_id=created.pk)
    return go(request, reverse("messages:edit", args=[created.pk]))


def _button(people: Counted) -> str:
    number = number_format(people.people, force_grouping=True)
    return ngettext("Send to %(number)s person", "Send to %(number)s people", people.people) % {"number": number}


def _missing(message: Message, addressees: Addressees, people: Counted) -> str:
    """What keeps it from being sent, in a sentence; empty where nothing does."""
    if addressees.is_empty:
        return _("Say whom the message is for.")
    if not message.subject.strip() or not message.body.strip():
        return _("Write a subject and a text first.")
    return "" if people.people else _("Nobody whom the message is for has an account that works.")
