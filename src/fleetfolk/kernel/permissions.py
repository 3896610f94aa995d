"""Permissions: what a role can be given, declared once with the words that the role editor shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from django_stubs_ext import StrPromise

CODE = re.compile(r"[a-z]+(\.[a-z_]+){1,3}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Permission:
    """One right, as a role holds it.

    ``guards_strength``: the right acts on a person's account, and so never on somebody stronger than the actor.
    ``requires``: switching this on switches those on; switching one of those off switches this off.
    ``inherent``: everybody holds it over themselves and no role carries it.
    ``own``: the right that does the same with what one holds oneself, and ``hold`` how closely one must hold it (the
    target's model says what that means: `fleetfolk.devices.models.Hold`).
    ``for_developers``: the right counts only for people in developer mode, whatever their role holds.
    """

    code: str
    label: StrPromise
    sentence: StrPromise
    group: StrPromise
    requires: tuple["Permission", ...] = ()
    guards_strength: bool = False
    inherent: bool = False
    own: "Permission | None" = None
    hold: int = 0
    for_developers: bool = False
    blynk: str = field(default="")

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise TypeError(f"{self.code!r} is not a permission code like 'users.credentials.manage'")
        if self.code in PERMISSIONS:
            raise TypeError(f"the permission {self.code!r} is declared twice")
        PERMISSIONS[self.code] = self

    def __repr__(self) -> str:
        return f"<Permission {self.code}>"


PERMISSIONS: dict[str, Permission] = {}


def role_permissions() -> list[Permission]:
    """Every permission that a role can hold, in the order of declaration."""
    return [permission for permission in PERMISSIONS.values() if not permission.inherent]


@cache
def for_developers() -> frozenset[str]:
    """The codes of what takes developer mode. Asked when every package is loaded."""
    return frozenset(code for code, permission in PERMISSIONS.items() if permission.for_developers)


def with_required(codes: Iterable[str]) -> set[str]:
    """The codes and everything they require, however deep. An unknown code is a `KeyError`."""
    complete: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in complete:
            complete.add(code)
            waiting += [needed.code for needed in PERMISSIONS[code].requires]
    return complete


def without_dependents(codes: Iterable[str], *, removed: str) -> set[str]:
    """The codes less ``removed`` and less everything that requires it, however deep."""
    kept = set(codes) - {removed}
    while True:
        orphans = {code for code in kept if any(need.code not in kept for need in PERMISSIONS[code].requires)}
        if not orphans:
            return kept
        kept -= orphans
