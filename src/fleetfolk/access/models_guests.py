"""Who reaches an organization from elsewhere: guests with a role of their own there, and partners that were let in."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import HeldAt
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization


class MembershipState(models.TextChoices):
    """How far somebody has come as a guest."""

    INVITED = "invited", _("Invited")
    IN = "in", _("Guest")
    OVER = "over", _("Ended")


class Membership(models.Model):
    """Somebody of the same tenant is a guest in an organization: they have a role there, until an end or for good.

    Their account stays with their home organization, which alone governs it. Invited is an address: who has it is known
    when they accept, so that nobody learns from an invitation which addresses have accounts.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="guests", db_index=False, verbose_name=_("organization")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="memberships", db_index=False
    )
    email = models.EmailField(_("e-mail"), max_length=254)
    role = models.ForeignKey(Role, models.PROTECT, related_name="guests", verbose_name=_("role"))
    ends_at = models.DateTimeField(_("ends"), null=True)
    created_at = models.DateTimeField(_("invited"), db_default=Now(), editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    invited_by_id = models.BigIntegerField()
    invited_by_label = models.CharField(max_length=140)

    comes_with = ("organization", "role", "user")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organization"], name="memberships_once"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at__isnull=True),
                name="memberships_one_invitation",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True, accepted_at__isnull=True)
                | Q(user__isnull=False, accepted_at__isnull=False),
                name="memberships_accepted_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "organization"], name="memberships_of_organization"),
            models.Index(
                fields=["tenant", "email"], condition=Q(accepted_at__isnull=True), name="memberships_of_address"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user_id else self.email

    @property
    def path(self) -> str:
        """Where the gate finds it: the place to which it gives a role."""
        return self.organization.path

    @property
    def state(self) -> MembershipState:
        """How far it has come, now."""
        if is_over(self.ends_at):
            return MembershipState.OVER
        return MembershipState.IN if self.accepted_at else MembershipState.INVITED

    @classmethod
    def live(cls) -> models.QuerySet["Membership"]:
        """Those that give a role now."""
        return Membership.objects.filter(accepted_at__isnull=False).exclude(ends_at__lte=clock.now())


class PartnerMode(models.TextChoices):
    """How far a partner is let in."""

    VIEW = "view", _("See devices")
    CONTROL = "control", _("See and control devices")


class Partnership(models.Model):
    """A client lets another organization of the tenant in: its people reach the client's devices for a period.

    They do there what their own role lets them do with devices, and no more than the mode says.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(Organization, models.CASCADE, related_name="partners", db_index=False)
    partner = models.ForeignKey(Organization, models.CASCADE, related_name="clients")
    mode = models.CharField(_("how far"), max_length=7, choices=PartnerMode)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by_id = models.BigIntegerField()
    created_by_label = models.CharField(max_length=140)

    comes_with = ("client", "partner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "partner"], name="partnerships_once"),
            models.CheckConstraint(condition=Q(mode__in=PartnerMode.values), name="partnerships_mode"),
            models.CheckConstraint(condition=~Q(client=models.F("partner")), name="partnerships_of_two"),
        ]

    def __str__(self) -> str:
        return self.partner.name

    @property
    def path(self) -> str:
        """Where the gate finds it: the client, who lets in and out."""
        return self.client.path

    @property
    def organization(self) -> Organization:
        """Where the action log files it."""
        return self.client

    @property
    def is_live(self) -> bool:
        """Whether the partner is in now."""
        return self.starts_at <= clock.now() and not is_over(self.ends_at)

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return is_over(self.ends_at)


def is_over(ends_at: dt.datetime | None) -> bool:
    """Whether an end has come."""
    return ends_at is not None and ends_at <= clock.now()


def guest_strength(person: Any) -> frozenset[str]:
    """What the person's roles elsewhere hold, besides that at home."""
    if not person.guest_roles:
        return frozenset()
    there = HeldAt(F("role_id"), F("organization__path"))
    held = Membership.live().filter(user_id=person.pk).values_list(there, flat=True)
    return frozenset(code for permissions in held for code in permissions)
