"""The input of Actions that need none."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class NoInput:
    """Nothing but the target."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonInput:
    """Why, in the actor's own words; may be empty."""

    reason: str = ""
