"""Webhooks, what they are to be told, and how each attempt went."""

import uuid
from typing import Any, ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.organizations.models import Organization

NAME_LENGTH: Final = 80
URL_LENGTH: Final = 1024


def _codes() -> "ArrayField[Any, Any]":
    return ArrayField(models.CharField(max_length=60), default=list)


class Webhook(models.Model):
    """A receiver, and what of the organization and those below it is told.

    ``triggers`` are what somebody chose; ``codes`` (codes of Actions, ``user.*`` for all that begin so, ``*`` for every
    one) and ``events`` (``online``, ``offline``, ``event``, ``value``) are what they come to, for the database.
    ``streams`` are the datastreams whose values it is told of, from ``values_since`` on. ``permissions`` are what it
    may be told of at most. The secrets are sealed. Where a receiver does not answer, it is tried again at ``retry_at``,
    after ``failures`` in a row; in the end it is paused, and somebody is told.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="webhooks")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    url = models.CharField(max_length=URL_LENGTH)
    triggers = _codes()
    codes = _codes()
    events = _codes()
    streams = ArrayField(
        models.BigIntegerField(), default=list, db_default=Value([], ArrayField(models.BigIntegerField()))
    )
    values_since = models.DateTimeField(null=True)
    permissions = _codes()
    secret = models.TextField()
    former_secret = models.TextField(blank=True, db_default="")
    former_until = models.DateTimeField(null=True)
    is_on = models.BooleanField(default=True, db_default=True)
    paused_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, db_default=0)
    retry_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_by_label = models.CharField(max_length=140, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    comes_with = ("organization",)

    class Meta:
        verbose_name_plural = _("webhooks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="webhooks_name_in_organization")
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant"], condition=Q(is_on=True), name="webhooks_that_are_on"),
            models.Index(
                fields=["tenant"],
                condition=Q(is_on=True) & ~Q(events=Value([], _codes())),
                name="webhooks_of_events",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: where its organization is."""
        return self.organization.path


class Kind(models.TextChoices):
    """What a delivery tells of."""

    ENTRY = "entry", _("Action")
    EVENT = "event", _("Event of a device")
    VALUE = "value", _("Value of a device")
    TEST = "test", _("Test")


class State(models.TextChoices):
    """How far a delivery is."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Delivered")
    WITHHELD = "withheld", _("Not told")
    CANCELLED = "cancelled", _("Skipped")


class Delivery(models.Model):
    """Something that a webhook is to be told. Only triggers, the Actions of this package and `delivering` write it.

    The receiver knows it by ``public_id``, which stays the same however often it is sent. What it says is made when it
    is sent: of an entry of the action log (``entry_id``, ``entry_at``), or of a device's event (``event_id``). A value
    of a device (``device_id``, ``stream_id``) stands here, and while the delivery ``gathers``, a newer one takes its
    place. It goes with its webhook, as the database sees to (`migrations/outbox.sql`), also where it was written down a
    moment ago.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    webhook = models.ForeignKey(
        Webhook, models.DO_NOTHING, related_name="deliveries", db_index=False, db_constraint=False
    )
    public_id = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=8, choices=Kind)
    code = models.CharField(max_length=60)
    entry_id = models.BigIntegerField(null=True)
    entry_at = models.DateTimeField(null=True)
    event_id = models.BigIntegerField(null=True)
    device_id = models.BigIntegerField(null=True)
    stream_id = models.BigIntegerField(null=True)
    value = models.JSONField(null=True)
    value_at = models.DateTimeField(null=True)
    gathers = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING, db_default=State.WAITING.value)
    tries = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["webhook", "-id"], name="deliveries_newest_first"),
            models.Index(fields=["webhook", "id"], condition=Q(state="waiting"), name="deliveries_that_wait"),
            models.Index(fields=["created_at"], name="deliveries_by_time"),
            models.Index(
                fields=["webhook", "device_id", "stream_id", "value_at"],
                condition=Q(kind="value"),
                name="deliveries_of_values",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["webhook", "device_id", "stream_id"], condition=Q(gathers=True), name="deliveries_gather_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.public_id}"

    @property
    def message_id(self) -> str:
        """What the receiver knows it by."""
        return f"msg_{self.public_id.hex}"


class Attempt(models.Model):
    """One time that a delivery was sent: what was asked and answered, the answer's body cut."""

    delivery = models.ForeignKey(Delivery, models.DO_NOTHING, related_name="attempts", db_constraint=False)
    at = models.DateTimeField(db_default=Now())
    took_ms = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    request_head = models.TextField(blank=True)
    response_head = models.TextField(blank=True)
    response_body = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.problem}"
