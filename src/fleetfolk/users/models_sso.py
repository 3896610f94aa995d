"""Single sign-on: the provider by which an organization's people sign in, its domains, and who is who there."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User


class SsoKind(models.TextChoices):
    """The language that the provider speaks."""

    OIDC = "oidc", _("OpenID Connect")
    SAML = "saml", _("SAML 2.0")


class SsoMust(models.TextChoices):
    """Who of the provider's domains signs in by it and by nothing else."""

    NOBODY = "nobody", _("Nobody: a password works, too")
    STAFF = "staff", _("Whoever sees other people")
    EVERYBODY = "everybody", _("Everybody with an address of the domains")


class SingleSignOn(models.Model):
    """The provider of an organization, for the people in it and below.

    ``issuer`` is the issuer of OpenID Connect, or the provider's entity id of SAML: with the subject it says who
    somebody is. ``secret`` is sealed. ``key`` stands in addresses. ``spare`` is the Admin who may always use a
    password. Whoever comes for the first time and is not known gets an account with ``role``, where there is one.
    ``trusts_factor`` takes the provider's sign-in for both factors; ``vouches`` takes addresses of the domains for
    verified where the provider does not say whether they are.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.OneToOneField(Organization, models.CASCADE, related_name="single_sign_on")
    key = models.CharField(max_length=20, unique=True, editable=False)
    is_on = models.BooleanField(default=True)
    kind = models.CharField(max_length=4, choices=SsoKind)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=255, blank=True)
    secret = models.TextField(blank=True, editable=False)
    scopes = models.CharField(max_length=200, blank=True)
    sso_url = models.CharField(max_length=1000, blank=True)
    certificate = models.TextField(blank=True)
    must = models.CharField(max_length=9, choices=SsoMust, default=SsoMust.NOBODY)
    spare = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="+", db_index=False)
    trusts_factor = models.BooleanField(default=False)
    vouches = models.BooleanField(default=False)

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=SsoKind.values), name="sso_kind"),
            models.CheckConstraint(condition=Q(must__in=SsoMust.values), name="sso_must"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z2-7]{20}$"), name="sso_key"),
        ]

    def __str__(self) -> str:
        return self.organization.name

    @property
    def path(self) -> str:
        """Where the gate finds it."""
        return self.organization.path


class SsoDomain(models.Model):
    """A domain of addresses that an organization says is its own.

    Nothing follows from it before the domain's own name server says so, too: ``proof`` stands there then. Proved, a
    domain is of one organization on the whole installation.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    sso = models.ForeignKey(SingleSignOn, models.CASCADE, related_name="domains", db_index=False)
    domain = models.CharField(max_length=253, db_collation="C")
    proof = models.CharField(max_length=40, editable=False)
    proved_at = models.DateTimeField(null=True)

    comes_with = ("sso__organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sso", "domain"], name="ssodomains_once"),
            models.UniqueConstraint(fields=["domain"], condition=Q(proved_at__isnull=False), name="ssodomains_of_one"),
            models.CheckConstraint(condition=Q(domain__regex=r"^[a-z0-9.-]+$"), name="ssodomains_plain"),
        ]

    def __str__(self) -> str:
        return self.domain

    @property
    def path(self) -> str:
        """Where the gate finds it."""
        return self.sso.path

    @property
    def organization(self) -> Organization:
        """Where the action log files it."""
        return self.sso.organization


class SsoIdentity(models.Model):
    """Who a person is at a provider: the subject that this issuer calls them by. Never an address."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    sso = models.ForeignKey(SingleSignOn, models.CASCADE, related_name="identities", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sso_identities", db_index=False)
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255, db_collation="C")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sso", "issuer", "subject"], name="ssoidentities_of_one"),
            models.UniqueConstraint(fields=["user", "sso", "issuer"], name="ssoidentities_one_each"),
        ]

    def __str__(self) -> str:
        return f"{self.sso_id}: {self.user_id}"
