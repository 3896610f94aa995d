"""Work that the worker does for devices."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from fleetfolk.access.models_switches import held_at_home
from fleetfolk.access.place import place_again
from fleetfolk.console.csv_export import csv_lines
from fleetfolk.devices.actions.erase_device import EraseDevice
from fleetfolk.devices.device_logs import devices_of, header, lines
from fleetfolk.devices.event_mails import AT_ONCE, count_events, release
from fleetfolk.devices.models import RESTORABLE_FOR, Device, Event
from fleetfolk.devices.notices import is_told, mail_off_token
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Client, system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.mail import spoken
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.tasks import hand_over

_LOG = structlog.get_logger("fleetfolk.devices")


@app.task(name="devices.send_log", queue="mail", retry=PATIENTLY)
def send_log(*, user_id: int, by_id: int, days: int, place_id: int | None = None) -> None:
    """Whoever asked has what the person's devices reported, as far as they may read it now; else nothing is sent.

    Where they asked in a place, that is as far as they may read it there.
    """
    person = User.objects.filter(pk=user_id).first()
    by = User.objects.filter(pk=by_id, is_active=True).first()
    if person is None or by is None or by.tenant_id != person.tenant_id:
        return
    asking = by.as_actor(Client.WEB)
    if place_id is not None:
        asking = replace(asking, place=place_again(place_id, person_id=by.pk, tenant_id=by.tenant_id))
    devices = list(devices_of(person, asking).order_by("pk"))
    if not devices:
        return
    # One transaction, so that rows are read from the server a few at a time.
    with transaction.atomic():
        table = b"".join(csv_lines(header(), lines(devices, since=clock.now() - dt.timedelta(days=days))))
    hand_over(
        by.email,
        "device_log",
        {"name": by.get_short_name(), "person": str(person), "devices": len(devices), "days": days},
        organization_id=by.organization_id,
        language=by.language,
        attachment=("device-log.csv", table, "text/csv"),
    )


@app.periodic(cron="* * * * * */20")
@app.task(name="devices.mail_events", queue="upkeep", queueing_lock="devices.mail_events")
def mail_events(timestamp: int) -> None:
    """Who is to be told of what devices reported has a mail in the queue, as far as one is due."""
    while count_events() == AT_ONCE:
        pass
    while release() == AT_ONCE:
        pass


@app.task(name="devices.send_event_mail", queue="mail", retry=PATIENTLY)
def send_event_mail(*, user_id: int, event_id: int, count: int, last: bool) -> None:
    """The person knows what the device reported, where they may still know it. ``count`` is of how many events."""
    event = Event.objects.select_related("device__organization", "kind").filter(pk=event_id).first()
    person = User.objects.select_related("organization", "role").filter(pk=user_id).first()
    if event is None or event.kind is None or person is None or not is_told(person, event.device, event.kind):
        return
    device, origin = event.device, settings.FLEETFOLK_ORIGIN
    off = origin + reverse("notices:mail-off", args=[mail_off_token(person.pk, device.pk)])
    timeline = "devices:timeline" if VIEW_USERS.code in held_at_home(person) else "mydevices:timeline"
    zone = ZoneInfo(person.time_zone or person.organization.time_zone)
    with spoken(person.language), timezone.override(zone):
        hand_over(
            person.email,
            "event",
            {
                "name": person.get_short_name(),
                "device": device.name,
                "title": event.title,
                "level": event.get_level_display(),
                "description": event.description,
                "at": event.at,
                "zone": str(zone),
                "count": count,
                "last": last,
                "link": origin + reverse(timeline, args=[device.pk]),
                "off": off,
            },
            organization_id=person.organization_id,
            language=person.language,
            headers={"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )


@app.periodic(cron="37 * * * *")
@app.task(
    name="devices.erase_deleted", queue="upkeep", queueing_lock="devices.erase_deleted", retry=ONCE_DATABASE_IS_BACK
)
def erase_deleted(timestamp: int) -> None:
    """No device is there whose days of grace are over, nor one that was never set up in its time."""
    now = clock.now()
    over = Device.objects.filter(
        Q(deleted_at__lte=now - RESTORABLE_FOR)
        | Q(provisioning__expires_at__lte=now, provisioning__done_at__isnull=True, activated_at__isnull=True)
    )
    for device in over.order_by("pk").iterator():
        try:
            perform(
                EraseDevice,
                actor=system_actor("caretaker", tenant_id=device.tenant_id),
                target_id=device.pk,
                data=NoInput(),
            )
        except ActionError as error:
            _LOG.info("device_not_erased", device=device.pk, reason=error.reason)


@app.periodic(cron="11 4 * * *")
@app.task(
    name="devices.ensure_months", queue="upkeep", queueing_lock="devices.ensure_months", retry=ONCE_DATABASE_IS_BACK
)
def ensure_months(timestamp: int) -> None:
    """What devices report in the months to come has its partitions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT devices_ensure_month((now() + make_interval(months => n))::date) FROM generate_series(0, 3) AS n"
        )


from fleetfolk.devices import tasks_history  # noqa: E402, F401 - its tasks are found with these
