"""Keys: of people for their own programs, and of programs that belong to an organization."""

import datetime as dt
from typing import Any, ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

NAME_LENGTH: Final = 80
TOKEN_LASTS: Final = dt.timedelta(hours=24)
"""So long a program's token opens the door, and so long it can be exchanged for the next."""


def _codes() -> "ArrayField[Any, Any]":
    return ArrayField(models.CharField(max_length=60), default=list)


class PersonalToken(models.Model):
    """A key with which a program acts as its holder, no further than ``scopes``: codes of permissions.

    ``sensitive`` keys may do what a browser would ask for a proof. A key ends with the sessions of its holder: it
    carries the epoch in which it was made.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    secret_hash = models.CharField(max_length=64, unique=True)
    secret_end = models.CharField(max_length=4)
    scopes = _codes()
    sensitive = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "name"], name="tokens_name_of_person")]

    def __str__(self) -> str:
        return self.name


class Program(models.Model):
    """A program of an organization: it acts in its own name, at that organization and below, by its permissions."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="programs")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    client_id = models.CharField(max_length=60, unique=True)
    permissions = _codes()
    sensitive = models.BooleanField(default=False)
    created_by_id = models.BigIntegerField(null=True)
    created_by_label = models.CharField(max_length=140, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="programs_name_in_organization")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: where its organization is."""
        return self.organization.path


class ProgramSecret(models.Model):
    """One of a program's secrets. There may be two at a time, so that they can be changed without a pause."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="secrets")
    secret_hash = models.CharField(max_length=64, unique=True)
    secret_end = models.CharField(max_length=4)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"…{self.secret_end}"


class ProgramToken(models.Model):
    """What a program got for its secret: a token for a day, and what exchanges it once. Gone with the secret."""

    secret = models.ForeignKey(ProgramSecret, models.CASCADE, related_name="tokens")
    access_hash = models.CharField(max_length=64, unique=True)
    refresh_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    refreshed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.secret_id} until {self.expires_at}"


class Window(models.Model):
    """How many requests the keys of an organization made in the minute that runs, taken in handfuls."""

    organization = models.OneToOneField(Organization, models.CASCADE, primary_key=True, related_name="+")
    minute = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.used}"


class Answer(models.Model):
    """What a request with an idempotency key was answered: the same request gets the same answer for a day.

    ``holder`` is whose key it came with, ``fingerprint`` a hash of what was asked. Without a status it goes on still,
    or nobody knows how it ended.
    """

    holder = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["holder", "key"], name="answers_once"),
            models.CheckConstraint(condition=~Q(key=""), name="answers_have_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.key}"


class Moved(models.Model):
    """What something was called on the server from which it was moved in: ``made_id`` is its key here."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    source = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    source_key = models.CharField(max_length=64)
    made_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "source", "kind", "source_key"], name="moved_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.source_key}"
