"""Fixtures of the whole suite."""

pytest_plugins = ["fleetfolk.testing.plugin"]
