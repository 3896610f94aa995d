"""Samples of devices."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
