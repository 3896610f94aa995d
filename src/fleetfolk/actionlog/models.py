"""The action log's rows: append-only, partitioned by month, readable after what they speak of is gone."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.actor import Client
from fleetfolk.organizations.models import Organization


class Result(models.TextChoices):
    """How an Action ended."""

    DONE = "done", _("Done")
    DENIED = "denied", _("Denied")
    REFUSED = "refused", _("Refused")
    NOT_FOUND = "not_found", _("Not found")


class Entry(models.Model):
    """One Action, done or not. Names are kept as text beside the keys; only the tenant is a constrained key.

    The table is partitioned by month of ``at`` and the database refuses update, delete and truncate, so `migrations`
    make it by hand.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())
    code = models.CharField(max_length=60)
    result = models.CharField(max_length=9, choices=Result)
    reason = models.CharField(max_length=60, blank=True)
    client = models.CharField(max_length=12, choices=Client)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=40)
    actor_label = models.CharField(max_length=140)
    acting_for = models.CharField(max_length=140, blank=True)
    acting_for_id = models.BigIntegerField(null=True)
    assistance_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField(null=True)
    target_label = models.CharField(max_length=140, blank=True)
    organization_id = models.BigIntegerField(null=True)
    organization_label = models.CharField(max_length=80, blank=True)
    path = models.TextField(db_collation="C")
    changes = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    batch_id = models.UUIDField(null=True)
    cause_id = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "actionlog_entry"
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.code} {self.target_label} ({self.result})"


class Fold(models.Model):
    """A flood of the same refusal within a minute: counted here beyond the first few, and told in one entry later."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    minute = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    result = models.CharField(max_length=9)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "minute", "actor_kind", "actor_id", "code", "result"], name="folds_one_a_minute"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.code} {self.result}"
