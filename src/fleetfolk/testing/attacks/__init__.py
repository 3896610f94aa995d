"""Attacks that worked on other systems, each with its guards here and the tests that fail without them.

`tools/mutate.py` takes every guard away once and writes down in `proved.json` that its tests have failed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fleetfolk.testing.attacks.attack import Attack, Guard
from fleetfolk.testing.attacks.between_tenants import BETWEEN_TENANTS
from fleetfolk.testing.attacks.data_paths import DATA_PATHS
from fleetfolk.testing.attacks.invitations import INVITATIONS
from fleetfolk.testing.attacks.recovery import RECOVERY
from fleetfolk.testing.attacks.remote_assistance import REMOTE_ASSISTANCE
from fleetfolk.testing.attacks.sessions import SESSIONS
from fleetfolk.testing.attacks.upwards import UPWARDS

PARTS: Final[Mapping[str, tuple[Attack, ...]]] = {
    "Upwards in rights": UPWARDS,
    "Across tenants": BETWEEN_TENANTS,
    "Invitations": INVITATIONS,
    "In somebody else's name": REMOTE_ASSISTANCE,
    "Sessions, and switching off": SESSIONS,
    "Recovery, sign-in, and who is known": RECOVERY,
    "Files, lists and logs": DATA_PATHS,
}
ATTACKS: Final[tuple[Attack, ...]] = tuple(attack for part in PARTS.values() for attack in part)
PROVED: Final = Path(__file__).with_name("proved.json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Proved:
    """When the guard was taken away, and how many of its tests' cases failed then."""

    on: str
    failed: int


def proved() -> Mapping[str, Proved]:
    """What was found out, by the guard's digest."""
    return {digest: Proved(**said) for digest, said in json.loads(PROVED.read_text()).items()}


__all__ = ["ATTACKS", "PARTS", "PROVED", "Attack", "Guard", "Proved", "proved"]
