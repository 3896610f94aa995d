"""How strangers get in: what an organization says of it, and each sign-up until it has become an account."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

CONFIRM_WITHIN = dt.timedelta(hours=24)
"""So long the link that confirms an address works."""

DECIDE_WITHIN = dt.timedelta(days=30)
"""So long a sign-up waits for somebody to let it in; then it is gone."""


class SignUpMode(models.TextChoices):
    """Who may sign up by themselves."""

    OFF = "off", _("Nobody")
    INVITED = "invited", _("Who was invited")
    DOMAINS = "domains", _("Who has an address of these domains")
    OPEN = "open", _("Everybody")


class SignUpInto(models.TextChoices):
    """Where somebody is who has signed up."""

    OWN = "own", _("In a new organization of their own, below this one")
    HERE = "here", _("In this organization")


class SignUp(models.Model):
    """What an organization says of signing up, and the key of its own link.

    Where ``mode`` is null, all that is said here is that of the nearest organization above that says something
    (`users.signing_up.terms_of`); the link is the organization's own all the same. Without a role it is the tenant's
    plain User. ``kind`` and ``pattern`` are those of organizations that are made for people.
    """

    organization = models.OneToOneField(Organization, models.CASCADE, primary_key=True, related_name="sign_up")
    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=20, unique=True, editable=False)
    mode = models.CharField(max_length=7, null=True, choices=SignUpMode)
    domains = ArrayField(models.CharField(max_length=253), default=list)
    into = models.CharField(max_length=4, choices=SignUpInto, default=SignUpInto.OWN)
    kind = models.CharField(max_length=12, default="personal")
    pattern = models.CharField(max_length=60, blank=True)
    role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="+", db_index=False)
    approve = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=SignUpMode.values), name="signups_mode"),
            models.CheckConstraint(condition=Q(into__in=SignUpInto.values), name="signups_into"),
            models.CheckConstraint(condition=Q(kind__in=("client", "personal")), name="signups_kind"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z2-7]{20}$"), name="signups_key"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}"


class Registration(models.Model):
    """Somebody who signs up. What stands here before the address is confirmed is the address, and nothing else.

    Whoever holds the link of the mail says the name and the password: nobody can prepare an account for the owner of an
    address. Each wish is a row with a link of its own, so that nobody can void another's. ``password`` is a hash, and
    is with the account alone as soon as there is one. In the log it is called by its number: many a sign-up never comes
    to anything, and its name would stay there.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="registrations", db_index=False)
    email = models.EmailField(max_length=254, db_collation="C")
    language = models.CharField(max_length=10, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    password = models.CharField(max_length=128, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    user = models.OneToOneField(User, models.CASCADE, null=True, related_name="registration")

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["secret_hash"], condition=~Q(secret_hash=""), name="registrations_by_secret"
            ),
            models.CheckConstraint(
                condition=Q(email__regex=r"^[!-@\[-~]+@[!-?\[-~]+$"), name="registrations_plain_lower"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, first_name="", last_name="", password="", user=None)
                | Q(confirmed_at__isnull=False, secret_hash=""),
                name="registrations_confirmed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "requested_at"], name="registrations_by_time"),
            models.Index(fields=["tenant", "email"], name="registrations_by_address"),
            models.Index(fields=["organization", "-confirmed_at"], name="registrations_confirmed_by"),
        ]

    def __str__(self) -> str:
        return f"sign-up {self.pk}"

    @property
    def path(self) -> str:
        """Where the gate finds it: where the person signs up."""
        return self.organization.path

    @property
    def name(self) -> str:
        """The person's name, once they have said it."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_open(self) -> bool:
        """Whether the address can still be confirmed."""
        return self.confirmed_at is None and clock.now() < self.expires_at

    @property
    def is_waiting(self) -> bool:
        """Whether the address is confirmed and somebody is to let the person in."""
        return self.confirmed_at is not None and self.user_id is None

    @classmethod
    def by_secret_hash(cls, secret_hash: str) -> Self | None:
        """The sign-up whose link carries this secret, also where it is over."""
        if not secret_hash:
            return None
        return cls.objects.select_related("organization").filter(secret_hash=secret_hash).first()
