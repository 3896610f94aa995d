"""Messages on the pages of people: what somebody got and answered, and the way to write to them."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from fleetfolk.access.gate import GATE
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.actor import Actor
from fleetfolk.messages.actions.send_message import SendMessage
from fleetfolk.messages.models import Message, MessageKind
from fleetfolk.messages.permissions import SEND_MESSAGES, VIEW_MESSAGES
from fleetfolk.messages.reading import as_lines, read_for
from fleetfolk.messages.sent import messages_seen, received_by, received_count
from fleetfolk.messages.web.message_page import ways_of
from fleetfolk.users.models import User
from fleetfolk.users.web.act import ACTIVE, Act
from fleetfolk.users.web.profile_tabs import Tab, register_tab

TAB: Final = "messages/person_messages.html"
SIZE: Final = 25


def tab(request: ConsoleRequest, person: User) -> HttpResponse:
    """Everything that the person got, latest first, with how it fared by each way and what they answered."""
    before = request.GET.get("before", "")
    found, more = received_by(person, before=int(before) if _is_key(before) else 0, size=SIZE)
    seen = _seen(request.actor, [one.message for one in found])
    context: dict[str, Any] = {
        "person": person,
        "rows": [
            {
                "got": one,
                "read": read_for(one.message, person),
                "ways": ways_of(one.deliveries),
                "answers": [{"at": reply.at, "text": as_lines(reply.text)} for reply in one.replies],
                "from_outside": one.message.kind == MessageKind.PUSHMAIL,
                "opens": one.message.pk in seen,
            }
            for one in found
        ],
        "newest_url": request.path if before else "",
        "older_url": f"{request.path}?before={found[-1].item.pk}" if more else "",
        "may_send": person.is_active and GATE.decide(request.actor, SEND_MESSAGES, person).allowed,
    }
    return render(request, TAB, context)


def _seen(actor: Actor, messages: list[Message]) -> set[int]:
    """Those of the messages whose own page the actor may open: one that came from further up has none for them."""
    keys = [one.pk for one in messages]
    return set(messages_seen(actor).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _is_key(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 19


WRITE: Final = Act(
    action=SendMessage,
    label=gettext_lazy("New private message"),
    icon="message",
    url="messages:to-person",
    method="get",
    states=ACTIVE,
    group=1,
    beside=True,
)

register_tab(
    Tab(
        slug="messages",
        label=gettext_lazy("Messages"),
        icon="message",
        position=45,
        render=tab,
        needs=VIEW_MESSAGES,
        count=lambda _actor, person: received_count(person) or None,
    )
)
