"""Samples of activation, ownership and sharing."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
