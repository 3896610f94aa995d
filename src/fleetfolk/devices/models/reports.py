"""What devices report: latest values, history and events. Written by `intake` alone, in batches."""

import datetime as dt
from typing import ClassVar, Final

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models.devices import Device
from fleetfolk.devices.models.templates import EventKind, Level
from fleetfolk.organizations.models import Organization

NEVER: Final = dt.datetime.fromtimestamp(0, dt.UTC)
"""The minute of the last report where there was none: lists go by it, and what is null has no place in an order."""


class Reported(models.Model):
    """What a device last said, and whether it is there.

    ``values``, ``times`` (milliseconds since 1970) and ``properties`` go by the pin's number as text. Every report
    rewrites this row, so nothing that changes each time is indexed: ``reported_minute`` is ``reported_at`` for lists.
    ``refusals`` counts what the limits refused on ``refusals_on``.
    """

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="reported")
    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    values = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    times = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    properties = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    online = models.BooleanField(default=False, db_default=False)
    online_until = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    reported_minute = models.DateTimeField(default=NEVER, db_default=NEVER)
    protocol = models.CharField(max_length=12, blank=True, db_default="")
    address = models.GenericIPAddressField(null=True)
    refusals = models.PositiveIntegerField(default=0, db_default=0)
    refusals_on = models.DateField(null=True)
    events = models.PositiveIntegerField(default=0, db_default=0)
    events_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["reported_minute"], condition=models.Q(online=True), name="reported_online"),
            models.Index(fields=["tenant", "reported_minute", "device"], name="reported_by_minute"),
            # A report of a device that is online leaves this one alone.
            models.Index(
                fields=["tenant", "reported_minute", "device"],
                condition=models.Q(online=False),
                name="reported_offline",
            ),
        ]

    def __str__(self) -> str:
        return str(self.device_id)


class Event(models.Model):
    """Something that happened to a device: reported by it, or noticed about it (online, offline)."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="events", db_index=False)
    kind = models.ForeignKey(EventKind, models.SET_NULL, null=True, related_name="+")
    code = models.CharField(max_length=50)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    title = models.CharField(max_length=50)
    description = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True)
    resolved_by_id = models.BigIntegerField(null=True)
    resolved_by_label = models.CharField(max_length=140, blank=True, db_default="")
    archived_at = models.DateTimeField(null=True)

    comes_with = ("device__organization",)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["device", "-at", "-id"], name="events_of_device"),
            models.Index(fields=["tenant", "-at", "-id"], name="events_of_tenant"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        """Where the gate finds it: where the device is."""
        return self.device.path

    @property
    def organization(self) -> Organization:
        """Where the action log files it."""
        return self.device.organization

    @classmethod
    def held(cls, user_id: int, hold: int) -> models.Q:
        """Those of devices that the person holds so closely."""
        return models.Q(device__in=Device.objects.filter(Device.held(user_id, hold)))

    def is_held_by(self, user_id: int, hold: int) -> bool:
        """Whether the person holds its device so closely."""
        return self.device.is_held_by(user_id, hold)


class EventComment(models.Model):
    """What somebody wrote beside an event."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="comments")
    by_id = models.BigIntegerField()
    by_label = models.CharField(max_length=140)
    text = models.CharField(max_length=500)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.text


class Point(models.Model):
    """One reported value, of a datastream that keeps every one. The table is partitioned by month."""

    device_id = models.BigIntegerField()
    stream_id = models.BigIntegerField()
    at = models.DateTimeField()
    number = models.FloatField(null=True)
    text = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "devices_point"

    def __str__(self) -> str:
        return f"{self.stream_id} {self.at}"


class Minute(models.Model):
    """What a datastream reported within one minute. The table is partitioned by month."""

    device_id = models.BigIntegerField(primary_key=True)
    stream_id = models.BigIntegerField()
    minute = models.DateTimeField()
    count = models.IntegerField()
    total = models.FloatField()
    least = models.FloatField()
    most = models.FloatField()

    class Meta:
        managed = False
        db_table = "devices_minute"

    def __str__(self) -> str:
        return f"{self.stream_id} {self.minute}"
