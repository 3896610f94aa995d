"""How rows are written to the shell: as a table for people, as JSON or CSV for programs."""

import csv
import datetime as dt
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any, Final, TextIO

from fleetfolk.console.csv_export import safe_cell

_MEASURED: Final = 100
"""Rows of which the widths of columns are taken; what is longer further down sticks out."""

WIDEST: Final = 44


class Writer:
    """Writes what a command found, in the form that was asked for."""

    def __init__(self, form: str, out: TextIO | None = None) -> None:
        self._form, self._out = form, out or sys.stdout

    def rows(self, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        """Every row, as it comes."""
        match self._form:
            case "json":
                self._list(rows)
            case "csv":
                self._csv(columns, rows)
            case _:
                self._table(columns, rows)

    def one(self, thing: Mapping[str, Any]) -> None:
        """One thing with all that is known of it."""
        if self._form == "json":
            self.line(json.dumps(thing, indent=2, ensure_ascii=False))
        elif self._form == "csv":
            self._csv(list(thing), [thing])
        else:
            width = max((len(name) for name in thing), default=0)
            for name, value in thing.items():
                self.line(f"{name:<{width}}  {plain(value)}".rstrip())

    def line(self, text: str) -> None:
        """A line."""
        print(text, file=self._out)

    def _list(self, rows: Iterable[Mapping[str, Any]]) -> None:
        begin = "["
        for row in rows:
            self.line(begin + json.dumps(row, ensure_ascii=False))
            begin = ","
        self.line("[]" if begin == "[" else "]")

    def _csv(self, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        writer = csv.writer(self._out, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([safe_cell(_cell(row.get(name))) for name in columns])

    def _table(self, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        lines = ([plain(row.get(name)) for name in columns] for row in rows)
        first = list(islice(lines, _MEASURED))
        heads = [name.replace("_", " ").upper() for name in columns]
        widths = [min(max(map(_width, column)), WIDEST) for column in zip(heads, *first, strict=True)]
        if first:
            self.line(_aligned(heads, widths))
        for line in chain(first, lines):
            self.line(_aligned(line, widths))


def plain(value: Any) -> str:
    """A value for people: names instead of keys, times of this machine's zone, nothing that moves the cursor."""
    match value:
        case {"name": name}:
            return plain(name)
        case list() if all(isinstance(one, str | int) or "name" in one for one in value):
            return ", ".join(map(plain, value))
        case list() | dict():
            return plain(json.dumps(value, ensure_ascii=False))
        case str():
            return "".join(_shown(value))
        case bool():
            return "yes" if value else "no"
    return "" if value is None else str(value)


def _shown(text: str) -> Iterator[str]:
    """Names are written by others: an escape sequence among them would be obeyed by the terminal."""
    if len(text) >= 20 and text[10] == "T":
        with suppress(ValueError):
            text = f"{dt.datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"
    for letter in text:
        yield letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _cell(value: Any) -> str | int | float | None:
    if isinstance(value, str) or value is None:
        return value
    return value if isinstance(value, int | float) and not isinstance(value, bool) else plain(value)


def _width(text: str) -> int:
    """How many columns it takes: letters of East Asian scripts take two, what stands on a letter none."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()
