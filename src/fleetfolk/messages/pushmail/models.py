"""Secret mail addresses of people, the mail that came to them, and what an organization does with forged mail."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.messages.models import Message
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

NAME_LENGTH = 60
MOST_SENDERS = 50


class Forged(models.TextChoices):
    """What becomes of mail whose sender is shown to be false."""

    MARK = "mark", _("Deliver it, and say so")
    HOLD = "hold", _("Hold it back")
    REFUSE = "refuse", _("Refuse it")


class MailState(models.TextChoices):
    """How far a mail has come that was taken in."""

    WAITING = "waiting", _("Waiting")
    HELD = "held", _("Held back")
    ACCEPTED = "accepted", _("Delivered")
    FAILED = "failed", _("Not delivered")
    DELETED = "deleted", _("Thrown away")


class PushAddress(models.Model):
    """A mail address of a person that nobody can guess. Only its hash is kept, and its last characters.

    ``allowed_senders`` are addresses and domains; where there are any, nobody else's mail is taken, and theirs only
    where it is shown to be theirs.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="push_addresses", db_index=False)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    secret_hash = models.CharField(max_length=64)
    secret_end = models.CharField(max_length=4)
    allowed_senders = models.JSONField(default=list)
    created_by_id = models.BigIntegerField()
    created_by_label = models.CharField(max_length=140)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["secret_hash"], name="pushaddresses_by_secret"),
            models.UniqueConstraint(
                fields=["user", "name"], condition=Q(revoked_at__isnull=True), name="pushaddresses_name_of_user"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "id"], name="pushaddresses_of_user")]

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended(self) -> bool:
        """Whether its time is over."""
        return self.ends_at is not None and self.ends_at <= clock.now()

    @property
    def takes_mail(self) -> bool:
        """Whether mail to it is taken in, as far as it depends on the address."""
        return self.revoked_at is None and not self.has_ended


class IncomingMail(models.Model):
    """A mail that was taken in, as it came: whoever sent it was told so, so it may not be lost.

    ``key`` tells it from others: mail that is sent again because an answer was lost is there once. ``raw`` is empty
    once it was kept for long enough.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    address = models.ForeignKey(PushAddress, models.CASCADE, related_name="mails", db_index=False)
    key = models.CharField(max_length=64)
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    reason = models.CharField(max_length=60, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=120, blank=True)
    verdict = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="came_as")

    comes_with = ("user__organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address", "key"], name="incomingmail_once"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="incomingmail_state"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="incomingmail_of_user"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="incomingmail_waiting"),
            models.Index(fields=["received_at"], name="incomingmail_by_age"),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("Mail without a subject"))

    @property
    def path(self) -> str:
        """Where the gate finds it: where the person is."""
        return self.user.path

    @property
    def organization(self) -> Organization:
        """Where the action log files it: the person's organization."""
        return self.user.organization


class MailRule(models.Model):
    """What an organization, and those below that say nothing, does with forged mail. Without a row: mark."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.OneToOneField(Organization, models.CASCADE, primary_key=True, related_name="+")
    forged = models.CharField(max_length=6, choices=Forged)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(forged__in=Forged.values), name="mailrule_forged")]

    def __str__(self) -> str:
        return self.get_forged_display()
