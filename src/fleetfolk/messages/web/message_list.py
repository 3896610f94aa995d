"""The console's Messages page: what was sent, what waits for its time, and what is still being written."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Func, QuerySet, TextField
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.kernel.errors import Denied
from fleetfolk.messages.models import Message, MessageState
from fleetfolk.messages.permissions import SEND_MESSAGES, VIEW_MESSAGES
from fleetfolk.messages.sent import Figures, figures_of, messages_seen
from fleetfolk.messages.web.addressees import said_of

SIZE: Final = 25
LIST: Final = "messages/message_list.html"
COUNT_CAP: Final = 1_000
STATES: Final = {
    "sent": (MessageState.SENT, MessageState.SENDING, MessageState.CANCELLED, MessageState.FAILED),
    "scheduled": (MessageState.SCHEDULED,),
    "draft": (MessageState.DRAFT,),
}
STATUS: Final[dict[str, str]] = {
    MessageState.DRAFT: "pending",
    MessageState.SCHEDULED: "waiting",
    MessageState.SENDING: "running",
    MessageState.SENT: "done",
    MessageState.CANCELLED: "cancelled",
    MessageState.FAILED: "failed",
}
"""The shape that stands for a state."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A message in the list: for whom it is, and how it fared."""

    message: Message
    to: str
    status: str
    url: str
    figures: Figures


@console_view
@require_safe
def message_list(request: ConsoleRequest) -> HttpResponse:
    """One page of messages, newest first; ``state`` chooses which, ``q`` searches their subjects."""
    grants = grants_of(request.actor)
    if not GATE.paths_within_reach(request.actor, VIEW_MESSAGES, grants):
        raise Denied("permission_missing")
    may_send = bool(GATE.paths_within_reach(request.actor, SEND_MESSAGES, grants))
    state = request.GET.get("state", "")
    state = state if state in STATES else "sent"
    query = typed(request.GET)
    seen = messages_seen(request.actor, grants=grants)
    found = _searched(seen.filter(state__in=STATES[state]), query)
    page, newer, older = _page(
        found, after=_key(request.GET.get("after", "")), before=_key(request.GET.get("before", ""))
    )
    total = found.order_by()[: COUNT_CAP + 1].count()
    shown = number_format(min(total, COUNT_CAP), force_grouping=True) + ("+" if total > COUNT_CAP else "")
    said = {"state": "" if state == "sent" else state, "q": query}
    to, figures = said_of(page, request.actor), figures_of([one.pk for one in page])
    context: dict[str, Any] = {
        "rows": [
            Row(
                message=one,
                to=to.get(one.pk, ""),
                status=STATUS[one.state],
                url=_url_of(one, may_send=may_send),
                figures=figures.get(one.pk, Figures()),
            )
            for one in page
        ],
        "state": state,
        "query": query,
        "tabs": [
            (code, label, _url({"state": "" if code == "sent" else code, "q": query})) for code, label in _labels()
        ],
        "total": shown,
        "matches": ngettext("%(number)s message", "%(number)s messages", total) % {"number": shown},
        "previous_url": _url(said, after=str(newer)) if newer else None,
        "next_url": _url(said, before=str(older)) if older else None,
        "drop_url": _url({"state": said["state"]}),
        "any": bool(page) or seen.exists(),
        "may_send": may_send,
    }
    return render(request, f"{LIST}#messages" if request.htmx.target == "messages" else LIST, context)


class _Folded(Func):
    """What a search compares: the subject in every language, folded."""

    template = "(' ' || fold(concat_ws(' ', %(expressions)s)))"
    output_field = TextField()


def _searched(messages: QuerySet[Message], query: str) -> QuerySet[Message]:
    found = messages.alias(folded=_Folded("subject", "created_by_label"))
    for word in words_of(query):
        found = found.filter(folded__contains=word)
    return found


def _page(messages: QuerySet[Message], *, after: int, before: int) -> tuple[list[Message], int, int]:
    """A page, newest first, with the keys by which the newer and the older pages are asked for; 0: there is none."""
    if after:
        rows = list(messages.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
        more_newer, more_older = len(rows) > SIZE, True
        rows = rows[:SIZE][::-1]
    else:
        rows = list((messages.filter(pk__lt=before) if before else messages).order_by("-pk")[: SIZE + 1])
        more_newer, more_older = bool(before), len(rows) > SIZE
        rows = rows[:SIZE]
    if not rows:
        return [], 0, 0
    return rows, rows[0].pk if more_newer else 0, rows[-1].pk if more_older else 0


def _url_of(message: Message, *, may_send: bool) -> str:
    name = "messages:edit" if message.is_draft and may_send else "messages:detail"
    return reverse(name, args=[message.pk])


def _url(said: dict[str, str], **more: str) -> str:
    asked = urlencode({key: value for key, value in {**said, **more}.items() if value})
    return reverse("messages:list") + (f"?{asked}" if asked else "")


def _labels() -> list[tuple[str, str]]:
    return [("sent", _("Sent")), ("scheduled", _("Scheduled")), ("draft", _("Drafts"))]


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0
