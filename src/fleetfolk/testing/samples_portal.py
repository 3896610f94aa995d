"""Samples of the own account."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
