"""Table rows drawn through a stencil: the template says once what a row looks like, and each row fills in its words.

A page of 25 rows has more than a thousand template nodes; evaluated one by one they cost more than everything else that
the page does. Here the row's partial is rendered once for each language and choice of columns, with blanks where a
row's own values go. A row then costs one join of strings. The markup stays in the template, where it belongs.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Characters for private use, which no text that we show has: names are cleaned of them.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_READY = frozenset({SafeString, int})
"""What stands in HTML as it is. Asked of every value of every row, so by its very type."""

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
    """Markup as a format of `%`, in which each blank is the name of a row's value."""

    markup: str

    def filled(self, rows: Iterable[Mapping[str, object]]) -> SafeString:
        """The rows one after the other. What is not marked as safe HTML is escaped; a missing value is a KeyError."""
        lines = [
            self.markup % {name: value if type(value) in _READY else escape(str(value)) for name, value in row.items()}
            for row in rows
        ]
        return SafeString("".join(lines))


def stencil_of(partial: str, **context: Any) -> Stencil:
    """The stencil of a template's partial, in which `row.name` is a blank, as is what `blank()` puts into the context.

    The context's values must be hashable.
    """
    if settings.DEBUG:
        return _drawn.__wrapped__(partial, get_language(), tuple(sorted(context.items())))
    return _drawn(partial, get_language(), tuple(sorted(context.items())))


@functools.lru_cache(maxsize=256)
def _drawn(partial: str, language: str | None, context: tuple[tuple[str, Any], ...]) -> Stencil:
    markup = get_template(partial).render({**dict(context), "row": _Blanks()})
    return Stencil(_BLANK.sub(r"%(\1)s", markup.strip().replace("%", "%%")))
