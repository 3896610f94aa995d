"""Put an event on a device's timeline."""

from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.intake import notes
from fleetfolk.devices.models import Device, Event, EventKind, EventNotice, Reported
from fleetfolk.devices.permissions import EDIT_TIMELINE
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome

LONGEST: Final = 300
EVENTS_A_DAY: Final = 100
"""Of one device, whoever logs them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateEventInput:
    """The code of a kind of event of the device's template; without a description the kind's own is taken."""

    code: str
    description: str = ""


class CreateEvent(Action[Device, CreateEventInput]):
    """The event is on the device's timeline, as if the device had reported it; whom it concerns is told."""

    code = "device.event.create"
    label = _("Log event")
    said = _("logged an event of %(target)s")
    permission = EDIT_TIMELINE
    target_model = "devices.Device"
    input_type = CreateEventInput

    def check(self, *, actor: Actor, target: Device, data: CreateEventInput) -> None:
        """Refuses a deleted device, a code that its template does not have, and a description that is too long."""
        require_there(target)
        kind = EventKind.objects.filter(template_id=target.template_id, code=data.code).first()
        if kind is None:
            raise Refused("event_unknown")
        if len(data.description) > LONGEST or "\0" in data.description:
            raise Refused("event_words", longest=LONGEST)
        self._kind = kind

    def apply(self, *, actor: Actor, target: Device, data: CreateEventInput) -> Outcome[Device]:
        """Logs it, and counts it among the device's own."""
        now, kind = clock.now(), self._kind
        reported = Reported.objects.select_for_update(no_key=True).get(device=target)
        today = reported.events if reported.events_on == now.date() else 0
        if today >= EVENTS_A_DAY:
            raise Refused("events_many", most=EVENTS_A_DAY)
        reported.events, reported.events_on = today + 1, now.date()
        reported.save(update_fields=["events", "events_on"])
        event = Event.objects.create(
            tenant_id=target.tenant_id,
            device=target,
            kind=kind,
            code=kind.code,
            level=kind.level,
            title=kind.name,
            description=data.description or kind.description,
            at=now,
        )
        if kind.notify:
            EventNotice.objects.create(event=event)
        with connection.cursor() as cursor:
            for sql, params in notes([target.pk]):
                cursor.execute(sql, params)
        return Outcome(target=target, facts={"event": kind.name, "event_id": event.pk})
