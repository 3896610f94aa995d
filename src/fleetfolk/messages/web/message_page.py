"""One message that is out, or will be: what it says, how it fared by each way and with each person."""

from typing import Any, Final

from allauth.core.internal import ratelimit
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.console.csv_export import CONTENT_TYPE, csv_lines
from fleetfolk.console.downloads import download_from
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.models import Channel, DeliveryState, MessageState
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.reading import preview_of
from fleetfolk.messages.sent import WHICH, Fared, Recipient, Which, every_recipient, fared, message_seen, recipients
from fleetfolk.messages.web.addressees import said_of
from fleetfolk.messages.web.message_list import STATUS
from fleetfolk.users.actions.export_list import ExportList, ExportListInput

PAGE: Final = "messages/message.html"
SIZE: Final = 25
SHAPES: Final[dict[str, str]] = {
    DeliveryState.QUEUED: "waiting",
    DeliveryState.SENT: "done",
    DeliveryState.OPENED: "active",
    DeliveryState.FAILED: "denied",
    DeliveryState.BOUNCED: "denied",
    DeliveryState.CAPPED: "refused",
    DeliveryState.UNSUBSCRIBED: "refused",
}
"""The shape that stands for how it fared on one way."""
ICONS: Final = {Channel.EMAIL: "mail", Channel.PUSH: "bell"}
DOWNLOADS: Final = {"message_export": "10/10m/user"}


@console_view
@require_safe
def message_page(request: ConsoleRequest, message_id: int) -> HttpResponse:
    """The message; through htmx its people alone. ``which`` chooses of them, ``after`` goes on behind that key."""
    message = message_seen(request.actor, message_id)
    may_send = GATE.decide(request.actor, SEND_MESSAGES, message).allowed
    if message.is_draft and may_send:
        return HttpResponseRedirect(reverse("messages:edit", args=[message.pk]))
    which = _which(request)
    after = _key(request.GET.get("after", ""))
    found, more = recipients(request.actor, message, which=which, after=after, size=SIZE)
    here = reverse("messages:detail", args=[message.pk])
    how = fared(message)
    context: dict[str, Any] = {
        "message": message,
        "status": STATUS[message.state],
        "to": said_of([message], request.actor).get(message.pk, ""),
        "fared": how,
        "inbox": {"people": how.people, "read": how.read},
        "ways": [
            {"way": way, "label": Channel(way.channel).label, "icon": ICONS[Channel(way.channel)]} for way in how.ways
        ],
        "people": [_row(one) for one in found],
        "which": which,
        "tabs": [
            (code, label, here if code == "everybody" else f"{here}?which={code}", n) for code, label, n in _tabs(how)
        ],
        "here": request.get_full_path(),
        "first_url": f"{here}?which={which}" if after else None,
        "next_url": f"{here}?which={which}&after={found[-1].user_id}" if more else None,
        "read": preview_of(message, message.language, {}),
        "button": message.action,
        "may_send": may_send,
        "may_remind": may_send and message.state == MessageState.SENT and how.read < how.people,
        "going": message.state in (MessageState.SCHEDULED, MessageState.SENDING),
        "moving": message.state == MessageState.SENDING,
    }
    return render(request, f"{PAGE}#people" if request.htmx.target == "people" else PAGE, context)


@console_view
@download_from("messages:detail")
@require_safe
def people_file(request: ConsoleRequest, message_id: int) -> HttpResponseBase:
    """Those who got it and whom the viewer may see, with how it fared, as a CSV file that streams.

    That it was taken is in the log.
    """
    message = message_seen(request.actor, message_id)
    if not ratelimit.consume(request, app="fleetfolk", action="message_export", config=DOWNLOADS, limit_get=True):
        return ratelimit.respond_429(request)
    which = _which(request)
    data = ExportListInput(
        filters=f"message={message.pk}&which={which}", columns="name, email", chosen=message.recipients
    )
    perform(ExportList, actor=request.actor, target_id=message.organization_id, data=data)
    people = every_recipient(request.actor, message, which=which)
    header = ("name", "email", "read_at", *(f"{way}{part}" for way in Channel.values for part in ("", "_why")), "reply")
    answer = StreamingHttpResponse(csv_lines(header, (_line(one) for one in people)), content_type=CONTENT_TYPE)
    name = slugify(message.subject)[:60] or "message"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{message.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def ways_of(deliveries: Any) -> list[dict[str, Any]]:
    """How a message fared by each way with one person, for the template."""
    return [
        {
            "icon": ICONS[channel],
            "label": channel.label,
            "shape": SHAPES[one.state],
            "word": one.get_state_display(),
            "why": one.why,
            "at": one.at,
        }
        for channel in Channel
        if (one := deliveries.get(channel))
    ]


def _row(one: Recipient) -> dict[str, Any]:
    return {"person": one, "ways": ways_of(one.deliveries), "reply": one.reply}


def _line(one: Recipient) -> list[Any]:
    ways = [one.deliveries.get(way) for way in Channel.values]
    said = [text for way in ways for text in ((way.state, way.why) if way else ("", ""))]
    return [one.name, one.email, one.read_at, *said, one.reply.text if one.reply else ""]


def _which(request: ConsoleRequest) -> Which:
    asked = request.GET.get("which", "")
    return next((one for one in WHICH if one == asked), "everybody")


def _tabs(how: Fared) -> list[tuple[str, str, int]]:
    return [
        ("everybody", _("Everybody"), how.people),
        ("read", _("Read"), how.read),
        ("unread", _("Not read"), how.people - how.read),
        ("replied", _("Answered"), how.replied),
        ("failed", _("Failed"), sum(way.failed for way in how.ways)),
    ]


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0
