"""Templates: what devices of one model are, report and obey."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from fleetfolk.organizations.models import Organization


class Template(models.Model):
    """A device model: what its devices are, report and obey.

    It belongs to the tenant's root and is used by the organizations for which it is enabled (`TemplateUse`), with all
    below them. ``version`` grows with every change of it or of its parts, so that whoever keeps a copy knows when it is
    old. ``offline_after`` is how long, in seconds, a device stays online after it was last heard of.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="templates", db_index=False)
    public_id = models.CharField(max_length=16, editable=False)
    name = models.CharField(_("name"), max_length=60)
    manufacturer = models.CharField(_("manufacturer"), max_length=60, blank=True)
    model = models.CharField(_("model"), max_length=60, blank=True)
    hardware = models.CharField(_("hardware"), max_length=40, blank=True)
    connection = models.CharField(_("connection"), max_length=20, blank=True)
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    icon = models.CharField(_("picture"), max_length=40, default="device-desktop")
    description = models.TextField(_("description"), max_length=1000, blank=True)
    offline_after = models.PositiveIntegerField(_("offline after"), default=60)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    archived_at = models.DateTimeField(null=True)

    comes_with = ("tenant",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="templates_public_id"),
            models.UniqueConstraint("tenant", Lower("name"), name="templates_name_in_tenant"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: at the tenant's root."""
        return f"{self.tenant_id}."

    @property
    def organization(self) -> Organization:
        """Where the action log files it."""
        return self.tenant


class TemplateUse(models.Model):
    """A template is enabled for an organization and all below it."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    template = models.ForeignKey(Template, models.CASCADE, related_name="uses", db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="template_uses")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["template", "organization"], name="templateuses_once")]

    def __str__(self) -> str:
        return f"{self.template_id} in {self.organization_id}"


class Part(models.Model):
    """What belongs to a template and to its tenant, and is found where the template is."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)

    comes_with = ("tenant", "template")

    class Meta:
        abstract = True

    @property
    def path(self) -> str:
        """Where the gate finds it: at the tenant's root."""
        return f"{self.tenant_id}."

    @property
    def organization(self) -> Organization:
        """Where the action log files it."""
        return self.tenant


class StreamKind(models.TextChoices):
    """What a datastream's values are."""

    INTEGER = "integer", _("Whole number")
    DOUBLE = "double", _("Number")
    STRING = "string", _("Text")
    ENUMERABLE = "enumerable", _("One of a list")
    LOCATION = "location", _("Location")
    BOOLEAN = "boolean", _("On or off")


class Datastream(Part):
    """One series of values of a template's devices, addressed by its pin (``v0`` to ``v255``) or its name.

    ``choices`` of an enumerable are records of value, label and colour (1 to 6). ``keep_raw``: every value is kept,
    else one average a minute. ``sync``: the device is sent the latest value when it connects.
    """

    template = models.ForeignKey(Template, models.CASCADE, related_name="datastreams", db_index=False)
    name = models.CharField(_("name"), max_length=40)
    alias = models.CharField(_("alias"), max_length=40, blank=True)
    pin = models.PositiveSmallIntegerField(_("pin"))
    kind = models.CharField(_("type"), max_length=10, choices=StreamKind)
    units = models.CharField(_("units"), max_length=16, blank=True)
    minimum = models.FloatField(_("minimum"), null=True)
    maximum = models.FloatField(_("maximum"), null=True)
    default_value = models.JSONField(_("default"), null=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), null=True)
    keep_raw = models.BooleanField(_("keep every value"), default=False)
    sync = models.BooleanField(_("send to the device when it connects"), default=False)
    writable = models.BooleanField(_("people can set it"), default=False)
    choices = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "pin"], name="datastreams_pin"),
            models.UniqueConstraint("template", Lower("name"), name="datastreams_name"),
            models.CheckConstraint(condition=Q(pin__range=(0, 255)), name="datastreams_pin_range"),
            models.CheckConstraint(condition=Q(kind__in=StreamKind.values), name="datastreams_kind"),
        ]

    def __str__(self) -> str:
        return self.alias or self.name


class MetadataKind(models.TextChoices):
    """What a metadata field holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    SWITCH = "switch", _("Yes or no")
    LIST = "list", _("One of a list")
    COORDINATES = "coordinates", _("Coordinates")
    TIME_ZONE = "time_zone", _("Time zone")
    EMAIL = "email", _("E-mail")
    DATE = "date", _("Date")
    LINK = "link", _("Link")


class MetadataField(Part):
    """A fact that each device of a template carries. Values are with the device, by this row's key."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="metadata_fields", db_index=False)
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("type"), max_length=12, choices=MetadataKind)
    units = models.CharField(_("units"), max_length=16, blank=True)
    choices = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    required = models.BooleanField(_("required"), default=False)
    default_value = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("template", Lower("name"), name="metadatafields_name"),
            models.CheckConstraint(condition=Q(kind__in=MetadataKind.values), name="metadatafields_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Level(models.TextChoices):
    """How grave an event is."""

    INFO = "info", _("Info")
    WARNING = "warning", _("Warning")
    CRITICAL = "critical", _("Critical")
    CONTENT = "content", _("Content")


class EventKind(Part):
    """Something that a template's devices may report, by its code. ``notify`` holds owner, shared, staff."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="event_kinds", db_index=False)
    code = models.CharField(_("code"), max_length=50)
    name = models.CharField(_("name"), max_length=50)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.INFO)
    description = models.CharField(_("description"), max_length=300, blank=True)
    on_timeline = models.BooleanField(_("show on the timeline"), default=True)
    notify = ArrayField(models.CharField(max_length=6), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "code"], name="eventkinds_code"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="eventkinds_level"),
        ]

    def __str__(self) -> str:
        return self.name
