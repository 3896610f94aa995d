"""Mails of events, held together so that a device that floods does not flood people.

Events wait in a table that is written with them (`EventNotice`), so none is lost and the gateway does nothing more.
From there they are counted for each person, and what is due is handed to the queue. Each step is one transaction: after
a crash it was done or was not, and another worker at the same moment finds other rows.
"""

import datetime as dt
from collections import Counter
from typing import Final, cast

from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When

from fleetfolk.devices.models import DeviceState, Event, EventKind, EventMail, EventMailDay, Level
from fleetfolk.devices.notices import concerned, quiet_for
from fleetfolk.kernel import clock
from fleetfolk.kernel.enqueue import enqueue

APART: Final = dt.timedelta(minutes=15)
"""A person gets at most one mail in so long of one kind of event of one device."""
A_DAY: Final = 40
"""So many mails of events a person gets a day (UTC) at most; what comes later is told the next day, counted."""
FOR_CRITICAL: Final = 10
"""So many of them are kept for critical events, which others cannot use up."""
AT_ONCE: Final = 200

_TAKE = """
DELETE FROM devices_eventnotice WHERE event_id IN (
    SELECT event_id FROM devices_eventnotice ORDER BY event_id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING event_id
"""
_COUNT = """
INSERT INTO devices_eventmail AS kept (user_id, device_id, kind_id, event_id, waiting) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (user_id, device_id, kind_id) DO UPDATE SET
    waiting = kept.waiting + excluded.waiting, event_id = greatest(kept.event_id, excluded.event_id)
"""


def count_events() -> int:
    """Events that came since are counted for everybody whom they concern. Returns how many were taken."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [AT_ONCE])
        taken = [key for (key,) in cursor.fetchall()]
        events = Event.objects.select_related("device__organization", "kind").filter(
            pk__in=taken, archived_at__isnull=True, kind__isnull=False, device__state=DeviceState.ACTIVE
        )
        told: Counter[tuple[int, int, int]] = Counter()
        newest: dict[tuple[int, int, int], int] = {}
        for event in events.order_by("pk"):
            kind = cast("EventKind", event.kind)
            for user_id in concerned(event.device, kind.notify):
                if not quiet_for(user_id, event.device_id, event.level):
                    key = (user_id, event.device_id, kind.pk)
                    told[key] += 1
                    newest[key] = event.pk
        for key, number in sorted(told.items()):
            cursor.execute(_COUNT, [*key, newest[key], number])
    return len(taken)


def release() -> int:
    """Whoever is due has a mail in the queue. Returns how many."""
    now = clock.now()
    with transaction.atomic():
        full, nearly = (
            EventMailDay.objects.filter(day=now.date(), count__gte=least).values("user_id")
            for least in (A_DAY, A_DAY - FOR_CRITICAL)
        )
        gravest = Case(When(kind__level=Level.CRITICAL, then=Value(0)), default=Value(1))
        due = (
            EventMail.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .filter(Q(sent_at=None) | Q(sent_at__lte=now - APART), waiting__gt=0)
            .exclude(user__in=full)
            .exclude(~Q(kind__level=Level.CRITICAL), user__in=nearly)
            .select_related("kind")
            .order_by(gravest, "pk")
        )
        number = 0
        for row in due[:AT_ONCE]:
            sent = _counted(row.user_id, now.date(), critical=row.kind.level == Level.CRITICAL)
            if sent is None:
                continue
            enqueue(
                "devices.send_event_mail",
                user_id=row.user_id,
                event_id=row.event_id,
                count=row.waiting,
                last=sent == A_DAY,
            )
            EventMail.objects.filter(pk=row.pk).update(waiting=0, sent_at=now)
            number += 1
    return number


def _counted(user_id: int, day: dt.date, *, critical: bool) -> int | None:
    """How many the person has had today with this one; None where it would be one too many."""
    EventMailDay.objects.get_or_create(user_id=user_id, defaults={"day": day, "count": 0})
    mine = EventMailDay.objects.filter(user_id=user_id)
    mine.exclude(day=day).update(day=day, count=0)
    most = A_DAY if critical else A_DAY - FOR_CRITICAL
    if not mine.filter(count__lt=most).update(count=F("count") + 1):
        return None
    return mine.values_list("count", flat=True).get()
