"""Tenants, the tree of organizations, and what an organization keeps for its people: locations and tags."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _


class OrganizationKind(models.TextChoices):
    """What an organization is to the operator."""

    INSTALLATION = "installation", _("Installation")
    ROOT = "root", _("Operator")
    BUSINESS = "business", _("Business")
    BRANCH = "branch", _("Branch")
    DISTRIBUTOR = "distributor", _("Distributor")
    RESELLER = "reseller", _("Reseller")
    CONTRACTOR = "contractor", _("Contractor")
    INSTALLER = "installer", _("Installer")
    CLIENT = "client", _("Client")
    PERSONAL = "personal", _("Personal")


class AssistanceRule(models.TextChoices):
    """Whether support may look into a customer's own view, and what it takes."""

    OFF = "off", _("Off")
    ASK = "ask", _("With the person's consent")
    WAIVED = "waived", _("Without asking; the person is told")


class LocationWord(models.TextChoices):
    """What an organization calls the places where its people and devices are."""

    LOCATION = "location", _("Location")
    SITE = "site", _("Job site")
    FACILITY = "facility", _("Facility")


class Plan(models.Model):
    """What a tenant may have: numbers by the codes of `organizations.limits`, and features. Data of the installation.

    A number that is null or missing is without end, or as the limit says where no plan does.
    """

    tenant = models.ForeignKey("Organization", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    limits = models.JSONField(default=dict)
    features = models.JSONField(default=dict)
    contact = models.CharField(_("whom to ask for more"), max_length=120, blank=True)
    for_new = models.BooleanField(_("for new tenants"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["for_new"], condition=models.Q(for_new=True), name="plans_one_for_new"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: plans are the installation's."""
        return f"{self.tenant_id}."


class UnitSystem(models.TextChoices):
    """In which units an organization reads values."""

    METRIC = "metric", _("Metric")
    IMPERIAL = "imperial", _("Imperial")


class Organization(models.Model):
    """A node of the tree. A tenant is a root organization and all below it.

    ``path`` holds the keys from the root down to this one, each followed by a dot (``1.7.19.``); the database keeps it,
    so that what is below an organization is what begins with its path. A rule that is null is that of the organization
    above (`queries.rules_of`).

    ``line`` holds the folded names from the root down, by which the tree is put in order; the database keeps it, too.
    ``let_in_by`` counts the clients whose partner it is, whether it is time or over; the database keeps it.
    Where ``allows_below`` is off, nothing new comes below it or below what is below it already.
    What is archived has ``archived_at``, all that is below it the same moment: nobody of it signs in.
    """

    tenant = models.ForeignKey("self", models.PROTECT, related_name="+", db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", db_index=False)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("type"), max_length=12, choices=OrganizationKind)
    path = models.TextField(db_collation="C", editable=False)
    country = models.CharField(_("country"), max_length=2, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    assistance_rule = models.CharField(_("remote assistance"), max_length=6, null=True, choices=AssistanceRule)
    second_factor_rule = models.BooleanField(_("second factor for everybody"), null=True)
    second_factor_staff_rule = models.BooleanField(_("second factor for staff"), null=True)
    gravatar_rule = models.BooleanField(_("pictures from Gravatar"), null=True)
    email_domains_rule = ArrayField(models.CharField(max_length=253), null=True, verbose_name=_("e-mail domains"))
    message_cap_rule = models.PositiveSmallIntegerField(_("mails and pushes of messages a day"), null=True)
    session_idle_rule = models.PositiveSmallIntegerField(_("signed out when unused, minutes"), null=True)
    session_hours_rule = models.PositiveSmallIntegerField(_("signed out in any case, hours"), null=True)
    password_length_rule = models.PositiveSmallIntegerField(_("shortest password"), null=True)
    password_mixed_rule = models.BooleanField(_("letters and digits in passwords"), null=True)

    description = models.CharField(_("description"), max_length=500, blank=True, db_default="")
    phone = models.CharField(_("phone"), max_length=16, blank=True, db_default="")
    address = models.CharField(_("address"), max_length=200, blank=True, db_default="")
    unit_system = models.CharField(
        _("units"), max_length=8, choices=UnitSystem, default=UnitSystem.METRIC, db_default=UnitSystem.METRIC
    )
    allows_below = models.BooleanField(_("may have organizations below"), default=True, db_default=True)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    created_by_id = models.BigIntegerField(null=True, editable=False)
    line = models.TextField(db_collation="C", db_default="", editable=False)
    let_in_by = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    location_word = models.CharField(_("word for locations"), max_length=8, null=True, choices=LocationWord)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="organizations", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(plan=None) | models.Q(parent=None), name="organizations_plan_of_tenant"
            ),
            models.CheckConstraint(
                condition=models.Q(location_word__in=LocationWord.values), name="organizations_location_word"
            ),
            models.UniqueConstraint(fields=["tenant", "path"], name="organizations_path"),
            models.UniqueConstraint(fields=["parent", "name"], name="organizations_name_below_parent"),
            models.CheckConstraint(
                condition=models.Q(assistance_rule__in=AssistanceRule.values), name="organizations_assistance_rule"
            ),
            models.CheckConstraint(
                condition=models.Q(unit_system__in=UnitSystem.values), name="organizations_unit_system"
            ),
            models.CheckConstraint(
                condition=models.Q(phone="") | models.Q(phone__regex=r"^\+[1-9][0-9]{4,14}$"),
                name="organizations_phone_e164",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "name"], name="organizations_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_tenant(self) -> bool:
        """Whether this is the root of a tenant."""
        return self.parent_id is None

    @property
    def depth(self) -> int:
        """Levels from the root, which is 1."""
        return self.path.count(".")

    def holds(self, other: Self) -> bool:
        """Whether the other organization is this one or below it."""
        return self.tenant_id == other.tenant_id and other.path.startswith(self.path)


class Location(models.Model):
    """A place of an organization: a building, an office, a job site."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="locations", db_index=False)
    name = models.CharField(_("name"), max_length=48)
    address = models.CharField(_("address"), max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "organization", "name"], name="locations_name_in_organization"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="locations_position",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "name"], name="locations_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: the path of its organization."""
        return self.organization.path

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude, where they are known."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


class Tag(models.Model):
    """A coloured word that an organization puts on people and devices. Its owner is who created it."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="tags", db_index=False)
    name = models.CharField(_("name"), max_length=24)
    colour = models.PositiveSmallIntegerField(_("colour"), default=1)
    created_by_id = models.BigIntegerField(null=True, editable=False)
    created_by_label = models.CharField(max_length=140, db_default="", editable=False)
    search_text = models.GeneratedField(
        expression=models.Func("name", function="tag_words"), output_field=models.TextField(), db_persist=True
    )

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "organization", "name"], name="tags_name_in_organization"),
            models.CheckConstraint(condition=models.Q(colour__range=(1, 6)), name="tags_colour"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: the path of its organization."""
        return self.organization.path


class FieldKind(models.TextChoices):
    """What a field of one's own holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of a list")
    SWITCH = "switch", _("Yes or no")
    LINK = "link", _("Link")


class CustomField(models.Model):
    """A field that an organization keeps about the people in it and below it.

    Values are with the person, by this row's key (`users.User.custom`): renaming the field costs nothing. A field that
    was archived is not shown any more; its values stay. Searches find people by what a ``searchable`` one says of them.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="fields", db_index=False)
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=6, choices=FieldKind)
    choices = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    required = models.BooleanField(_("required"), default=False)
    searchable = models.BooleanField(_("found by search"), default=False, db_default=False)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    comes_with = ("organization",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                condition=models.Q(retired_at__isnull=True),
                name="fields_name_in_organization",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=FieldKind.values), name="fields_kind"),
            models.CheckConstraint(
                condition=~models.Q(kind=FieldKind.SWITCH, searchable=True), name="fields_searchable"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "organization"], name="fields_of_organization")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the gate finds it: the path of its organization."""
        return self.organization.path


class BrandPart(models.TextChoices):
    """The pictures that are made of a logo."""

    LOGO = "logo", _("Logo")
    ICON_180 = "icon-180", _("Icon of 180 pixels")
    ICON_192 = "icon-192", _("Icon of 192 pixels")
    ICON_512 = "icon-512", _("Icon of 512 pixels")


class Brand(models.Model):
    """How an organization looks to its people, and to those below it.

    What is empty is as the organization above has it; above the topmost, as the product has it, the name as the
    tenant's. ``sender_name`` and ``sender_email`` are whom mails come from (`sender_of`).

    ``key`` stands in the addresses of its pictures and its style sheet, which everybody may read: it tells nobody which
    tenants there are. ``version`` grows with every change, so that browsers may keep what they have.
    """

    organization = models.OneToOneField(Organization, models.CASCADE, primary_key=True, related_name="brand")
    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=32, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("name"), max_length=40, blank=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True)
    support_email = models.EmailField(_("support by mail"), max_length=254, blank=True)
    support_phone = models.CharField(_("support by phone"), max_length=24, blank=True)
    support_link = models.URLField(_("support page"), max_length=300, blank=True)
    privacy_link = models.URLField(_("privacy"), max_length=300, blank=True)
    terms_link = models.URLField(_("terms"), max_length=300, blank=True)
    sender_name = models.CharField(_("sender of mails"), max_length=60, blank=True)
    sender_email = models.EmailField(_("address of the sender"), max_length=254, blank=True)
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(colour="") | models.Q(colour__regex=r"^#[0-9a-f]{6}$"), name="brands_colour"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BrandPicture(models.Model):
    """One picture of a brand: a PNG that this program has written."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="pictures", db_index=False)
    part = models.CharField(max_length=8, choices=BrandPart)
    png = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["brand", "part"], name="brandpictures_once")]

    def __str__(self) -> str:
        return self.part
