"""Journeys in a real browser, through the real server and worker."""
