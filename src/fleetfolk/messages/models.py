"""What the database knows of messages: what was written, in whose inbox it is, how it went out, and what came back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

SUBJECT_LENGTH = 120
BODY_LENGTH = 20_000
REPLY_LENGTH = 5_000


class MessageState(models.TextChoices):
    """Where a message is in its life."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class MessageKind(models.TextChoices):
    """How a message came to be."""

    PRIVATE = "private", _("Private message")
    PUSHMAIL = "pushmail", _("By e-mail")
    TEST = "test", _("Test")


class Channel(models.TextChoices):
    """The ways out. The inbox is none of them: every message is there."""

    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Push")


class DeliveryState(models.TextChoices):
    """How a message fared on one way to one person."""

    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    OPENED = "opened", _("Opened")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Bounced")
    CAPPED = "capped", _("Too many that day")
    UNSUBSCRIBED = "unsubscribed", _("Not wanted")


class Message(models.Model):
    """A message, and how far it is sent.

    ``audience`` is who gets it, one of ``{"users": [keys]}``, ``{"segment": key}``, ``{"job": key}``, whose targets
    they are, and ``{"unread": key}``, a message that they have not read. Who of them is there, and within the author's
    reach, is asked when it is sent. ``variants`` hold the words by language code (``{"de": {"subject", "body",
    "label"}}``) beside ``language``, the one of the columns. ``action`` is the button below: ``{"kind": "link",
    "label", "url"}``, ``{"kind": "device", "label", "device"}`` or ``{"kind": "reply"}``. ``channels`` are the ways out
    beside the inbox: ``{"email": true, "push": false}``.

    ``send_at`` is a moment; where ``in_zone`` holds, its date and clock time in UTC are meant in each person's own
    zone. ``cursor`` is the key of the last person who got it, so that what was broken off goes on there. In the log a
    message to named people is called by its number: its subject may name them, and the log stays.

    ``created_by_id`` is 0 where a program wrote it, or nobody who is known.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="messages", db_index=False)
    kind = models.CharField(max_length=8, choices=MessageKind, default=MessageKind.PRIVATE)
    state = models.CharField(max_length=9, choices=MessageState, default=MessageState.DRAFT)
    created_by_id = models.BigIntegerField()
    created_by_label = models.CharField(max_length=140)
    program_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(null=True)
    client = models.CharField(max_length=12, default="web")
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    body = models.TextField(_("text"), max_length=BODY_LENGTH, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    variants = models.JSONField(default=dict)
    action = models.JSONField(default=dict)
    audience = models.JSONField(default=dict)
    channels = models.JSONField(default=dict)
    sender = models.CharField(max_length=320, blank=True)
    verdicts = models.JSONField(default=dict)
    send_at = models.DateTimeField(null=True)
    in_zone = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0)
    recipients = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True)

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="messages_state"),
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="messages_kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state", "-id"], name="messages_newest_first"),
            models.Index(
                fields=["send_at"],
                condition=Q(state__in=("scheduled", "sending")),
                name="messages_going_out",
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}" if "users" in self.audience or not self.subject else self.subject

    @property
    def path(self) -> str:
        """Where the gate finds it: the path of its organization."""
        return self.organization.path

    @property
    def is_draft(self) -> bool:
        """Whether its words may still change."""
        return self.state == MessageState.DRAFT

    @property
    def has_expired(self) -> bool:
        """Whether it is shown in no inbox any more."""
        return self.expires_at is not None and self.expires_at <= clock.now()


class Attachment(models.Model):
    """A file of a message: a picture or a PDF by its first bytes. ``file`` is its name on disk, and says nothing."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    file = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """A message in somebody's inbox.

    Its keys of the tenant and the message are copied from the message's own row, which is locked meanwhile: the
    database need not look them up again for each of a hundred thousand people. So are those of `Delivery`.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="items", db_index=False, db_constraint=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="inbox", db_index=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "user"], name="items_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="items_of_user"),
            models.Index(
                fields=["user"],
                condition=Q(read_at__isnull=True, archived_at__isnull=True),
                name="items_unread",
            ),
            # Rules of segments ask who got how many in a period, and who read how many.
            models.Index(fields=["tenant", "at", "user"], name="items_by_time"),
            models.Index(
                fields=["tenant", "read_at", "user"], condition=Q(read_at__isnull=False), name="items_by_reading"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.user_id}"


class Delivery(models.Model):
    """How a message fared on one way to one person. ``due_at`` is when it is tried next; ``tries`` were made."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", db_index=False, db_constraint=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=5, choices=Channel)
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.QUEUED)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "user", "channel"], name="deliveries_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="deliveries_state"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="deliveries_of_user"),
            models.Index(fields=["channel", "due_at", "id"], condition=Q(state="queued"), name="deliveries_due"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.user_id} {self.channel}"


class Reply(models.Model):
    """What a person answered. It is plain text."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="replies", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="replies", db_index=False)
    text = models.TextField(_("answer"), max_length=REPLY_LENGTH)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["message", "-id"], name="replies_of_message"),
            models.Index(fields=["user", "-id"], name="replies_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.user_id}"


class MessageTemplate(models.Model):
    """A text that messages begin with."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="message_templates", db_index=False)
    name = models.CharField(_("name"), max_length=60)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    body = models.TextField(_("text"), max_length=BODY_LENGTH, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    variants = models.JSONField(default=dict)
    created_by_id = models.BigIntegerField()
    created_by_label = models.CharField(max_length=140)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "organization", "name"], name="messagetemplates_name_in_organization"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: the path of its organization."""
        return self.organization.path


class Choice(models.Model):
    """By which ways a person wants messages beside their inbox. Without a row: by all."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="message_choice")
    email = models.BooleanField(default=True)
    push = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.user_id)


class Unreachable(models.Model):
    """An address that a mail server refused for good: nothing more is sent there by itself."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    email = models.EmailField(max_length=254)
    at = models.DateTimeField()
    why = models.CharField(max_length=200)

    def __str__(self) -> str:
        return str(self.user_id)


class DayCount(models.Model):
    """How many mails and pushes of messages a person got on a day (UTC); there is one row a person."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


import fleetfolk.messages.models_push  # noqa: E402, F401 - of this app, and about the models above
