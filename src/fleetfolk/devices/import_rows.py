"""What becomes of each row of a file of devices: a new device, or the reason why not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.devices.fitting import fits_metadata
from fleetfolk.devices.import_columns import LABELS, Column, columns_of, facts_of
from fleetfolk.devices.models import Device, MetadataField, MetadataKind, Template, TemplateUse
from fleetfolk.devices.permissions import ORG_DEVICES_CREATE
from fleetfolk.devices.tokens import Kept, secret_hash
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Location, Organization
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.importing.cells import plain_cell
from fleetfolk.users.importing.names import clean_name
from fleetfolk.users.importing.problems import UnfitValue
from fleetfolk.users.importing.reading import Record
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_YES, _NO = frozenset({"1", "true", "yes", "on", "y"}), frozenset({"0", "false", "no", "off", "n"})

SENTENCES: dict[str, StrPromise] = {
    "name": gettext_lazy("Give the device a name of at most 60 letters."),
    "template_unknown": gettext_lazy("There is no template “%(value)s”. Use its name or its id as its page shows it."),
    "template_not_here": gettext_lazy("This template is not enabled for %(organization)s."),
    "organization_unknown": gettext_lazy("There is no organization “%(value)s” to which you may add devices."),
    "organization_ambiguous": gettext_lazy("There is more than one organization “%(value)s”."),
    "owner_unknown": gettext_lazy("There is nobody with the address “%(value)s” whom you reach and who can sign in."),
    "location_unknown": gettext_lazy("%(organization)s has no location “%(value)s”."),
    "serial_long": gettext_lazy("A serial number has at most 64 letters."),
    "serial_there": gettext_lazy("There is a device of this template with this serial number already."),
    "token_shape": gettext_lazy("A token has 32 letters, figures, hyphens or underscores."),
    "token_taken": gettext_lazy("This token cannot be used: a device has it already."),
    "position": gettext_lazy("Latitude and longitude are two numbers, as in 47.37 and 8.54."),
    "metadata": gettext_lazy("“%(value)s” does not fit the field %(field)s."),
    "metadata_missing": gettext_lazy("The field %(field)s must be filled in."),
}


class Unfit(Exception):
    """The row asks for something that cannot be done."""

    def __init__(self, reason: str, column: str = "", **values: str) -> None:
        super().__init__(reason)
        self.reason, self.column, self.values = reason, column, values


@dataclass(kw_only=True, slots=True)
class Planned:
    """A row: the device that it becomes, or why it becomes none."""

    record: Record
    device: Device | None = None
    problem: Unfit | None = None


def sentence_of(reason: str, column: str, values: dict[str, Any]) -> str:
    """What is wrong with a row, as a person reads it."""
    said = str(SENTENCES.get(reason) or REASONS[reason]) % values
    label = LABELS.get(column)
    return f"{label}: {said}" if label else said


@dataclass(kw_only=True)
class Plan:
    """The plan of one chunk of rows, with the actor's present rights. Everything is looked up for the chunk at once."""

    actor: Actor
    job: Job
    rows: Sequence[Record]
    grants: list[Grant] = field(default_factory=list)

    def planned(self) -> list[Planned]:
        """What becomes of each row."""
        headers = self.job.input["headers"]
        self._at, self._facts = columns_of(headers), facts_of(headers)
        self.grants = [grant for grant in grants_of(self.actor) if ORG_DEVICES_CREATE.code in grant.permissions]
        self._look_up()
        plans = []
        for record in self.rows:
            try:
                plans.append(Planned(record=record, device=self._device(record)))
            except Unfit as unfit:
                plans.append(Planned(record=record, problem=unfit))
        self._leave_out([plan for plan in plans if plan.device is not None])
        return plans

    def _leave_out(self, adding: list[Planned]) -> None:
        """The rows for which the tenant's plan has no room become problems, the last ones first.

        A check that changes nothing counts what its earlier chunks would have added.
        """
        only_check = bool(self.job.input["only_check"])
        room = limits.room(self.job.tenant_id, "devices", locked=not only_check) if adding else None
        if room is None:
            return
        before = self.job.counts.get("new", 0) if only_check else 0
        refusal = room.refusal()
        values = {name: str(value) for name, value in refusal.about.items()}
        for plan in adding[max(0, room.left - before) :]:
            plan.device, plan.problem = None, Unfit(refusal.reason, **values)

    def _cell(self, record: Record, column: Column) -> str:
        at = self._at.get(column)
        return "" if at is None else plain_cell(record.cells[at])

    def _every(self, column: Column) -> set[str]:
        return {cell for record in self.rows if (cell := self._cell(record, column))}

    def _look_up(self) -> None:
        tenant = self.job.tenant_id
        fields = Prefetch("metadata_fields", MetadataField.objects.order_by("position", "pk"))
        templates = Template.objects.filter(tenant_id=tenant, archived_at__isnull=True).prefetch_related(fields)
        self._templates = {key: one for one in templates for key in (one.name.casefold(), one.public_id.casefold())}
        self._by_key = {one.pk: one for one in templates}
        uses = TemplateUse.objects.filter(tenant_id=tenant).values_list("template_id", "organization_id")
        self._uses = set(uses)
        names = {name.lower() for name in self._every(Column.ORGANIZATION)}
        named = Organization.objects.annotate(lower=Lower("name")).filter(tenant_id=tenant, archived_at=None)
        reached = named.filter(Q(pk=self.job.organization_id) | Q(lower__in=names))
        self._organizations: dict[str, list[Organization]] = {}
        for one in reached:
            if any(grant.reaches(one.path) for grant in self.grants):
                self._organizations.setdefault(one.name.lower(), []).append(one)
        emails = {email.lower() for email in self._every(Column.OWNER)}
        people = User.objects.filter(tenant_id=tenant, email__in=emails, is_active=True)
        seen = GATE.within_reach(people, actor=self.actor, permission=VIEW_USERS)
        self._people = {person.email: person for person in seen}
        places = [one.pk for found in self._organizations.values() for one in found]
        locations = Location.objects.filter(organization_id__in=places, name__in=self._every(Column.LOCATION))
        self._locations = {(one.organization_id, one.name): one for one in locations}
        present = Device.objects.filter(serial__in=self._every(Column.SERIAL))
        serials = GATE.within_reach(present, actor=self.actor, permission=ORG_DEVICES_CREATE)
        self._serials = set(serials.values_list("template_id", "serial"))
        hashes = [secret_hash(token) for token in self._every(Column.TOKEN)]
        self._tokens = set(Device.objects.filter(token_hash__in=hashes).values_list("token_hash", flat=True))

    def _device(self, record: Record) -> Device:
        organization = self._organization(record)
        template = self._template(record, organization)
        latitude, longitude = self._position(record)
        device = Device(
            tenant_id=organization.tenant_id,
            organization=organization,
            template=template,
            owner=self._owner(record),
            location=self._location(record, organization),
            name=self._name(record),
            serial=self._serial(record, template),
            metadata=self._metadata(record, template),
            latitude=latitude,
            longitude=longitude,
        )
        if token := self._token(record):
            device.token_hash, device.token_end = token.hash, token.end
            self._tokens.add(token.hash)
        if device.serial:
            self._serials.add((template.pk, device.serial))
        return device

    def _name(self, record: Record) -> str:
        try:
            name = clean_name(self._cell(record, Column.NAME), limit=60)
        except UnfitValue as error:
            raise Unfit("name", Column.NAME) from error
        if not name:
            raise Unfit("name", Column.NAME)
        return name

    def _organization(self, record: Record) -> Organization:
        name = self._cell(record, Column.ORGANIZATION)
        found = self._organizations.get((name or self.job.organization.name).lower(), [])
        if not name:
            found = [one for one in found if one.pk == self.job.organization_id]
        if not found:
            raise Unfit("organization_unknown", Column.ORGANIZATION, value=name or self.job.organization.name)
        if len(found) > 1:
            raise Unfit("organization_ambiguous", Column.ORGANIZATION, value=name)
        return found[0]

    def _template(self, record: Record, organization: Organization) -> Template:
        name = self._cell(record, Column.TEMPLATE)
        template = self._templates.get(name.casefold()) if name else self._by_key.get(self.job.input["template"] or 0)
        if template is None:
            raise Unfit("template_unknown", Column.TEMPLATE, value=name)
        enabled = organization.is_tenant or any((template.pk, key) in self._uses for key in upwards(organization))
        if not enabled:
            raise Unfit("template_not_here", Column.TEMPLATE, organization=organization.name)
        return template

    def _owner(self, record: Record) -> User | None:
        email = self._cell(record, Column.OWNER).lower()
        if not email:
            return None
        if email not in self._people:
            raise Unfit("owner_unknown", Column.OWNER, value=email)
        return self._people[email]

    def _location(self, record: Record, organization: Organization) -> Location | None:
        name = self._cell(record, Column.LOCATION)
        if not name:
            return None
        location = self._locations.get((organization.pk, name))
        if location is None:
            raise Unfit("location_unknown", Column.LOCATION, value=name, organization=organization.name)
        return location

    def _serial(self, record: Record, template: Template) -> str:
        serial = self._cell(record, Column.SERIAL)
        if len(serial) > 64 or not serial.isprintable():
            raise Unfit("serial_long", Column.SERIAL)
        if serial and (template.pk, serial) in self._serials:
            raise Unfit("serial_there", Column.SERIAL)
        return serial

    def _token(self, record: Record) -> Kept | None:
        token = self._cell(record, Column.TOKEN)
        if not token:
            return None
        if not _TOKEN.fullmatch(token):
            raise Unfit("token_shape", Column.TOKEN)
        kept = Kept.of(token)
        if kept.hash in self._tokens:
            raise Unfit("token_taken", Column.TOKEN)
        return kept

    def _position(self, record: Record) -> tuple[float | None, float | None]:
        latitude, longitude = self._cell(record, Column.LATITUDE), self._cell(record, Column.LONGITUDE)
        if not latitude and not longitude:
            return None, None
        try:
            north, east = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
        except ValueError as error:
            raise Unfit("position", Column.LATITUDE) from error
        if not (-90 <= north <= 90 and -180 <= east <= 180):
            raise Unfit("position", Column.LATITUDE)
        return north, east

    def _metadata(self, record: Record, template: Template) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for one in template.metadata_fields.all():
            at = self._facts.get(one.name.casefold())
            text = "" if at is None else plain_cell(record.cells[at])
            if not text:
                if one.required and one.default_value is None:
                    raise Unfit("metadata_missing", field=one.name)
                if one.default_value is not None:
                    values[str(one.pk)] = one.default_value
                continue
            value = _typed(one.kind, text)
            if value is None or not fits_metadata(one.kind, value, one.choices):
                raise Unfit("metadata", value=text[:60], field=one.name)
            values[str(one.pk)] = value
        return values


def _typed(kind: str, text: str) -> Any:
    """The text as a value of the field's kind; None where it cannot be one."""
    try:
        match kind:
            case MetadataKind.NUMBER:
                return float(text.replace(",", "."))
            case MetadataKind.COORDINATES:
                north, east = (float(part) for part in text.split(","))
                return [east, north]
            case MetadataKind.SWITCH:
                return True if text.casefold() in _YES else False if text.casefold() in _NO else None
    except ValueError:
        return None
    return text


def shown(reason: str, column: str, values: dict[str, Any]) -> str:
    """The sentence, or that the reason is of another version."""
    return (
        sentence_of(reason, column, values)
        if reason in SENTENCES or reason in REASONS
        else gettext("This row was left out.")
    )
