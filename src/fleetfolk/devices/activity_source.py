"""The devices that a person holds as a source of their stream: online, offline, and what they reported as events."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final

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
from fleetfolk.users.activity import Happening
from fleetfolk.users.activity_rows import RowSource
from fleetfolk.users.models import User

SOURCE: Final = "device"
MOST_DEVICES: Final = 500
_ICONS: Final = {"info": "info-circle", "warning": "alert-triangle", "critical": "alert-circle", "content": "note"}
_CODE_ICONS: Final = {"online": "bolt", "offline": "wifi-off"}


class DeviceSource(RowSource[Event]):
    """Events of the person's devices whose timeline the actor may see."""

    kind: ClassVar[str] = SOURCE
    kinds: ClassVar[Mapping[str, StrPromise]] = {SOURCE: gettext_lazy("Devices")}
    joined = ("device",)

    def rows(
        self, actor: Actor, person: User, *, since: dt.datetime, until: dt.datetime, typed: str
    ) -> QuerySet[Event, Any]:
        """As far as the actor may look."""
        held = devices_in(actor).filter(Device.held(person.pk, Hold.VIEW))
        seen = GATE.within_reach(held, actor=actor, permission=VIEW_TIMELINE)
        keys = list(seen.values_list("pk", flat=True)[:MOST_DEVICES])
        events = Event.objects.filter(device_id__in=keys, at__gte=since, at__lt=until).exclude(kind__on_timeline=False)
        for word in typed.split()[:8]:
            events = events.filter(
                Q(title__icontains=word) | Q(description__icontains=word) | Q(device__name__icontains=word)
            )
        return events

    def happening(self, event: Event, *, own: bool) -> Happening:
        """What it says in one line."""
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
