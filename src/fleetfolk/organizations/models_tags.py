"""Tags that were deleted, and who carried them, for as long as they can be restored."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from fleetfolk.organizations.models import Organization


class DeletedTag(models.Model):
    """A tag as it was when it was deleted; its key is the tag's.

    ``carriers`` are the keys of the rows that carried it, by the words of `tag_uses`: of people, of devices. Who is
    erased meanwhile is a key that leads nowhere.
    """

    id = models.BigIntegerField(primary_key=True)
    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    name = models.CharField(max_length=24)
    colour = models.PositiveSmallIntegerField()
    created_by_id = models.BigIntegerField(null=True, editable=False)
    created_by_label = models.CharField(max_length=140, db_default="", editable=False)
    carriers = models.JSONField(default=dict)
    deleted_at = models.DateTimeField(db_default=Now(), editable=False)

    comes_with = ("organization",)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["deleted_at"], name="deletedtags_by_age")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: the path of its organization."""
        return self.organization.path
