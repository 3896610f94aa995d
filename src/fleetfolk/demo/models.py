"""Mails that the demo sent, kept instead of delivered."""

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
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
