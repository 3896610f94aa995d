"""One's own messages: the list, a message with its files and answers, and the link in a mail that ends the mails.

None of it is open to whoever helps: what is written to a person is theirs.
"""

from typing import Any, cast
from urllib.parse import quote

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.devices.open_pages import PATH
from fleetfolk.devices.queries import devices_in
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.messages.actions.archive_message import ArchiveMessage
from fleetfolk.messages.actions.edit_channels import EditChannels, EditChannelsInput
from fleetfolk.messages.actions.own_item import ItemInput
from fleetfolk.messages.actions.read_message import ReadMessage, ReadMessageInput
from fleetfolk.messages.actions.restore_message import RestoreMessage
from fleetfolk.messages.actions.send_reply import SendReply, SendReplyInput
from fleetfolk.messages.files import path_of
from fleetfolk.messages.inbox import MANY, has_message, inbox_of, item_of, mark_of, unread_of
from fleetfolk.messages.mails import read_mail_off
from fleetfolk.messages.models import REPLY_LENGTH, Attachment, Channel, Choice, Item, Message, MessageKind, Reply
from fleetfolk.messages.permissions import VIEW_MESSAGES
from fleetfolk.messages.reading import read_for
from fleetfolk.organizations.branding import look_of
from fleetfolk.users.models import User
from fleetfolk.users.web.actors import actor_of
from fleetfolk.users.web.context import PORTAL, shell_now
from fleetfolk.users.web.notice_parts import NoticePart
from fleetfolk.users.web.own import own_page, own_view


class ReplyForm(forms.Form):
    """An answer."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=REPLY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write an answer first.")},
    )


@own_view()
@require_safe
def message_list(request: ConsoleRequest, person: User) -> HttpResponse:
    """What one is written, newest first."""
    archived = request.GET.get("archived") == "1"
    before = request.GET.get("before", "")
    page = inbox_of(person, archived=archived, before=int(before) if before.isdecimal() and len(before) < 19 else 0)
    context = {
        "rows": [{"item": item, "read": read_for(item.message, person)} for item in page.items],
        "archived": archived,
        "next_before": page.next_before,
        "from": {"before": before} if before else {},
    }
    if request.htmx and request.htmx.target == "inbox":
        return render(request, "messages/inbox.html#rows", context)
    return own_page(request, "messages/inbox.html", context)


@own_view()
@require_safe
def message(request: ConsoleRequest, person: User, item_id: int) -> HttpResponse:
    """A message, which counts as read from now on."""
    item = item_of(person, item_id)
    by = {"email": Channel.EMAIL, "push": Channel.PUSH}.get(request.GET.get("by", ""))
    if request.method == "GET" and (item.read_at is None or by is not None):
        perform(ReadMessage, actor=request.actor, target_id=person.pk, data=ReadMessageInput(item_id=item.pk, by=by))
    return _shown(request, person, item, ReplyForm())


@own_view()
@require_POST
def reply(request: ConsoleRequest, person: User, item_id: int) -> HttpResponse:
    """The answer is with whoever wrote."""
    item = item_of(person, item_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        data = SendReplyInput(item_id=item.pk, text=form.cleaned_data["text"])
        try:
            perform(SendReply, actor=request.actor, target_id=person.pk, data=data)
        except Refused as error:
            form.add_error("text", sentence_for(error))
        else:
            return done(request, toast=_("Your answer is sent."), to=_address(item))
    return _shown(request, person, item, form, status=422)


@own_view()
@require_POST
def archive(request: ConsoleRequest, person: User, item_id: int) -> HttpResponse:
    """The message is among the archived ones; the toast takes it back."""
    perform(ArchiveMessage, actor=request.actor, target_id=person.pk, data=ItemInput(item_id=item_id))
    return done(
        request,
        toast=_("The message is archived."),
        to=reverse("inbox:list"),
        undo=(reverse("inbox:restore", args=[item_id]), _("Undo")),
        changed="inbox:changed",
    )


@own_view()
@require_POST
def restore(request: ConsoleRequest, person: User, item_id: int) -> HttpResponse:
    """The message is in the inbox again."""
    perform(RestoreMessage, actor=request.actor, target_id=person.pk, data=ItemInput(item_id=item_id))
    return done(request, toast=_("The message is in your inbox."), to=reverse("inbox:list"), changed="inbox:changed")


@own_view()
@require_safe
def count(request: ConsoleRequest, person: User) -> HttpResponse:
    """How many messages wait, as it stands beside the word."""
    return HttpResponse(count_note(request))


@own_view()
@require_POST
def channels(request: ConsoleRequest, person: User) -> HttpResponse:
    """By which ways one gets messages beside the inbox."""
    data = EditChannelsInput(email="email" in request.POST, push="push" in request.POST)
    perform(EditChannels, actor=request.actor, target_id=person.pk, data=data)
    return done(request, toast=_("Your choice is saved."), to=reverse("notices:own"))


def channels_context(request: ConsoleRequest, person: User) -> dict[str, Any]:
    """What the card of the page of notifications shows."""
    choice = Choice.objects.filter(user=person).first()
    return {"email": choice is None or choice.email, "push": choice is None or choice.push}


CHANNELS = NoticePart(position=10, template="messages/channels.html", context=channels_context)


@console_view
@require_safe
def attachment(request: ConsoleRequest, attachment_id: int) -> FileResponse:
    """A file of a message, for whoever has the message or may see what was sent. Nothing in it is ever run."""
    if request.actor.assisted_by is not None:
        raise TargetNotFound("message_not_yours")
    found = Attachment.objects.filter(pk=attachment_id, tenant_id=request.actor.tenant_id).first()
    if found is None or not _may_read(request, found):
        raise TargetNotFound("message_not_yours")
    try:
        answer = FileResponse(path_of(found.file).open("rb"), content_type=found.media_type)
    except FileNotFoundError as error:
        raise Http404 from error
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    answer["Content-Length"] = str(found.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_not_required
@csrf_exempt  # Mail programs send this without any cookie (RFC 8058): the signed token stands for the person.
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """No more messages by mail. Looking changes nothing: programs open links before people do."""
    key = read_mail_off(token)
    person = None if key is None else User.objects.filter(pk=key, is_active=True).first()
    if person is None:
        return render(request, "messages/mail_off_over.html", status=410)
    if request.method == "POST":
        data = EditChannelsInput(email=False)
        perform(EditChannels, actor=actor_of(person, request), target_id=person.pk, data=data)
    context = {"done": request.method == "POST", "look": look_of(person.organization_id)}
    answer = render(request, "messages/mail_off.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def count_note(request: HttpRequest) -> SafeString:
    """The number of unread messages beside the word of their place. It asks anew when it hears of a change."""
    person = cast("User", request.user)
    number = unread_of(person.pk)
    context = {
        "number": number,
        "many": number > MANY,
        "most": MANY,
        "live": f"/{PATH}?inbox=1",
        "mark": mark_of(person.pk),
    }
    return mark_safe(render_to_string("messages/count.html", context).strip())  # noqa: S308 - drawn by a template


def _shown(request: ConsoleRequest, person: User, item: Item, form: ReplyForm, *, status: int = 200) -> HttpResponse:
    letter = item.message
    read = read_for(letter, person)
    context = {
        "item": item,
        "letter": letter,
        "read": read,
        "from_outside": letter.kind == MessageKind.PUSHMAIL,
        "files": letter.attachments.order_by("pk"),
        "button": _button(request, person, letter, read.label),
        "replies": Reply.objects.filter(message=letter, user=person).order_by("pk"),
        "form": form,
    }
    return render(request, "messages/own_message.html", context, status=status)


def _button(request: ConsoleRequest, person: User, letter: Message, label: str) -> dict[str, Any] | None:
    """The button below the text; none to a device that the person does not see any more."""
    kind = letter.action.get("kind")
    if kind == "link":
        return {"label": label, "url": letter.action["url"], "outside": True}
    if kind == "reply":
        return {"label": _("Answer"), "url": "#answer", "outside": False}
    if kind == "device" and devices_in(request.actor).filter(pk=letter.action["device"]).exists():
        page = "mydevices:detail" if shell_now(request) == PORTAL else "devices:detail"
        return {"label": label, "url": reverse(page, args=[letter.action["device"]]), "outside": False}
    return None


def _may_read(request: ConsoleRequest, found: Attachment) -> bool:
    if has_message(request.actor.user_id or 0, found.message_id):
        return True
    seen = GATE.within_reach(Message.objects.all(), actor=request.actor, permission=VIEW_MESSAGES)
    return seen.filter(pk=found.message_id).exists()


def _address(item: Item) -> str:
    return reverse("inbox:message", args=[item.pk])
