"""Messages as a source of a person's stream: what was sent to them. That they read or answered is in the log."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.actor import Actor
from fleetfolk.messages.models import Item, Message
from fleetfolk.messages.permissions import VIEW_MESSAGES
from fleetfolk.users import activity
from fleetfolk.users.activity import Happening, Place
from fleetfolk.users.models import User

SOURCE: Final = "message"
CHART_CAP: Final = 50_000


class MessageSource:
    """The person's own, for themselves; for others those that they may see. Nothing for whoever helps."""

    kind: ClassVar[str] = SOURCE
    kinds: ClassVar[Mapping[str, StrPromise]] = {SOURCE: gettext_lazy("Messages")}

    def read(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        before: Place | None,
        limit: int,
        typed: str = "",
        kind: str = "",
    ) -> list[Happening]:
        """One keyset page of the messages."""
        items = _items(actor, person, since=since, until=until, typed=typed)
        place = activity.beyond(SOURCE, before)
        if place is not None:
            at, key = place
            items = items.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
        own = actor.user_id == person.pk
        return [_happening(one, own=own) for one in items.select_related("message").order_by("-at", "-pk")[:limit]]

    def counts(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        step: dt.timedelta,
        zone: ZoneInfo,
        typed: str = "",
        kind: str = "",
    ) -> dict[dt.datetime, int] | None:
        """The messages by step."""
        items = _items(actor, person, since=since, until=until, typed=typed)
        moments = list(items.order_by().values_list("at", flat=True)[: CHART_CAP + 1])
        if len(moments) > CHART_CAP:
            return None
        origin = since.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT date_bin(make_interval(secs => %s), at AT TIME ZONE %s, %s), count(*)"
                " FROM unnest(%s::timestamptz[]) AS at GROUP BY 1",
                [step.total_seconds(), str(zone), origin, moments],
            )
            return dict(cursor.fetchall())


def _items(actor: Actor, person: User, *, since: dt.datetime, until: dt.datetime, typed: str) -> QuerySet[Item, Any]:
    if actor.assisted_by is not None:
        return Item.objects.none()
    items = Item.objects.filter(user=person, at__gte=since, at__lt=until)
    if actor.user_id != person.pk:
        seen = GATE.within_reach(Message.objects.all(), actor=actor, permission=VIEW_MESSAGES)
        items = items.filter(message__in=seen)
    for word in typed.split()[:8]:
        items = items.filter(message__subject__icontains=word)
    return items


def _happening(item: Item, *, own: bool) -> Happening:
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
