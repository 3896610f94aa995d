"""Segments of people and devices: their rules and what these may ask, members, who came and went, and why."""
