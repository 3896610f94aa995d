"""Work that the worker does for the gateway."""

import shutil

from procrastinate.contrib.django import app

from fleetfolk.devices.models import Device
from fleetfolk.gateway.https import data_files, uploads
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK


@app.periodic(cron="23 * * * *")
@app.task(
    name="gateway.forget_files", queue="upkeep", queueing_lock="gateway.forget_files", retry=ONCE_DATABASE_IS_BACK
)
def forget_files(timestamp: int) -> None:
    """No file is there of a device that was erased, and no data file of another day."""
    for folder in (data_files.folder(), uploads.folder()):
        kept = {int(each.name): each for each in folder.iterdir()} if folder.is_dir() else {}
        there = set(Device.objects.filter(pk__in=kept).values_list("pk", flat=True))
        for key, each in kept.items():
            if key not in there:
                shutil.rmtree(each, ignore_errors=True)
            elif folder == data_files.folder():
                data_files.forget_old(each)
