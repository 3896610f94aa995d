"""The pages about directories, and the door at which directories ask."""

from typing import Final

ROOT: Final = "/scim/v2"
"""Where the door is, below the address of the installation."""
