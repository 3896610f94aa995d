"""Remote assistance: who let support in, who asked, who looked into whose view, when and why, and every page of it."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

LONGEST_CONSENT = dt.timedelta(hours=168)
REQUEST_LASTS = dt.timedelta(minutes=15)
"""So long a request can be answered, and so long after a yes the assistant may begin."""

LONGEST = dt.timedelta(minutes=60)
IDLE = dt.timedelta(minutes=10)
SHORTEST_REASON = 10


class Basis(models.TextChoices):
    """What allows an assistance."""

    CONSENT = "consent", _("Consent given beforehand")
    REQUEST = "request", _("A request that was answered")
    POLICY = "policy", _("The organization’s rule")


class EndCause(models.TextChoices):
    """How an assistance ended."""

    AGENT = "agent", _("Stopped by the assistant")
    CUSTOMER = "customer", _("Stopped by the customer")
    EXPIRED = "expired", _("Its time was over")
    IDLE = "idle", _("Nothing was opened for ten minutes")
    CONSENT = "consent", _("The consent ended")
    RULE = "rule", _("The organization turned remote assistance off")
    RIGHTS = "rights", _("The assistant lost the right")
    TARGET = "target", _("The customer's account cannot be assisted any more")
    BROWSER = "browser", _("The assistant signed out, or another browser tried to go on")
    CANCELLED = "cancelled", _("Ended by an overseer")


class Consent(models.Model):
    """A customer's word that support may look, or act, until a moment. At most one stands for each person."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="consents", db_index=False)
    mode = models.CharField(max_length=4, choices=AssistMode)
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at__isnull=True), name="consents_one_open"),
            models.CheckConstraint(
                condition=Q(until__gt=F("granted_at"), until__lte=F("granted_at") + LONGEST_CONSENT),
                name="consents_a_week_at_most",
            ),
            models.CheckConstraint(condition=Q(mode__in=AssistMode.values), name="consents_mode"),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-granted_at"], name="consents_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.mode} {self.until}"

    @property
    def stands(self) -> bool:
        """Whether it holds now."""
        return self.revoked_at is None and clock.now() < self.until

    def covers(self, mode: str) -> bool:
        """Whether it allows this much: whoever may act may look."""
        return self.mode in (mode, AssistMode.ACT)


class Request(models.Model):
    """Somebody of support asks to be let in. The customer answers in their portal, or by the link of a mail, once."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="assistance_requests", db_index=False)
    agent = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    agent_label = models.CharField(max_length=140)
    mode = models.CharField(max_length=4, choices=AssistMode)
    reason = models.CharField(max_length=200)
    ticket = models.CharField(max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["secret_hash"], condition=~Q(secret_hash=""), name="assistance_requests_by_secret"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("asked_at") + REQUEST_LASTS), name="assistance_requests_short"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(1, 60)), name="assistance_requests_minutes"),
            models.CheckConstraint(condition=~Q(agent=F("user")), name="assistance_requests_not_oneself"),
            models.CheckConstraint(condition=Q(mode__in=AssistMode.values), name="assistance_requests_mode"),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-asked_at"], name="assistance_requests_by_user")]

    def __str__(self) -> str:
        return f"{self.agent_label} {self.mode} {self.user_id}"

    @property
    def path(self) -> str:
        """Where the gate finds it: where the customer is."""
        return self.user.path

    @property
    def organization(self) -> Organization:
        """Where the action log files it: the customer's organization."""
        return self.user.organization

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.answered_at is None and clock.now() < self.expires_at

    @property
    def may_begin(self) -> bool:
        """Whether the customer said yes a moment ago and nothing was made of it yet."""
        recent = self.answered_at is not None and clock.now() < self.answered_at + REQUEST_LASTS
        return bool(self.accepted) and recent and self.used_at is None

    @classmethod
    def by_secret_hash(cls, secret_hash: str) -> Self | None:
        """The request whose link carries this secret, whatever its state."""
        if not secret_hash:
            return None
        return cls.objects.select_related("user__organization", "user__role").filter(secret_hash=secret_hash).first()


class Assistance(models.Model):
    """One assistant in one customer's view, for a while. What it is about cannot be changed later, not even in SQL.

    ``secret_hash`` belongs to the cookie and ``browser_hash`` to the assistant's own session: without both nobody
    comes in. ``ends_at`` never moves.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="assistances", db_index=False)
    user_label = models.CharField(max_length=140)
    agent = models.ForeignKey(User, models.SET_NULL, null=True, related_name="assistances_given", db_index=False)
    agent_label = models.CharField(max_length=140)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    mode = models.CharField(max_length=4, choices=AssistMode)
    reason = models.CharField(max_length=200)
    ticket = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=7, choices=Basis)
    consent = models.ForeignKey(Consent, models.SET_NULL, null=True, related_name="+", db_index=False)
    request = models.ForeignKey(Request, models.SET_NULL, null=True, related_name="+", db_index=False)
    unusual = models.CharField(max_length=40, blank=True)
    secret_hash = models.CharField(max_length=64)
    browser_hash = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_cause = models.CharField(max_length=9, blank=True, choices=EndCause)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at__isnull=True), name="assistances_one_a_user"),
            models.UniqueConstraint(
                fields=["agent"], condition=Q(ended_at__isnull=True), name="assistances_one_an_agent"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at"), ends_at__lte=F("started_at") + LONGEST),
                name="assistances_an_hour_at_most",
            ),
            models.CheckConstraint(condition=~Q(agent=F("user")), name="assistances_not_oneself"),
            models.CheckConstraint(
                condition=Q(reason__regex=rf"^\S.{{{SHORTEST_REASON - 2},}}\S$"), name="assistances_say_why"
            ),
            models.CheckConstraint(condition=Q(mode__in=AssistMode.values), name="assistances_mode"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_cause="")
                | Q(ended_at__isnull=False, end_cause__in=EndCause.values),
                name="assistances_end_with_a_cause",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-started_at"], name="assistances_by_user"),
            models.Index(fields=["agent", "-started_at"], name="assistances_by_agent"),
            models.Index(fields=["tenant", "-started_at"], name="assistances_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_label} → {self.user_label}"

    @property
    def path(self) -> str:
        """Where the gate finds it: where the customer was."""
        return self.organization.path

    @property
    def over(self) -> EndCause | None:
        """Why its time is over, by the clock alone."""
        now = clock.now()
        if now >= self.ends_at:
            return EndCause.EXPIRED
        return EndCause.IDLE if now >= self.seen_at + IDLE else None

    @property
    def is_live(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None and self.over is None


class Visit(models.Model):
    """One request of an assistance, under both names. The database refuses to change it, and to delete it by itself."""

    # The key and its cascade are made by hand in the migration: only the database itself may delete visits.
    assistance = models.ForeignKey(
        Assistance, models.DO_NOTHING, related_name="visits", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()
    method = models.CharField(max_length=10)
    url_name = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    request_id = models.CharField(max_length=40, blank=True)
    agent_id = models.BigIntegerField()
    agent_label = models.CharField(max_length=140)
    user_id = models.BigIntegerField()
    user_label = models.CharField(max_length=140)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["assistance", "at", "id"], name="visits_in_order")]

    def __str__(self) -> str:
        return f"{self.agent_label} for {self.user_label}: {self.method} {self.path} {self.status}"
