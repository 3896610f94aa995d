"""Rows become a CSV file that streams, opens in a spreadsheet program with its letters intact, and runs no formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

type Cell = str | int | float | date | datetime | None

CONTENT_TYPE = "text/csv; charset=utf-8"
# In characters. One piece is one write to the network.
_PIECE = 1 << 14
# What a spreadsheet program takes for a formula: = + - @ also in full width, a tab or a line break, and any of them
# behind blanks, which some programs drop.
_FORMULA = re.compile(r"[\s\u200b\ufeff\0]*[=+\-@＝＋－＠]|[\t\r\n]")


def safe_cell(value: Cell) -> str | int | float:
    """The value as it goes into the file: text that could run as a formula has an apostrophe before it.

    Phone numbers (+49…) have one, too. Numbers stay numbers, and times are written as ISO 8601.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = value if isinstance(value, str) else value.isoformat()
    return f"'{text}" if _FORMULA.match(text) else text


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[bytes]:
    """Pieces of a CSV file in UTF-8 with a byte order mark, which Excel needs, and with CRLF (RFC 4180).

    Rows are drawn while pieces are taken, so memory does not grow with their number.
    """
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        if text.tell() >= _PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
