"""Jobs: what was asked for, how far it is, and how it ended."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization


class JobState(models.TextChoices):
    """Where a job is in its life."""

    DRAFT = "draft", _("Being prepared")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class Job(models.Model):
    """Long work of one organization, asked for by one person or one program.

    ``input`` is what the kind of job needs; ``cursor`` says, in the kind's own measure, how far it is committed, so
    that a job that was killed goes on where it stopped and does nothing twice. ``moved_at`` is the last sign of life.
    ``failure`` is the code of the reason why it failed, ``failure_values`` what that reason's sentence names.
    ``created_by_id`` is 0 where a program asked for it. ``place_id`` is the organization in which the person worked
    then: the job goes no further than their pages did.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="jobs", db_index=False)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=140)
    state = models.CharField(max_length=9, choices=JobState, default=JobState.DRAFT)
    created_by_id = models.BigIntegerField()
    created_by_label = models.CharField(max_length=140)
    program_id = models.BigIntegerField(null=True)
    place_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    batch_id = models.UUIDField()
    input = models.JSONField(default=dict)
    cursor = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    failure = models.CharField(max_length=60, blank=True)
    failure_values = models.JSONField(default=dict)
    moved_at = models.DateTimeField(null=True)
    report_erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(program_id=None) | models.Q(created_by_id=0), name="jobs_of_person_or_program"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-created_at", "-id"], name="jobs_newest_first")]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def of(actor: Actor) -> models.Q:
        """The jobs that the actor asked for. Keys of programs are not keys of people."""
        if actor.program_id is not None:
            return models.Q(program_id=actor.program_id)
        return models.Q(created_by_id=actor.user_id) if actor.user_id else models.Q(pk__in=())

    def is_of(self, actor: Actor) -> bool:
        """Whether the actor asked for it: the same answer, for one."""
        if actor.program_id is not None:
            return self.program_id == actor.program_id
        return actor.user_id is not None and self.created_by_id == actor.user_id

    @property
    def path(self) -> str:
        """Where the gate finds it: the path of its organization."""
        return self.organization.path

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (JobState.DONE, JobState.CANCELLED, JobState.FAILED)


class Problem(models.Model):
    """A row of a job's input that was left out: where it begins, why, and its values as they were read.

    It is written with the rows around it, in one transaction, so a job that was killed repeats none.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    job = models.ForeignKey(Job, models.CASCADE, related_name="problems", db_index=False)
    line = models.PositiveBigIntegerField()
    field = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    cells = ArrayField(models.TextField())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "line"], name="problems_one_a_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class TargetState(models.IntegerChoices):
    """How it went with one target of a job."""

    WAITING = 0, _("Waiting")
    DONE = 1, _("Done")
    UNCHANGED = 2, _("Nothing to change")
    REFUSED = 3, _("Refused")


class Target(models.Model):
    """One of the many that a job changes, kept when they were chosen: who, and how it went.

    ``given`` is what this one is given beside what all are, ``undo`` what it takes to make it as it was. ``reason`` is
    the code of a refusal, ``values`` what its sentence names.
    """

    pk = models.CompositePrimaryKey("job_id", "position")
    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    job = models.ForeignKey(Job, models.CASCADE, related_name="targets", db_index=False)
    position = models.PositiveIntegerField()
    target_id = models.BigIntegerField()
    state = models.PositiveSmallIntegerField(choices=TargetState, default=TargetState.WAITING)
    reason = models.CharField(max_length=60, blank=True, default="")
    values = models.JSONField(default=dict)
    given = models.JSONField(null=True)
    undo = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["job", "position"],
                name="targets_refused",
                condition=models.Q(state=TargetState.REFUSED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.target_id}"
