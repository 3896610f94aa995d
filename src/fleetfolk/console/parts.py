"""What other packages hang into every page's frame."""

from collections.abc import Callable

from django.http import HttpRequest

Bar = Callable[[HttpRequest], str | None]
"""The template of a bar above the page, or None where there is nothing to say."""

_BARS: list[Bar] = []


def register_bar(bar: Bar) -> None:
    """Every page of the console and the portal asks it, first in its body."""
    _BARS.append(bar)


def bars_for(request: HttpRequest) -> list[str]:
    """The templates of the bars that this request shows."""
    return [template for bar in _BARS if (template := bar(request))]
