"""Samples of dashboards and branding."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
