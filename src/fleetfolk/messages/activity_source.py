"""Messages as a source of a person's stream: what was sent to them. That they read or answered is in the log."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.actor import Actor
from fleetfolk.messages.models import Item, Message
from fleetfolk.messages.permissions import VIEW_MESSAGES
from fleetfolk.users import activity
from fleetfolk.users.activity import Happening
from fleetfolk.users.activity_rows import RowSource
from fleetfolk.users.models import User

SOURCE: Final = "message"


class MessageSource(RowSource[Item]):
    """The person's own, for themselves; for others those that they may see. Nothing for whoever helps."""

    kind: ClassVar[str] = SOURCE
    kinds: ClassVar[Mapping[str, StrPromise]] = {SOURCE: gettext_lazy("Messages")}
    joined = ("message",)

    def rows(
        self, actor: Actor, person: User, *, since: dt.datetime, until: dt.datetime, typed: str
    ) -> QuerySet[Item, Any]:
        """As far as the actor may look."""
        if actor.assisted_by is not None:
            return Item.objects.none()
        items = Item.objects.filter(user=person, at__gte=since, at__lt=until)
        if actor.user_id != person.pk:
            seen = GATE.within_reach(Message.objects.all(), actor=actor, permission=VIEW_MESSAGES)
            items = items.filter(message__in=seen)
        for word in typed.split()[:8]:
            items = items.filter(message__subject__icontains=word)
        return items

    def happening(self, item: Item, *, own: bool) -> Happening:
        """What it says in one line."""
        page = reverse("inbox:message", args=[item.pk]) if own else reverse("messages:detail", args=[item.message_id])
        return Happening(
            at=item.at,
            key=activity.key_of(SOURCE, item.pk),
            kind=SOURCE,
            icon="message",
            sentence=_("Got the message “%(subject)s”") % {"subject": item.message.subject},
            url=page,
        )


activity.register_source(MessageSource())
