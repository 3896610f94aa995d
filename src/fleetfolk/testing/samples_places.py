"""Samples of locations."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
