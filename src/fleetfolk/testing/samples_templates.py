"""Samples of templates."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
