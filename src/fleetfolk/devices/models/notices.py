"""Who is told by mail of what devices report, how often, and who wants no such mails."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fleetfolk.devices.models.devices import Device
from fleetfolk.devices.models.reports import Event
from fleetfolk.devices.models.templates import EventKind, Level
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User


class EventNotice(models.Model):
    """An event of which somebody is to be told, written with the event itself; gone once it is counted for them."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.event_id)


class EventMail(models.Model):
    """How many events of a kind a person has yet to be told of, and when they last were, for one device.

    ``event`` is the newest of those that wait.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="+")
    kind = models.ForeignKey(EventKind, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    waiting = models.PositiveIntegerField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "device", "kind"], name="eventmails_once")]
        indexes: ClassVar = [
            models.Index(fields=["sent_at"], condition=models.Q(waiting__gt=0), name="eventmails_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.device_id} {self.kind_id}"


class EventMailDay(models.Model):
    """How many such mails a person got on a day; there is one row a person."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class Quiet(models.Model):
    """A person wants no mails of these levels: from one device, or without a device from any."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="quiets", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="+")
    levels = ArrayField(models.CharField(max_length=8, choices=Level))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "device"], name="quiets_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.device_id or 'all'}"
