"""What the cells of a list's rows say, as HTML that is ready for a stencil."""

import datetime as dt
import functools
from collections.abc import Sequence
from html import escape

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fleetfolk.console import marking, states, times

TAGS_SHOWN = 1
NOTHING = SafeString("")


class Drawing:
    """What all rows of a page have in common: the moment, the language, the words that were looked for."""

    def __init__(self, *, words: Sequence[str]) -> None:
        self.now = timezone.now()
        self.words = words
        self.language = get_language()
        self.never = muted(_("never"))

    def marked(self, text: str) -> SafeString:
        """The text with what was found in it marked."""
        return marking.marked(text, self.words) if text else NOTHING

    def when(self, moment: dt.datetime | None) -> SafeString:
        """The moment, or the word for never."""
        return times.time_element(moment, now=self.now) if moment else self.never

    def status(self, code: str) -> SafeString:
        """The state's shape and word."""
        return _status(self.language, code)


def escaped(text: str) -> SafeString:
    """The text as HTML; quicker than Django's functions, which first look whether it is to be translated later."""
    return SafeString(escape(text))


@functools.lru_cache(maxsize=200)
def muted(text: str) -> SafeString:
    """A word that stands in the place of a value that there is not."""
    return format_html('<span class="muted">{}</span>', text)


def tags(held: Sequence[tuple[str, int]], drawing: Drawing) -> SafeString:
    """The first tags, pairs of name and colour, and how many more there are. What was found comes first, marked."""
    if not held:
        return NOTHING
    if drawing.words:
        held = sorted(held, key=lambda tag: not marking.spans_of(tag[0], drawing.words))
    shown = [_tag(name, colour, drawing.words) for name, colour in held[:TAGS_SHOWN]]
    if more := ", ".join(name for name, _colour in held[TAGS_SHOWN:]):
        shown.append(format_html('<span class="ff-tag more" title="{}">+{}</span>', more, len(held) - TAGS_SHOWN))
    return SafeString("".join(shown))


@functools.lru_cache(maxsize=200)
def _status(language: str | None, code: str) -> SafeString:
    return format_html('<span class="ff-st {}">{}</span>', code, states.WORDS[code])


@functools.lru_cache(maxsize=1000)
def _tag(name: str, colour: int, words: Sequence[str]) -> SafeString:
    kind = f"t{colour}" if colour else "plain"
    return format_html('<span class="ff-tag {}">{}</span>', kind, marking.marked(name, words))
