"""Fleetfolk: the people side of a fleet of connected products."""
