"""How strong a role is."""

from collections.abc import Iterable

from fleetfolk.kernel.action import CATALOGUE


def is_strong(permissions: Iterable[str]) -> bool:
    """Whether a role with these permissions may do something for which people must show that it is them."""
    guarded = {
        action.permission.code
        for action in CATALOGUE.values()
        if action.risk.needs_proof and not action.permission.inherent
    }
    return not guarded.isdisjoint(permissions)
