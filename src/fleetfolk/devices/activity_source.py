"""The devices that a person holds as a source of their stream: online, offline, and what they reported as events."""

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
from fleetfolk.devices.models import Device, Event, Hold
from fleetfolk.devices.permissions import VIEW_TIMELINE
from fleetfolk.devices.queries import devices_in
from fleetfolk.kernel.actor import Actor
from fleetfolk.users import activity
from fleetfolk.users.activity import Happening, Place
from fleetfolk.users.models import User

SOURCE: Final = "device"
MOST_DEVICES: Final = 500
CHART_CAP: Final = 50_000
_ICONS: Final = {"info": "info-circle", "warning": "alert-triangle", "critical": "alert-circle", "content": "note"}
_CODE_ICONS: Final = {"online": "bolt", "offline": "wifi-off"}


class DeviceSource:
    """Events of the person's devices whose timeline the actor may see."""

    kind: ClassVar[str] = SOURCE
    kinds: ClassVar[Mapping[str, StrPromise]] = {SOURCE: gettext_lazy("Devices")}

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
        """One keyset page of the events."""
        events = _events(actor, person, since=since, until=until, typed=typed)
        place = activity.beyond(SOURCE, before)
        if place is not None:
            at, key = place
            events = events.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
        found = events.select_related("device").order_by("-at", "-pk")[:limit]
        return [_happening(event) for event in found]

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
        """The events by step."""
        events = _events(actor, person, since=since, until=until, typed=typed)
        moments = list(events.order_by().values_list("at", flat=True)[: CHART_CAP + 1])
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


def _events(actor: Actor, person: User, *, since: dt.datetime, until: dt.datetime, typed: str) -> QuerySet[Event, Any]:
    held = devices_in(actor).filter(Device.held(person.pk, Hold.VIEW))
    seen = GATE.within_reach(held, actor=actor, permission=VIEW_TIMELINE)
    keys = list(seen.values_list("pk", flat=True)[:MOST_DEVICES])
    events = Event.objects.filter(device_id__in=keys, at__gte=since, at__lt=until).exclude(kind__on_timeline=False)
    for word in typed.split()[:8]:
        events = events.filter(
            Q(title__icontains=word) | Q(description__icontains=word) | Q(device__name__icontains=word)
        )
    return events


def _happening(event: Event) -> Happening:
    icon = _CODE_ICONS.get(event.code.lower()) or _ICONS.get(event.level, "info-circle")
    about = {"device": event.device.name, "event": event.title, "more": event.description}
    sentence = _("%(device)s: %(event)s. %(more)s") if event.description else _("%(device)s: %(event)s")
    return Happening(
        at=event.at,
        key=activity.key_of(SOURCE, event.pk),
        kind=SOURCE,
        icon=icon,
        sentence=sentence % about,
        url=reverse("devices:timeline", args=[event.device_id]),
        failed=event.level == "critical",
    )


activity.register_source(DeviceSource())
