"""What stands on one's own page of notifications besides the mails about devices: parts that other packages bring."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from fleetfolk.console.http import ConsoleRequest
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePart:
    """A card of the page: its place from the top, its template, and what that needs; None hides the card."""

    position: int
    template: str
    context: Callable[[ConsoleRequest, User], dict[str, Any] | None]


_PARTS: list[NoticePart] = []


def register_notice_part(part: NoticePart) -> None:
    """The card is on the page of everybody for whom it has something to say, above the mails about devices."""
    _PARTS.append(part)
    _PARTS.sort(key=lambda one: one.position)


def notice_parts(request: ConsoleRequest, person: User) -> list[SafeString]:
    """The cards that have something to say to the person, from the top."""
    drawn = [(part, part.context(request, person)) for part in _PARTS]
    return [render_to_string(part.template, known, request) for part, known in drawn if known is not None]
