"""Samples of what is done with organizations."""

from fleetfolk.kernel import clock
from fleetfolk.organizations.actions import EditOrganizationInput, ExportOrganizationsInput
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, north
from fleetfolk.tree.actions import (
    ArchiveOrganizationInput,
    DeleteOrganizationInput,
    RestoreOrganizationInput,
    TransferOrganizationInput,
)


def empty(cast: Cast) -> Organization:
    """An organization below North in which nobody and nothing is."""
    with staging():
        found, _created = Organization.objects.get_or_create(
            tenant=cast.lumen, parent=cast.north, name="Empty", defaults={"kind": "client"}
        )
    found.refresh_from_db()
    return found


def archived(cast: Cast) -> Organization:
    """North, put away."""
    with staging():
        Organization.objects.filter(pk=cast.north.pk).update(archived_at=clock.now())
    return cast.north


SAMPLES: Samples = {
    "organization.list.export": lambda cast: north(cast, ExportOrganizationsInput(filters="q=x")),
    "organization.edit": lambda cast: north(cast, EditOrganizationInput(name="North of all", phone="+49301234567")),
    "organization.archive": lambda cast: north(cast, ArchiveOrganizationInput()),
    "organization.restore": lambda cast: Sample(
        target_id=archived(cast).pk, data=RestoreOrganizationInput(), permitted=actor(cast.ada)
    ),
    "organization.delete": lambda cast: Sample(
        target_id=empty(cast).pk, data=DeleteOrganizationInput(), permitted=actor(cast.ada)
    ),
    "organization.transfer": lambda cast: north(cast, TransferOrganizationInput(parent_id=cast.south.pk)),
}
