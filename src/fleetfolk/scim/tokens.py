"""The tokens of directories: made here, shown once, kept as a hash."""

from typing import Final

from fleetfolk.api.secrets import LONGEST_SECRET, key_hash, new_key

__all__ = ["LONGEST_SECRET", "TOKEN", "key_hash", "new_token"]

TOKEN: Final = "ffd_"  # noqa: S105 - no secret
"""What each begins with, by which scanners of source code find it where it should not be."""


def new_token() -> str:
    """A fresh token of 256 bits."""
    return new_key(TOKEN)
