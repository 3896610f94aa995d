"""How the values of a file are separated."""

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The separator, and whether a space after it belongs to the separator."""

    delimiter: str
    skip_spaces: bool = False


def separator_named_in(line: str) -> str | None:
    """The separator that Excel's own first line (`sep=;`) names, or None for any other line."""
    match = _SEPARATOR_LINE.fullmatch(line.removesuffix("\n").removesuffix("\r"))
    return match[1] if match and not (match[1].isalnum() or match[1] in '"\r\n') else None


def detect_dialect(lines: Sequence[str], *, cut: bool) -> Dialect:
    """The dialect under which the first lines fall into records of the same width as the header.

    ``cut`` says that the file goes on after these lines, so that the last record may be incomplete. A file of one
    column has no separator to find and counts as comma-separated.
    """
    best, best_score = Dialect(","), 0.0
    for delimiter in DELIMITERS:
        spaced = any(f'{delimiter} "' in line for line in lines)
        for skip_spaces in (True, False) if spaced else (False,):
            score = _evenness(lines, Dialect(delimiter, skip_spaces), cut=cut)
            if score > best_score:
                best, best_score = Dialect(delimiter, skip_spaces), score
    return best


def _evenness(lines: Sequence[str], dialect: Dialect, *, cut: bool) -> float:
    """How even the records are: 0 for a header of one column, more for more records as wide as the header."""
    reader = csv.reader(lines, delimiter=dialect.delimiter, skipinitialspace=dialect.skip_spaces)
    try:
        widths = [len(cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error:
        return 0.0
    if cut and len(widths) > 2:
        widths.pop()
    if not widths or widths[0] < 2:
        return 0.0
    header = widths[0]
    # Some exporters leave out empty values at the end of a row.
    points = sum(1.0 if width == header else 0.5 if 1 < width < header else 0.0 for width in widths)
    return points / len(widths) * math.log2(header + 1)
