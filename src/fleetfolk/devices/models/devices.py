"""Devices, and who owns, shares and claims them."""

import datetime as dt
from enum import IntEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, GeneratedField, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models.templates import Template
from fleetfolk.jobs.models import Job
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Location, Organization, Tag
from fleetfolk.users.models import User

RESTORABLE_FOR = dt.timedelta(days=7)
"""So long a deleted device can be restored; then it is gone with all that it reported."""


class ShareLevel(models.TextChoices):
    """How far a share goes; each level holds those before it."""

    VIEW = "view", _("See")
    CONTROL = "control", _("See and control")
    MANAGE = "manage", _("Manage")


class Hold(IntEnum):
    """How closely somebody holds a device: a share's level, or as its owner."""

    VIEW = 1
    CONTROL = 2
    MANAGE = 3
    OWN = 4


HOLD_OF: dict[str, Hold] = {
    ShareLevel.VIEW: Hold.VIEW,
    ShareLevel.CONTROL: Hold.CONTROL,
    ShareLevel.MANAGE: Hold.MANAGE,
}


class DeviceState(models.IntegerChoices):
    """What the database knows of a device; online or not is another matter (`reports.Reported`)."""

    ACTIVE = 1, _("Active")
    WAITING = 2, _("Not yet connected")
    DEACTIVATED = 3, _("Deactivated")
    DELETED = 4, _("Deleted")
    AWAY = 5, _("Hidden with its owner")


class Device(models.Model):
    """A device: in one organization, with at most one owner and any number of shares.

    Its token signs it in and is stored hashed; ``token_end`` shows its last characters. ``metadata`` holds values by
    the field's key. What was done ``by_organization`` is not its holder's to undo. As long as its
    owner is deactivated it is ``owner_away``: nowhere to be seen, and silent. That and the last block of columns are
    kept by triggers (`migrations/owner_away.sql`, `migrations/directory.sql`).
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="devices", db_index=False)
    template = models.ForeignKey(Template, models.PROTECT, related_name="devices", db_index=False)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="devices", db_index=False)
    location = models.ForeignKey(Location, models.SET_NULL, null=True, related_name="devices", db_index=False)
    name = models.CharField(_("name"), max_length=60)
    serial = models.CharField(_("serial number"), max_length=64, blank=True)
    firmware = models.CharField(_("firmware"), max_length=40, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    token_end = models.CharField(max_length=4, blank=True)
    metadata = models.JSONField(default=dict)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    activated_at = models.DateTimeField(null=True)
    deactivated_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deactivated_by_organization = models.BooleanField(default=False, db_default=False)
    deleted_by_organization = models.BooleanField(default=False, db_default=False)
    owner_away = models.BooleanField(default=False, db_default=False, editable=False)
    tags = models.ManyToManyField(Tag, through="DeviceTag", related_name="devices")

    state = GeneratedField(
        expression=Case(
            When(deleted_at__isnull=False, then=Value(DeviceState.DELETED.value)),
            When(owner_away=True, then=Value(DeviceState.AWAY.value)),
            When(deactivated_at__isnull=False, then=Value(DeviceState.DEACTIVATED.value)),
            When(activated_at__isnull=True, then=Value(DeviceState.WAITING.value)),
            default=Value(DeviceState.ACTIVE.value),
        ),
        output_field=models.PositiveSmallIntegerField(choices=DeviceState),
        db_persist=True,
    )

    path = models.TextField(db_collation="C", db_default="", editable=False)
    reach = ArrayField(
        models.BigIntegerField(), db_default=Value([], ArrayField(models.BigIntegerField())), editable=False
    )
    name_key = models.TextField(db_collation="C", db_default="", editable=False)
    template_key = models.TextField(db_collation="C", db_default="", editable=False)
    owner_key = models.TextField(db_collation="C", db_default="", editable=False)
    organization_key = models.TextField(db_collation="C", db_default="", editable=False)
    location_key = models.TextField(db_collation="C", db_default="", editable=False)
    search_text = models.TextField(db_default="", editable=False)

    comes_with = ("organization", "template", "owner", "location")
    logged_as = "t.name"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="devices_token"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="devices_position",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def held(cls, user_id: int, hold: int) -> Q:
        """The devices that the person owns, or that are shared with them now at least so far."""
        if hold == Hold.OWN:
            return Q(owner_id=user_id)
        # One list of keys, each half from its own index: joined by OR, all devices of the tenant would be looked at.
        owned = cls.objects.filter(owner_id=user_id).values("pk")
        return Q(pk__in=owned.union(Share.live(user_id, hold).values("device_id"), all=True))

    def is_held_by(self, user_id: int, hold: int) -> bool:
        """Whether the person owns it, or it is shared with them now at least so far."""
        if self.owner_id == user_id:
            return True
        return hold != Hold.OWN and Share.live(user_id, hold).filter(device_id=self.pk).exists()


class Share(models.Model):
    """One device is shared with one person, until an end or until it is revoked.

    ``address`` is what was typed: all that whoever shares may know of the person. ``through`` is the share by which
    whoever gave this one could; it is gone with that one, and lasts no longer.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="shares", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="device_shares")
    address = models.EmailField(_("e-mail"), max_length=254, db_default="")
    level = models.CharField(_("level"), max_length=7, choices=ShareLevel)
    ends_at = models.DateTimeField(_("ends"), null=True)
    through = models.ForeignKey("self", models.CASCADE, null=True, related_name="given_on")
    created_by_id = models.BigIntegerField()
    created_by_label = models.CharField(max_length=140)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    comes_with = ("device__organization", "user")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "user"], name="shares_once"),
            models.CheckConstraint(condition=Q(level__in=ShareLevel.values), name="shares_level"),
        ]

    def __str__(self) -> str:
        return f"{self.device} → {self.user}"

    @classmethod
    def live(cls, user_id: int, hold: int) -> models.QuerySet["Share"]:
        """The person's shares of at least this level that have not ended."""
        levels = [level for level, held in HOLD_OF.items() if held >= hold]
        return cls.objects.filter(user_id=user_id, level__in=levels).exclude(ends_at__lte=clock.now())

    @property
    def path(self) -> str:
        """Where the gate finds it: where the device is."""
        return self.device.path

    @property
    def organization(self) -> Organization:
        """Where the action log files it."""
        return self.device.organization

    @classmethod
    def held(cls, user_id: int, hold: int) -> Q:
        """Those of devices that the person holds so closely."""
        return Q(device__in=Device.objects.filter(Device.held(user_id, hold)))

    def is_held_by(self, user_id: int, hold: int) -> bool:
        """Whether the person holds its device so closely."""
        return self.device.is_held_by(user_id, hold)


class Gift(models.Model):
    """A device is offered to one person, who has not said yet whether they take it.

    ``address`` is what was typed: all that whoever gives may know of the person.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    device = models.OneToOneField(Device, models.CASCADE, related_name="gift")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    address = models.EmailField(_("e-mail"), max_length=254)
    created_by_id = models.BigIntegerField()
    created_by_label = models.CharField(max_length=140)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField(_("ends"))

    def __str__(self) -> str:
        return f"{self.device_id} → {self.user_id}"


class Claim(models.Model):
    """A static token: whoever shows its code becomes the owner of its device, once. The code is stored hashed."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    device = models.OneToOneField(Device, models.CASCADE, related_name="claim")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    code_hash = models.CharField(max_length=64)
    code_end = models.CharField(max_length=4)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    comes_with = ("organization", "device")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code_hash"], name="claims_code")]

    def __str__(self) -> str:
        return f"…{self.code_end}"

    @property
    def path(self) -> str:
        """Where the gate finds it: where its code was issued, wherever the device is now."""
        return self.organization.path


class Provisioning(models.Model):
    """A device that an app is setting up over the device's own Wi-Fi: it has until then to sign in the first time."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    device = models.OneToOneField(Device, models.CASCADE, related_name="provisioning")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.device_id)


class DeviceTag(models.Model):
    """A tag on a device."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="device_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="device_tags")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "tag"], name="devicetags_once")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.tag_id}"
