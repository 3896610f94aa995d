"""What stands on the portal's home beside the greeting: parts that packages above bring along."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A card of the home page: its place from the top, its template, and what that needs; None hides the card.

    ``main`` cards are what the page is for; the others stand beside them.
    """

    position: int
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    main: bool = False


_CARDS: list[Card] = []


def register_card(card: Card) -> None:
    """The card is on the home page of every customer for whom it has something to say."""
    _CARDS.append(card)
    _CARDS.sort(key=lambda one: one.position)


def cards_for(request: HttpRequest, *, main: bool = False) -> list[SafeString]:
    """The cards of one column that have something to say to the signed-in person, from the top."""
    drawn = [(card, card.context(request)) for card in _CARDS if card.main is main]
    return [render_to_string(card.template, known, request) for card, known in drawn if known is not None]
