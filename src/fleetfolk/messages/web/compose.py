"""The composer: a message is written, seen as somebody will read it, tried on oneself, and kept as a draft."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.typed import typed
from fleetfolk.devices.held import devices_held
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.delete_attachment import DeleteAttachment, DeleteAttachmentInput
from fleetfolk.messages.actions.delete_message import DeleteMessage
from fleetfolk.messages.actions.edit_message import EditMessage
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.audience import recipients_of
from fleetfolk.messages.content import MessageInput, Words
from fleetfolk.messages.files import MOST
from fleetfolk.messages.models import SUBJECT_LENGTH, Attachment, Channel, Message
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.reading import PLACEHOLDERS, read_for
from fleetfolk.messages.sent import messages_seen, templates_seen
from fleetfolk.messages.web.addressees import Addressees, counted, people_found, segments_found
from fleetfolk.messages.web.compose_form import ComposeForm, initial_of, preferred_language, words_of
from fleetfolk.messages.web.uploads import attach, attach_those_of
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.queries import user_detail

PAGE = "messages/compose.html"
DEVICES = 50
"""So many devices of somebody are offered for the button."""
REFUSED_FIELDS = {
    "message_button_label": "label",
    "message_button_url": "url",
    "message_button_device": "device",
    "message_expiry_past": "expires",
}


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def new_message(request: ConsoleRequest) -> HttpResponse:
    """A message that is not kept yet; its address may say for whom, and with which text it begins."""
    within = _organization(request)
    if request.method == "POST":
        return _posted(request, within, None)
    language = preferred_language(request.user.language)  # type: ignore[union-attr]
    initial: dict[str, Any] = {"channels": ["email"]}
    text = templates_seen(request.actor).filter(pk=_key(request.GET.get("template", ""))).first()
    if text is not None:
        language = preferred_language(text.language)
        initial |= words_of(text, language)
    addressees = Addressees.of(request.GET).spelled_out(request.actor)
    form = ComposeForm(None, language=language, devices=_devices(request, addressees), initial=initial)
    return _page(request, within, None, form, addressees)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def edit_message(request: ConsoleRequest, message_id: int) -> HttpResponse:
    """A draft. What is on its way or over has a page, and is written no more."""
    message = draft_for(request, message_id)
    if request.method == "POST":
        return _posted(request, message.organization, message)
    if not message.is_draft:
        return HttpResponseRedirect(reverse("messages:detail", args=[message.pk]))
    addressees = Addressees.kept(message)
    devices = _devices(request, addressees)
    language = preferred_language(message.language)
    form = ComposeForm(None, language=language, devices=devices, initial=initial_of(message, language))
    return _page(request, message.organization, message, form, addressees)


@console_view
@require_safe
def to_person(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The composer with this person as the one to write to."""
    person = user_detail(request.actor, user_id)
    decision = GATE.decide(request.actor, SEND_MESSAGES, person)
    if not decision.allowed:
        raise Denied(decision.reason)
    return HttpResponseRedirect(f"{reverse('messages:new')}?{urlencode({'to': person.pk})}")


@console_view
@require_safe
def find_people(request: ConsoleRequest) -> HttpResponse:
    """People, and segments of them, that the words fit: each is a button of the composer."""
    _organization(request)
    query = typed(request.GET, "find")
    context = {
        "query": query,
        "people": people_found(request.actor, query),
        "segments": segments_found(request.actor, query),
    }
    return render(request, f"{PAGE}#found", context)


@console_view
@require_POST
def remove_file(request: ConsoleRequest, message_id: int, attachment_id: int) -> HttpResponse:
    """The file does not go with the draft."""
    data = DeleteAttachmentInput(attachment_id=attachment_id)
    perform(DeleteAttachment, actor=request.actor, target_id=message_id, data=data)
    if request.htmx:
        return render(request, f"{PAGE}#files", {"message": draft_for(request, message_id), **_files(message_id)})
    return HttpResponseRedirect(reverse("messages:edit", args=[message_id]))


@console_view
@require_POST
def preview(request: ConsoleRequest) -> HttpResponse:
    """What is being written, as one of its people will read it. Nothing is kept."""
    within = _organization(request, changes=False)
    addressees = Addressees.of(request.POST)
    form = _form(request, addressees)
    form.is_valid()
    return render(request, f"{PAGE}#preview", _preview(request, within, form, addressees))


def draft_for(request: ConsoleRequest, message_id: int) -> Message:
    """The message, where the viewer may write. A POST by who may not goes to the Action, which logs it."""
    return message_to(EditMessage, request, message_id)


def message_to(action: type[Action[Message, Any]], request: ConsoleRequest, message_id: int) -> Message:
    """The message, where the viewer may do this to it. A POST by who may not goes to the Action, which logs it."""
    message = messages_seen(request.actor).filter(pk=message_id).first()
    decision = None if message is None else GATE.decide(request.actor, action.permission, message)
    if message is not None and decision is not None and decision.allowed:
        return message
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=message_id, data=None)
    if decision is not None and decision.visible:
        raise Denied(decision.reason)
    raise TargetNotFound


def go(request: ConsoleRequest, url: str) -> HttpResponse:
    """The answer is another page."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _organization(request: ConsoleRequest, *, changes: bool = True) -> Organization:
    """Where the viewer writes: at their own place. A POST that ``changes`` something by who may not is logged."""
    home = organization_now(request)
    decision = GATE.decide(request.actor, SEND_MESSAGES, home)
    if not decision.allowed:
        if changes and request.method == "POST":
            perform(CreateMessage, actor=request.actor, target_id=home.pk, data=MessageInput())
        raise Denied(decision.reason)
    return home


def _posted(request: ConsoleRequest, within: Organization, message: Message | None) -> HttpResponse:
    """What a button of the composer does: keep it, go on to sending, or change for whom it is and what it says."""
    addressees = Addressees.of(request.POST).changed(request.POST)
    form = _form(request, addressees, message)
    if {"add", "drop"} & request.POST.keys():
        return _page(request, within, message, form, addressees, unchecked=True)
    if "template" in request.POST:
        return _page(request, within, message, _begun_with(request, form, addressees), addressees, unchecked=True)
    if form.is_valid():
        key = _kept(request, within, message, form, addressees)
        if key is not None:
            return _onwards(request, key)
    return _page(request, within, message, form, addressees)


def _kept(
    request: ConsoleRequest, within: Organization, message: Message | None, form: ComposeForm, addressees: Addressees
) -> int | None:
    """The key of the draft that holds it now; None with what is refused in the form."""
    data = form.to_input(addressees.as_json())
    try:
        if message is None:
            return perform(CreateMessage, actor=request.actor, target_id=within.pk, data=data).target.pk
        perform(EditMessage, actor=request.actor, target_id=message.pk, data=data)
    except Refused as refusal:
        about = REFUSED_FIELDS.get(refusal.reason)
        form.add_error(f"label_{data.language}" if about == "label" else about, sentence_for(refusal))
        return None
    return message.pk


def _onwards(request: ConsoleRequest, key: int) -> HttpResponse:
    """The next page once the draft is kept, and its files with it: where one of them is none, the draft again."""
    edit = reverse("messages:edit", args=[key])
    wrong = attach(request.FILES.getlist("files"), actor=request.actor, message_id=key)
    for sentence in wrong:
        notes.error(request, sentence)
    if wrong:
        return go(request, edit)
    if request.POST.get("do") == "review":
        return go(request, f"{edit}?send=1" if request.htmx else reverse("messages:send", args=[key]))
    if request.POST.get("do") == "test":
        _try_on_oneself(request, key)
    else:
        notes.success(request, _("The draft is saved."))
    return go(request, edit)


def _try_on_oneself(request: ConsoleRequest, key: int) -> None:
    """The viewer gets what is written, as a message of its own."""
    message = Message.objects.get(pk=key)
    data = replace(copy_of(message), audience={"users": [request.actor.user_id]}, test=True)
    if data.subject:
        data = replace(data, subject=(_("Test: %(subject)s") % {"subject": data.subject})[:SUBJECT_LENGTH])
    test = None
    try:
        test = perform(CreateMessage, actor=request.actor, target_id=message.organization_id, data=data).target.pk
        attach_those_of(message, actor=request.actor, message_id=test)
        perform(SendMessage, actor=request.actor, target_id=test, data=SendMessageInput())
    except Refused as refusal:
        notes.error(request, sentence_for(refusal))
        if test is not None:
            perform(DeleteMessage, actor=request.actor, target_id=test, data=NoInput())
    else:
        notes.success(request, _("A test is on its way to you."))


def copy_of(message: Message) -> MessageInput:
    """The same words, button and ways, for nobody yet."""
    return MessageInput(
        subject=message.subject,
        body=message.body,
        language=message.language,
        variants={code: Words(**words) for code, words in message.variants.items()},
        button=message.action,
        channels=[Channel(way) for way, wanted in message.channels.items() if wanted],
    )


def _form(request: ConsoleRequest, addressees: Addressees, message: Message | None = None) -> ComposeForm:
    language = request.POST.get("language", "") or (message.language if message else "")
    return ComposeForm(request.POST, language=preferred_language(language), devices=_devices(request, addressees))


def _begun_with(request: ConsoleRequest, form: ComposeForm, addressees: Addressees) -> ComposeForm:
    """The form with the words of a text in the place of those typed; all else stays."""
    text = templates_seen(request.actor).filter(pk=_key(request.POST.get("template", ""))).first()
    if text is None:
        return form
    given = request.POST.copy()
    for code in form.order:
        for part in ("subject", "body"):
            given[f"{part}_{code}"] = ""
    for name, words in words_of(text, form.order[0]).items():
        given[name] = words
    given["shown"] = text.language or form.order[0]
    return ComposeForm(given, language=form.order[0], devices=_devices(request, addressees))


def _devices(request: ConsoleRequest, addressees: Addressees) -> list[tuple[int, str]]:
    """What the button can open: the devices of the one person to whom it goes, as far as the viewer sees them."""
    if len(addressees.users) != 1:
        return []
    seen = GATE.within_reach(User.objects.all(), actor=request.actor, permission=VIEW_USERS)
    person = seen.filter(pk=addressees.users[0]).first()
    held = devices_held(request.actor, person, limit=DEVICES) if person else []
    return [(one.device.id, one.device.name) for one in held]


def _page(
    request: ConsoleRequest,
    within: Organization,
    message: Message | None,
    form: ComposeForm,
    addressees: Addressees,
    *,
    unchecked: bool = False,
) -> HttpResponse:
    """The composer; ``unchecked`` shows what was typed without a word on what is wrong."""
    wrong = form.is_bound and not unchecked
    if unchecked:
        form = _unchecked(form)
    context = {
        "message": message,
        "form": form,
        "language": form.order[0],
        "addressees": addressees,
        "tokens": addressees.tokens(request.actor),
        "counted": counted(addressees, actor=request.actor, within=within, by_mail=True),
        **_files(message.pk if message else 0),
        "texts": list(templates_seen(request.actor)[:DEVICES]),
        "places": [f"{{{name}}}" for name in PLACEHOLDERS],
        "action": request.path,
        "sending": message is not None and "send" in request.GET and not form.is_bound,
        **_preview(request, within, form, addressees),
    }
    return render(request, f"{PAGE}#composer" if request.htmx else PAGE, context, status=422 if wrong else 200)


def _files(message_id: int) -> dict[str, Any]:
    return {"files": list(Attachment.objects.filter(message=message_id).order_by("pk")), "most_files": MOST}


def _unchecked(form: ComposeForm) -> ComposeForm:
    """The same form, which says of nothing that it is wrong: its person is not done yet."""
    form.full_clean()
    form.errors.clear()
    return form


def _preview(
    request: ConsoleRequest, within: Organization, form: ComposeForm, addressees: Addressees
) -> dict[str, Any]:
    """The message as one of its people will read it; as the viewer would, where it is for nobody yet."""
    people = recipients_of(addressees.as_json(), actor=request.actor, within=within).select_related("organization")
    after = _key(request.POST.get("as", ""))
    others = people.order_by("pk")
    person = others.filter(pk__gt=after).first() if "another" in request.POST else others.filter(pk=after).first()
    person = person or others.first()
    reader = person or User.objects.select_related("organization").get(pk=request.actor.user_id or 0)
    written = _written(form)
    read = read_for(written, reader)
    return {
        "read": read,
        "action_kind": written.action.get("kind", ""),
        "reader": reader,
        "reader_is_viewer": person is None,
        "more_readers": bool(addressees.users[1:]) if addressees.users else not addressees.is_empty,
        "channel": request.POST.get("channel", "inbox"),
    }


def _written(form: ComposeForm) -> Message:
    """A row that is never saved, with what the form says at the moment."""
    said = {name: form[name].value() or "" for name in form.fields}
    languages = [code for code in form.order if said[f"subject_{code}"] or said[f"body_{code}"]]
    first = languages[0] if languages else form.order[0]
    variants = {code: {part: said[f"{part}_{code}"] for part in ("subject", "body", "label")} for code in languages}
    kind = said["action"]
    action = {"kind": kind, "label": said[f"label_{first}"]} if kind else {}
    if kind == "device" and said["device"]:
        action["device"] = _key(str(said["device"]))
    return Message(
        subject=said[f"subject_{first}"], body=said[f"body_{first}"], language=first, variants=variants, action=action
    )


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0
