"""The rows that were not imported, as a file that can be repaired and imported again."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext

from fleetfolk.console.csv_export import Cell, csv_lines
from fleetfolk.users.importing.problems import RowProblem
from fleetfolk.users.importing.reading import Column


def report_lines(columns: Sequence[Column], problems: Iterable[RowProblem]) -> Iterator[bytes]:
    """Pieces of a CSV file: the line in the imported file and what is wrong with it, then its values as they were.

    Values that a spreadsheet program would run as formulas are made harmless; reading the file for another import
    takes that back.
    """
    width = len(columns)
    header = [gettext("Line"), gettext("Problem"), *(column.header for column in columns)]
    return csv_lines(header, (_row(problem, width) for problem in problems))


def _row(problem: RowProblem, width: int) -> list[Cell]:
    cells = problem.cells if any(map(str.strip, problem.cells[width:])) else problem.cells[:width]
    what = f"{problem.field.label}: {problem.sentence}" if problem.field else problem.sentence
    return [problem.line, what, *cells]
