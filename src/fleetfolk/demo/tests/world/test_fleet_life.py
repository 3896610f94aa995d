"""The demo's fleet has a past: values of weeks, silent and cut-off devices, shares, a batch that waits."""

import datetime as dt

from django.utils import timezone

from fleetfolk.actionlog.models import Entry
from fleetfolk.demo.fleet import DEVICES, build_fleet
from fleetfolk.demo.fleet_life import UNCLAIMED, WEEKS, tell_of_fleet
from fleetfolk.demo.models import World
from fleetfolk.devices.models import Device, Minute, Share
from fleetfolk.jobs.models import Job
from fleetfolk.organizations.models import Location


def test_the_fleet_has_a_past_that_is_told_once(built: World) -> None:
    now = timezone.now()
    build_fleet()
    tell_of_fleet(now)
    simulated = Device.objects.filter(serial__startswith="LH26")
    assert simulated.count() == DEVICES
    told = Minute.objects.filter(device_id__in=list(simulated.values_list("pk", flat=True)))
    assert told.values("device_id").distinct().count() == DEVICES
    earliest = told.order_by("minute").values_list("minute", flat=True)[0]
    assert abs(now - dt.timedelta(weeks=WEEKS) - earliest) < dt.timedelta(hours=1)
    others = Device.objects.filter(serial__startswith="LH31")
    assert not others.filter(created_at__gt=now).exists()
    assert Share.objects.filter(device__in=simulated).exists()
    assert Location.objects.exclude(latitude=None).exists()
    assert Job.objects.get(kind="device.tokens").total == UNCLAIMED
    entries, minutes = Entry.objects.count(), Minute.objects.count()
    tell_of_fleet(now)
    assert (Entry.objects.count(), Minute.objects.count()) == (entries, minutes)
