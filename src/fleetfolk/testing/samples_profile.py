"""Samples of profiles, custom fields and rules."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
