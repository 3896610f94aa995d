"""A mail's words as HTML: paragraphs, links to this installation alone, and the one link that matters as a button."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Paragraphs:
    """What a mail says before its button and after it; ``button`` is an address, empty where the mail asks nothing."""

    before: tuple[SafeString, ...]
    button: str
    after: tuple[SafeString, ...]


def paragraphs_of(text: str, *, link: str = "") -> Paragraphs:
    """The text in pieces; the first line that is ``link``, or this installation's address, and no more is the button.

    ``text`` is plain, and so are its paragraphs: one empty line between two.
    """
    wanted = {link, settings.FLEETFOLK_ORIGIN, f"{settings.FLEETFOLK_ORIGIN}/"} - {""}
    lines = text.strip().split("\n")
    at = next((number for number, line in enumerate(lines) if line.strip() in wanted), None)
    if at is None or not lines[at].startswith(settings.FLEETFOLK_ORIGIN):
        return Paragraphs(before=_pieces(lines), button="", after=())
    return Paragraphs(before=_pieces(lines[:at]), button=lines[at].strip(), after=_pieces(lines[at + 1 :]))


def with_own_links(text: str) -> SafeString:
    """The text as HTML in which addresses of this installation are links. A name that looks like one stays a name."""
    own = re.compile(re.escape(escape(settings.FLEETFOLK_ORIGIN)) + r"(?:/[\w/.-]*)?")
    return mark_safe(own.sub(r'<a href="\g<0>">\g<0></a>', escape(text)))  # noqa: S308 - escaped here


def _pieces(lines: list[str]) -> tuple[SafeString, ...]:
    pieces = re.split(r"\n\s*\n", "\n".join(lines))
    return tuple(with_own_links(piece.strip("\n")) for piece in pieces if piece.strip())
