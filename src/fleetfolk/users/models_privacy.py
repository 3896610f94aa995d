"""What is kept of taking data away: deletions under way, exports that were asked for, and what was erased."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from fleetfolk.jobs.models import Job
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

EXPORT = "user.export"
"""The kind of the jobs that make exports."""


class Deletion(models.Model):
    """Who asked that a person be deleted, and how. It is there while the deletion can be undone.

    ``secret_hash`` is of the undo link, which only who asked for themselves is sent. ``suppress`` keeps the address
    from being added again after it is erased.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="deletion")
    requested_at = models.DateTimeField()
    by_themselves = models.BooleanField(default=False)
    suppress = models.BooleanField(default=False)
    secret_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["secret_hash"], condition=~Q(secret_hash=""), name="deletions_by_secret")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Export(models.Model):
    """A person's data in one file, made by a job and taken once, by whoever asked for it.

    The file's name is made before the file is. The link's secret is made with its mail and is valid for a day; the file
    goes an hour after it was taken, or with the job's report.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="exports")
    job = models.OneToOneField(Job, models.CASCADE, related_name="export")
    requested_by_id = models.BigIntegerField()
    file = models.UUIDField()
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    records = models.PositiveIntegerField(default=0)
    secret_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["secret_hash"], condition=~Q(secret_hash=""), name="exports_by_secret")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def path(self) -> str:
        """Where the gate finds it: where its person is."""
        return self.user.path

    @property
    def organization(self) -> Organization:
        """Where the action log files it: its person's organization."""
        return self.user.organization


class Erasure(models.Model):
    """That somebody was erased, and what was: numbers, and nothing that names them.

    ``subject_key`` is a keyed hash of the person's key, by which an erasure is found again after a backup was restored.
    ``certificate`` is the SHA-256 of what the certificate says.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    subject_key = models.CharField(max_length=64)
    requested_at = models.DateTimeField(null=True)
    by_themselves = models.BooleanField(default=False)
    suppressed = models.CharField(max_length=64, blank=True)
    again = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    certificate = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "-at", "-id"], name="erasures_newest_first")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Suppression(models.Model):
    """An address that is not to be added again, as a keyed hash."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    address_key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "address_key"], name="suppressions_once_a_tenant")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
