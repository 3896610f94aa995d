"""Roles: what a person may do, as a named set of permissions."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from fleetfolk.organizations.models import Organization


class BuiltinRole(models.TextChoices):
    """The roles that every tenant has. Super Admin exists only in the installation's own tenant."""

    SUPER_ADMIN = "super_admin", _("Super Admin")
    ADMIN = "admin", _("Admin")
    STAFF = "staff", _("Staff")
    SUPPORT = "support", _("Support")
    USER = "user", _("User")


class Role(models.Model):
    """A named set of permissions of one tenant. ``permissions`` holds codes of the catalogue.

    Built-in roles can be renamed, so code asks for ``builtin`` and never for the name.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="roles", db_index=False)
    name = models.CharField(_("name"), max_length=40)
    builtin = models.CharField(max_length=12, blank=True, choices=BuiltinRole)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    position = models.PositiveSmallIntegerField(default=0)
    differs = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """In how many organizations its switches differ. A trigger counts."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "name"], name="roles_name_in_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "builtin"], condition=~models.Q(builtin=""), name="roles_one_of_each_builtin"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: roles belong to the whole tenant, so to its root."""
        return f"{self.tenant_id}."


import fleetfolk.access.models_guests  # noqa: E402 - of this app, and about the models above
import fleetfolk.access.models_switches  # noqa: E402, F401
