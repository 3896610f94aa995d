"""The rows that were not imported, as a file that can be repaired and imported again."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from django.utils.translation import gettext

from fleetfolk.console.csv_export import Cell, csv_lines


class Problem(Protocol):
    """What a report says of a row: its line, what is wrong with it, and its values as they were read."""

    @property
    def line(self) -> int: ...
    @property
    def said(self) -> str: ...
    @property
    def cells(self) -> Sequence[str]: ...


def report_lines(headers: Sequence[str], problems: Iterable[Problem]) -> Iterator[bytes]:
    """Pieces of a CSV file: the line in the imported file and what is wrong with it, then its values as they were.

    Values that a spreadsheet program would run as formulas are made harmless; reading the file for another import
    takes that back.
    """
    width = len(headers)
    header = [gettext("Line"), gettext("Problem"), *headers]
    return csv_lines(header, (_row(problem, width) for problem in problems))


def _row(problem: Problem, width: int) -> list[Cell]:
    cells = problem.cells if any(map(str.strip, problem.cells[width:])) else problem.cells[:width]
    return [problem.line, problem.said, *cells]
