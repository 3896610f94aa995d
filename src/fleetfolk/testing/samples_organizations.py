"""Samples of what is done with organizations."""

from fleetfolk.organizations.actions import ExportOrganizationsInput
from fleetfolk.testing.sampling import Samples, north

SAMPLES: Samples = {
    "organization.list.export": lambda cast: north(cast, ExportOrganizationsInput(filters="q=x")),
}
