"""Directories that keep an organization's people, and what they call them."""

from typing import Any, ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

NAME_LENGTH: Final = 80
TEXT_LENGTH: Final = 255
"""Of what a directory calls people and groups."""


class Removal(models.TextChoices):
    """What becomes of somebody whom the directory deletes."""

    DEACTIVATE = "deactivate", _("Deactivate: hidden, and everything comes back when they are activated")
    DELETE = "delete", _("Delete: restorable for seven days, then erased")


class ScimClient(models.Model):
    """A directory that is let in. It acts in its own name, upon the people whose home is its organization.

    It holds ``permissions`` and all that its ``roles`` hold, so it changes nobody who holds more than these and gives
    none but these. ``role`` is what whoever it creates begins with.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="scim_clients")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    secret_hash = models.CharField(max_length=64, unique=True)
    secret_end = models.CharField(max_length=4)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    roles: "models.ManyToManyField[Role, Any]" = models.ManyToManyField(Role, related_name="+")
    permissions: "ArrayField[Any, Any]" = ArrayField(models.CharField(max_length=60), default=list)
    invites = models.BooleanField(default=True)
    changes_addresses = models.BooleanField(default=False)
    removal = models.CharField(max_length=10, choices=Removal, default=Removal.DEACTIVATE)
    created_by_id = models.BigIntegerField(null=True)
    created_by_label = models.CharField(max_length=140, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    rotated_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="scim_name_in_organization"),
            models.CheckConstraint(condition=Q(removal__in=Removal.values), name="scim_removal"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: where its organization is."""
        return self.organization.path


class Identity(models.Model):
    """What a directory calls somebody. It says nothing to anybody else, and signs nobody in.

    ``spelling`` is how the directory writes what is kept here in another way: ``phone`` as it wrote the number, beside
    what was ``read`` from it; ``plain`` is an address that it does not call the primary one. It finds its own spelling
    again, and does not correct ours for ever.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="identities", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="scim_identities")
    user_name = models.CharField(max_length=TEXT_LENGTH)
    external_id = models.CharField(max_length=TEXT_LENGTH, blank=True)
    spelling = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "user"], name="scim_identity_once"),
            models.UniqueConstraint("client", Upper("user_name"), name="scim_user_name_once"),
            models.UniqueConstraint(
                fields=["client", "external_id"], condition=~Q(external_id=""), name="scim_external_id_once"
            ),
        ]

    def __str__(self) -> str:
        return self.user_name


class Group(models.Model):
    """A group of a directory. Its people have the ``role``, where somebody here, or its name, said which."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="groups", db_index=False)
    name = models.CharField(max_length=TEXT_LENGTH)
    external_id = models.CharField(max_length=TEXT_LENGTH, blank=True)
    role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    comes_with = ("client__organization", "role")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("client", Upper("name"), name="scim_group_name_once"),
            models.UniqueConstraint(
                fields=["client", "external_id"], condition=~Q(external_id=""), name="scim_group_external_id_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organization(self) -> Organization:
        """Where the action log files it: the organization of its directory."""
        return self.client.organization

    @property
    def path(self) -> str:
        """Where the gate finds it: where its directory's organization is."""
        return self.client.path


class Member(models.Model):
    """Somebody in a group of a directory."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="scim_groups")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "user"], name="scim_member_once")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.user_id}"
