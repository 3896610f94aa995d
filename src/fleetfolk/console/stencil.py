"""Table rows drawn through a stencil: the template says once what a row looks like, and each row fills in its words.

A page of 25 rows has more than a thousand template nodes; evaluated one by one they cost more than everything else that
the page does. Here the row's partial is rendered once for each language and choice of columns, with blanks where a
row's own values go. A row then costs one join of strings. The markup stays in the template, where it belongs.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Characters for private use, which no text that we show has: names are cleaned of them.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_BLANK = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")


def blank(name: str) -> SafeString:
    """A place in the markup for the value of this name."""
    return SafeString(f"{_OPEN}{name}{_CLOSE}")


class _Blanks:
    """Stands for a row while its partial is rendered: every name is there, as a blank."""

    def __getitem__(self, name: str) -> SafeString:
        return blank(name)


@dataclass(frozen=True, slots=True)
class Stencil:
    """Markup in pieces: every second one is a blank, the name of a row's value."""

    pieces: tuple[str, ...]

    def filled(self, rows: Iterable[Mapping[str, object]]) -> SafeString:
        """The rows one after the other. What is not marked as safe HTML is escaped; a missing value is a KeyError."""
        blanks, filled = self.pieces[1::2], []
        for row in rows:
            values = {name: _as_html(value) for name, value in row.items()}
            line = [*self.pieces]
            line[1::2] = [values[name] for name in blanks]
            filled += line
        return SafeString("".join(filled))


def _as_html(value: object) -> str:
    """What is marked as HTML as it is, all else escaped. Asked of every value of every row, so by its very type."""
    if type(value) is SafeString:
        return value
    return str(value) if type(value) is int else escape(str(value))


def stencil_of(partial: str, **context: Any) -> Stencil:
    """The stencil of a template's partial, in which `row.name` is a blank, as is what `blank()` puts into the context.

    The context's values must be hashable.
    """
    return _drawn(partial, get_language(), tuple(sorted(context.items())))


def kept[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """What is drawn for the same arguments, which must be hashable, is drawn once; with ``DEBUG`` each time."""
    known = functools.lru_cache(maxsize=1024)(draw)

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        return draw(*args, **kwargs) if settings.DEBUG else known(*args, **kwargs)  # type: ignore[arg-type]

    return drawn


@kept
def _drawn(partial: str, language: str | None, context: tuple[tuple[str, Any], ...]) -> Stencil:
    markup = get_template(partial).render({**dict(context), "row": _Blanks()})
    return Stencil(tuple(_BLANK.split(markup.strip())))
