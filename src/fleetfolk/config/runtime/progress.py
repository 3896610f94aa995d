"""How far the demo world is, shown to whoever waits for it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TextIO

SAID = re.compile(r"^(\d+) % of the demo world$", re.MULTILINE)
"""What `build_demo` says into its log."""


class Progress:
    """In a terminal one line that changes in place; elsewhere, as in a log, a line for every ten percent."""

    def __init__(self, output: TextIO) -> None:
        self.output = output
        self.in_place = output.isatty()
        self.shown = 0

    def show(self, log: str) -> None:
        """The newest figure in the log is there to be read."""
        figures = SAID.findall(log)
        percent = int(figures[-1]) if figures else 0
        if not self.in_place:
            percent -= percent % 10
        if percent <= self.shown:
            return
        self.shown = percent
        self._write(f"\r  {percent} %" if self.in_place else f"  {percent} %\n")

    def end(self) -> None:
        """What is said next begins on a line of its own."""
        if self.in_place and self.shown:
            self._write("\n")

    def _write(self, text: str) -> None:
        # The terminal may be gone; that is no reason to stop.
        with suppress(OSError):
            self.output.write(text)
            self.output.flush()
