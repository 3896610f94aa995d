"""Work that the worker does for devices."""

import structlog
from django.db import connection
from django.db.models import Q
from procrastinate.contrib.django import app

from fleetfolk.devices.actions.erase_device import EraseDevice
from fleetfolk.devices.models import RESTORABLE_FOR, Device
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.no_input import NoInput

_LOG = structlog.get_logger("fleetfolk.devices")


@app.periodic(cron="37 * * * *")
@app.task(name="devices.erase_deleted", queue="upkeep", queueing_lock="devices.erase_deleted")
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
@app.task(name="devices.ensure_months", queue="upkeep", queueing_lock="devices.ensure_months")
def ensure_months(timestamp: int) -> None:
    """What devices report in the months to come has its partitions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT devices_ensure_month((now() + make_interval(months => n))::date) FROM generate_series(0, 3) AS n"
        )
