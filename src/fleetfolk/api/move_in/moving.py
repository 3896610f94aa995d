"""What was read on the other server is here, each thing once: through Actions, in the name and with the rights of
whoever moves in. What cannot come along is left out, with the reason, and everything else goes on.

Each thing is made in one transaction with the note where it came from (`api.models.Moved`), so that moving in can be
broken off at any moment and begun again: what came is not made a second time, and what was refused is tried again.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.db import DataError, IntegrityError
from django.db.models import Model

from fleetfolk.api.actions.create_source import CreateSource, CreateSourceInput
from fleetfolk.api.models import Moved
from fleetfolk.api.move_in.parts import template_file
from fleetfolk.api.move_in.people import Newcomers
from fleetfolk.api.move_in.world import Row, World
from fleetfolk.api.platform.numbers import KINDS
from fleetfolk.devices.actions.assign_device_tag import AssignDeviceTag, DeviceTagInput
from fleetfolk.devices.actions.assign_owner import AssignOwner, AssignOwnerInput
from fleetfolk.devices.actions.create_device import CreateDevice, CreateDeviceInput
from fleetfolk.devices.actions.edit_metadata import EditMetadata, EditMetadataInput
from fleetfolk.devices.actions.enable_template import EnableTemplate, TemplateUseInput
from fleetfolk.devices.actions.import_template import ImportTemplate, ImportTemplateInput
from fleetfolk.devices.fitting import typed_metadata
from fleetfolk.devices.models import Device, MetadataField, Template
from fleetfolk.devices.template_queries import templates_enabled
from fleetfolk.devices.tokens import Kept, new_token
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import Following, Step, perform, perform_together
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions.create_organization import CreateOrganization, CreateOrganizationInput
from fleetfolk.organizations.actions.create_tag import CreateTag, CreateTagInput
from fleetfolk.organizations.actions.edit_organization import EditOrganization, EditOrganizationInput
from fleetfolk.organizations.models import Organization, OrganizationKind, Tag
from fleetfolk.users.models import User

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")


class Result(StrEnum):
    """How it went with one thing."""

    MADE = "made"
    THERE = "there already"
    WOULD = "would be made"
    LEFT = "left out"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the report. ``token`` is there where a device got a new one: it is told here alone."""

    kind: str
    key: str
    name: str
    result: Result
    made_id: int | None = None
    detail: str = ""
    token: str = ""


@dataclass(kw_only=True)
class Moving:
    """Moving in from one server into one organization."""

    actor: Actor
    into: Organization
    source: str
    world: World
    dry_run: bool = False
    _places: dict[int, Organization] = field(default_factory=dict)
    _made: dict[tuple[str, str], int] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        """Everything, one after another: a line as soon as a thing is done."""
        noted = Moved.objects.filter(tenant_id=self.actor.tenant_id, source=self.source)
        self._made = {(one.kind, one.source_key): one.made_id for one in noted}
        self._places[self.world.root] = self.into
        for row in self.world.organizations[1:]:
            yield self._organization(row)
        for row in self.world.templates:
            yield self._template(row)
        yield from self._enabled()
        for place, rows in self.world.tags.items():
            for row in rows:
                yield self._tag(place, row)
        yield from self._people()
        for row in self.world.devices:
            yield self._device(row)

    def _organization(self, row: Row) -> Line:
        above = self._places.get(int(row["parentOrganizationId"]))
        about = Line(kind="organization", key=str(row["id"]), name=str(row["name"]), result=Result.THERE)
        if above is None:
            return self._left(about, "The organization above it was left out.")
        there = Organization.objects.filter(parent_id=above.pk or 0, name=row["name"])
        line = self._brought(about, Organization, there, self._new_organization(row, above), _target)
        if line.made_id is not None:
            self._places[int(row["id"])] = Organization.objects.get(pk=line.made_id)
        elif line.result is Result.WOULD:
            self._places[int(row["id"])] = Organization(name=row["name"], tenant_id=self.into.tenant_id)
        return line

    def _new_organization(self, row: Row, above: Organization) -> list[Step | Following]:
        kind = KINDS.get(str(row.get("type")).upper(), OrganizationKind.BUSINESS)
        description = str(row.get("description") or "")[:500]
        phone = str(row.get("phoneNumber") or "")
        address = str((row.get("address") or {}).get("fullAddress") or "")[:200]
        zone = str(row.get("tz") or above.time_zone)
        data = CreateOrganizationInput(
            name=str(row["name"]),
            kind=OrganizationKind.BUSINESS if kind == OrganizationKind.ROOT else kind,
            time_zone=zone,
        )
        steps: list[Step | Following] = [(CreateOrganization, above.pk or 0, data)]
        if description or phone or address:
            edited = EditOrganizationInput(
                name=data.name, time_zone=zone, description=description, phone=phone, address=address
            )
            steps.append(lambda outcomes: (EditOrganization, outcomes[0].target.pk, edited))
        return steps

    def _template(self, row: Row) -> Line:
        file, left = template_file(row)
        about = Line(
            kind="template",
            key=str(row["id"]),
            name=file.facts.name,
            result=Result.THERE,
            detail="without " + ", ".join(left) if left else "",
        )
        known = Template.objects.filter(tenant_id=self.actor.tenant_id)
        there = known.filter(public_id=file.public_id) if file.public_id else known.filter(name=file.facts.name)
        data = ImportTemplateInput(file=file, everywhere=False)
        steps: list[Step | Following] = [(ImportTemplate, self.into.tenant_id, data)]
        return self._brought(about, Template, there, steps, lambda outcome: int(outcome.facts["template_id"] or 0))

    def _enabled(self) -> Iterator[Line]:
        for key, templates in self.world.enabled.items():
            place = self._places.get(key)
            if place is None or self.dry_run:
                continue
            usable = set(templates_enabled(place).values_list("pk", flat=True))
            for template in sorted(templates):
                made = self._made.get(("template", str(template)))
                if made is None or made in usable:
                    continue
                about = Line(kind="template use", key=f"{template} in {key}", name=place.name, result=Result.MADE)
                refused = self._done(EnableTemplate, made, TemplateUseInput(organization_id=place.pk))
                yield self._left(about, refused) if refused else about

    def _tag(self, place_key: int, row: Row) -> Line:
        about = Line(kind="tag", key=str(row["id"]), name=str(row["name"]), result=Result.THERE)
        place = self._places.get(place_key)
        if place is None:
            return self._left(about, "Its organization was left out.")
        there = Tag.objects.filter(organization=place, name=row["name"]) if place.pk else Tag.objects.none()
        steps: list[Step | Following] = [(CreateTag, place.pk or 0, CreateTagInput(name=str(row["name"])))]
        return self._brought(about, Tag, there, steps, lambda outcome: int(outcome.facts["tag_id"] or 0))

    def _people(self) -> Iterator[Line]:
        """Organization by organization, by the import of the page: nobody is written to."""
        for key, place in self._places.items():
            people = [row for row in self.world.people if int(row["orgId"]) == key]
            if not people:
                continue
            newcomers = Newcomers(actor=self.actor, place=place, people=people)
            told = newcomers.looked_at() if self.dry_run else newcomers.brought()
            for row, word, why in told:
                yield Line(kind="user", key=str(row["id"]), name=str(row["name"]), result=Result(word), detail=why)

    def _device(self, row: Row) -> Line:
        about = Line(kind="device", key=str(row["id"]), name=str(row["name"]), result=Result.THERE)
        place, template = self._places.get(int(row["orgId"])), self._made.get(("template", str(row["templateId"])))
        if place is None or (template is None and not self.dry_run):
            return self._left(about, "Its organization or template was left out.")
        given = str(row.get("token") or "")
        token = given if _TOKEN.fullmatch(given) else new_token()
        data = CreateDeviceInput(template_id=template or 0, name=str(row["name"])[:60], token=Kept.of(token))
        steps: list[Step | Following] = [(CreateDevice, place.pk or 0, data)]
        line = self._brought(about, Device, Device.objects.none(), steps, _target)
        if line.made_id is None:
            return line
        told = token if line.result is Result.MADE and token != given else ""
        return _with(line, detail="; ".join(self._completed(line.made_id, row)), token=told)

    def _completed(self, device_id: int, row: Row) -> Iterator[str]:
        """The device's facts, tags and owner are there, as far as they can be; what is missing is said."""
        device = Device.objects.select_related("organization").get(pk=device_id)
        fields = {one.name: one for one in MetadataField.objects.filter(template_id=device.template_id)}
        for said in row["metafields"]:
            one, value = fields.get(str(said["name"])), said.get("value")
            if one is None or value in (None, "") or str(one.pk) in device.metadata:
                continue
            typed = typed_metadata(one.kind, value) if isinstance(value, str) else value
            if refused := self._done(EditMetadata, device.pk, EditMetadataInput(values={one.pk: typed})):
                yield f"{one.name}: {refused}"
        carried = set(device.device_tags.values_list("tag_id", flat=True))
        for said in row["tags"]:
            tag = self._made.get(("tag", str(said["id"])))
            if tag is None:
                yield f"without the tag {said['name']}"
            elif tag not in carried and (refused := self._done(AssignDeviceTag, device.pk, DeviceTagInput(tag_id=tag))):
                yield f"{said['name']}: {refused}"
        yield from self._owned(device, row)

    def _owned(self, device: Device, row: Row) -> Iterator[str]:
        owner = next((one for one in self.world.people if one["id"] == row.get("ownerUserId")), None)
        if owner is None or device.owner_id is not None:
            return
        email = str(owner["email"]).lower()
        if not User.objects.filter(tenant_id=device.tenant_id, email=email, is_active=True).exists():
            yield f"without its owner {email}, who has no account yet: move in again when they have"
        elif refused := self._done(AssignOwner, device.pk, AssignOwnerInput(email=email)):
            yield f"{email}: {refused}"

    def _brought(
        self,
        about: Line,
        model: type[Model],
        there: Any,
        steps: list[Step | Following],
        key_of: Callable[[Outcome[Any]], int],
    ) -> Line:
        """The thing is made and noted, or was there; where it is there under its own name, it is only noted."""
        noted = self._made.get((about.kind, about.key))
        if noted is not None:
            if model._default_manager.filter(pk=noted, tenant_id=self.actor.tenant_id).exists():
                return _with(about, made_id=noted)
            return self._left(about, "It was moved in, and has been deleted here.")
        found = there.values_list("pk", flat=True).first()
        if self.dry_run:
            return _with(about, made_id=found) if found else _with(about, result=Result.WOULD)
        try:
            if found:
                perform(CreateSource, actor=self.actor, target_id=self.into.pk, data=self._note(about, found))
                made = int(found)
            else:
                outcomes = perform_together(
                    [*steps, lambda done: (CreateSource, self.into.pk, self._note(about, key_of(done[0])))],
                    actor=self.actor,
                )
                made = key_of(outcomes[0])
        except (ActionError, IntegrityError, DataError) as error:
            return self._left(about, _why(error))
        self._made[(about.kind, about.key)] = made
        return _with(about, made_id=made, result=Result.THERE if found else Result.MADE)

    def _note(self, about: Line, made_id: int) -> CreateSourceInput:
        return CreateSourceInput(source=self.source, kind=about.kind, source_key=about.key, made_id=made_id)

    def _done(self, action: Any, target_id: int, data: Any) -> str:
        """Empty, or why not."""
        try:
            perform(action, actor=self.actor, target_id=target_id, data=data)
        except (ActionError, IntegrityError, DataError) as error:
            return _why(error)
        return ""

    @staticmethod
    def _left(about: Line, why: str) -> Line:
        return _with(about, result=Result.LEFT, detail=why)


def _target(outcome: Outcome[Any]) -> int:
    return int(outcome.target.pk)


def _with(line: Line, **changed: Any) -> Line:
    values: Mapping[str, Any] = {name: getattr(line, name) for name in Line.__dataclass_fields__}
    return Line(**{**values, **changed})


def _why(error: Exception) -> str:
    if isinstance(error, ActionError):
        return sentence_for(error)
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "type"
    return f"The database refused it ({rule})."
