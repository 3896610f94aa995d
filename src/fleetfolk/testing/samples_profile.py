"""Samples of profiles, custom fields and rules."""

from typing import Any

from fleetfolk.access.actions import EditRulesInput
from fleetfolk.organizations.actions import (
    ArchiveFieldInput,
    CreateFieldInput,
    DeleteTagInput,
    EditFieldInput,
    EditTagInput,
    RestoreTagInput,
)
from fleetfolk.organizations.models import CustomField, FieldKind, Tag
from fleetfolk.organizations.models_tags import DeletedTag
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, north, own
from fleetfolk.users.actions.export_list import ExportListInput
from fleetfolk.users.actions.export_own_log import ExportOwnLogInput


def own_field(cast: Cast, name: str = "Contract") -> CustomField:
    """A field of North."""
    with staging():
        field, _created = CustomField.objects.get_or_create(
            tenant=cast.lumen, organization=cast.north, name=name, defaults={"kind": FieldKind.TEXT}
        )
    return field


def own_tag(cast: Cast) -> Tag:
    """A tag of North."""
    with staging():
        tag, _created = Tag.objects.get_or_create(tenant=cast.lumen, organization=cast.north, name="Contract")
    return tag


def deleted_tag(cast: Cast) -> DeletedTag:
    """A tag of North that was deleted."""
    with staging():
        tag, _created = DeletedTag.objects.get_or_create(
            pk=4_000, tenant=cast.lumen, organization=cast.north, name="Spring", colour=2
        )
    return tag


def _restored(cast: Cast) -> Sample:
    return Sample(target_id=deleted_tag(cast).pk, data=RestoreTagInput(), permitted=actor(cast.ada))


def _tag(cast: Cast, data: Any) -> Sample:
    return Sample(target_id=own_tag(cast).pk, data=data, permitted=actor(cast.ada))


def _field(cast: Cast, data: Any) -> Sample:
    return Sample(target_id=own_field(cast).pk, data=data, permitted=actor(cast.ada))


SAMPLES: Samples = {
    "field.create": lambda cast: north(cast, CreateFieldInput(name="Contract", kind=FieldKind.TEXT)),
    "field.edit": lambda cast: _field(cast, EditFieldInput(name="Agreement", required=True)),
    "tag.edit": lambda cast: _tag(cast, EditTagInput(name="Agreement", colour=2)),
    "tag.delete": lambda cast: _tag(cast, DeleteTagInput()),
    "tag.restore": _restored,
    "field.archive": lambda cast: _field(cast, ArchiveFieldInput()),
    "user.list.export": lambda cast: north(cast, ExportListInput(columns="name")),
    "user.log.export": lambda cast: own(cast, ExportOwnLogInput(period="day")),
    "organization.rules.edit": lambda cast: north(cast, EditRulesInput(second_factor=True)),
}
