"""Samples of export, deactivation and erasure."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
