"""Samples of remote assistance."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
