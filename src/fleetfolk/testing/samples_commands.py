"""Samples of commands to devices."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
