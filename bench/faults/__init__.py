"""Kills a part of a running installation in the middle of its work, and looks whether all was done once or told."""
