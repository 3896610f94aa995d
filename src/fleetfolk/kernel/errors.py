"""The refusals that an Action can expect. Everything else is a defect and crashes loudly."""

from typing import ClassVar, Literal

Result = Literal["done", "denied", "refused", "not_found"]


class ActionError(Exception):
    """An Action did not happen, for a reason that was foreseen.

    ``reason`` is a code in snake case; its sentence is in `fleetfolk.kernel.reasons`. ``about`` fills the sentence's
    named placeholders.
    """

    result: ClassVar[Result]

    def __init__(self, reason: str, **about: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about


class TargetNotFound(ActionError):
    """The target does not exist for this actor: absent, or of another tenant, or not to be seen."""

    result = "not_found"

    def __init__(self, reason: str = "not_found", **about: object) -> None:
        super().__init__(reason, **about)


class Denied(ActionError):
    """The actor lacks the right."""

    result = "denied"


class NotProved(ActionError):
    """The actor may, and nothing forbids it, but they must first show that it is them. Nothing was changed."""

    result = "refused"


class Refused(ActionError):
    """The actor has the right, but the target's state or the input forbids it."""

    result = "refused"
