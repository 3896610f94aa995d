"""Samples of dashboards and branding."""

from fleetfolk.organizations.actions import EditBrandInput
from fleetfolk.testing.cast import actor
from fleetfolk.testing.sampling import Sample, Samples

SAMPLES: Samples = {
    "organization.brand.edit": lambda cast: Sample(
        target_id=cast.lumen.pk, data=EditBrandInput(name="Lumen", colour="#0f766e"), permitted=actor(cast.ada)
    ),
}
