"""Fifty people use an installation for half an hour, and it stays as fast and as small as it was."""
