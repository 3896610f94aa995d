"""Segments, who is in them, and who came and went."""

from typing import ClassVar, Final

from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.organizations.models import Organization

STEP: Final = 1024
"""Between the positions of two segments that were created one after the other, so that others fit between them."""


class Population(models.TextChoices):
    """What a segment is of."""

    USERS = "users", _("Users")
    DEVICES = "devices", _("Devices")


class SegmentKind(models.TextChoices):
    """How somebody gets into a segment."""

    STATIC = "static", _("Chosen by hand")
    DYNAMIC = "dynamic", _("Follows rules")


class Segment(models.Model):
    """A part of the people, or of the devices, of an organization and those below it.

    A dynamic one has ``rules`` (`fleetfolk.segments.conditions`); its members are whom they named when it was last
    counted. A static one's members are chosen by hand. Of each, ``counted`` is how many members there are. ``edition``
    grows with the rules, so that nobody counts by rules that were changed meanwhile.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="segments", db_index=False)
    name = models.CharField(_("name"), max_length=60)
    of = models.CharField(_("of"), max_length=7, choices=Population)
    kind = models.CharField(_("kind"), max_length=7, choices=SegmentKind)
    rules = models.JSONField(null=True)
    edition = models.PositiveIntegerField(default=1, db_default=1)
    position = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by_id = models.BigIntegerField(null=True)
    created_by_label = models.CharField(max_length=140)
    changed_at = models.DateTimeField(null=True)
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_label = models.CharField(max_length=140, blank=True, db_default="")
    counted = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="segments_name_in_organization"),
            models.CheckConstraint(condition=models.Q(of__in=Population.values), name="segments_of"),
            models.CheckConstraint(
                condition=models.Q(kind=SegmentKind.STATIC, rules__isnull=True)
                | models.Q(kind=SegmentKind.DYNAMIC, rules__isnull=False),
                name="segments_kind",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "of", "position", "id"], name="segments_in_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: the path of its organization."""
        return self.organization.path

    @property
    def is_dynamic(self) -> bool:
        """Whether rules say who is in it."""
        return self.kind == SegmentKind.DYNAMIC


class Member(models.Model):
    """A person or a device in a segment: ``target_id`` is the key of a row of what the segment is of.

    It is no foreign key, so that counting a segment never waits for who changes a person, nor they for it. Whoever
    erases a person or a device takes its rows along.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="members", db_index=False)
    target_id = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["segment", "target_id"], name="members_once")]
        indexes: ClassVar = [
            models.Index(fields=["target_id", "segment"], name="members_by_target"),
            models.Index(fields=["segment", "-since", "-id"], name="members_by_since"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.target_id}"


class Passage(models.Model):
    """Somebody or something entered a segment or left it. Such rows are never changed."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="passages", db_index=False)
    target_id = models.BigIntegerField()
    at = models.DateTimeField()
    entered = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["target_id", "-at", "-id"], name="passages_by_target"),
            models.Index(fields=["segment", "-at", "-id"], name="passages_by_segment"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.target_id} {'in' if self.entered else 'out'}"
