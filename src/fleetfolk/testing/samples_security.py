"""Samples of sessions, second factors and addresses."""

from fleetfolk.testing.sampling import Samples

SAMPLES: Samples = {}
