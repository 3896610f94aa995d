"""Mails that the demo sent, kept instead of delivered; and how far its world is told."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Mail(models.Model):
    """One mail, as it would have gone out."""

    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    to = models.CharField(max_length=254)
    sender = models.CharField(max_length=254)
    subject = models.CharField(max_length=254)
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["-sent_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["-sent_at", "-id"], name="demo_mail_newest_first")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class World(models.Model):
    """The demo world of this database, of which there is one: the moment at which its story ends.

    A build that was interrupted goes on with the same story, so the moment is kept before anything else.
    """

    told_at = models.DateTimeField(editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.told_at:%Y-%m-%d %H:%M}"
