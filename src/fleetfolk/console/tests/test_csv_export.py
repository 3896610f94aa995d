import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from fleetfolk.console.csv_export import Cell, csv_lines, safe_cell, safe_sql


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49 171 1234567",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u200b=1",
        "＝1",
        "＋1",
        "=HYPERLINK()",
    ],
)
def test_text_that_would_run_as_a_formula_is_made_harmless(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Ada", "Ada"),
        ("a=b", "a=b"),
        ("O'Neil", "O'Neil"),
        ("", ""),
        (None, ""),
        (-5, -5),
        (2.5, 2.5),
        (datetime(2025, 11, 3, 14, 5, tzinfo=UTC), "2025-11-03T14:05:00+00:00"),
    ],
)
def test_other_values_are_written_as_they_are(value: Cell, written: object) -> None:
    assert safe_cell(value) == written


def test_a_spreadsheet_program_reads_letters_separators_and_line_breaks() -> None:
    data = b"".join(csv_lines(["Name", "=Note"], [["Zoë, “Z”", 'two\n"lines"']]))
    assert data.startswith(b"\xef\xbb\xbfName,'=Note\r\n")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [["Name", "'=Note"], ["Zoë, “Z”", 'two\n"lines"']]


def test_rows_are_drawn_while_the_file_is_sent() -> None:
    drawn = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal drawn
        for number in range(100_000):
            drawn += 1
            yield [number, "x" * 50]

    pieces = csv_lines(["Number", "Text"], rows())
    first = next(pieces)
    assert drawn < 1000
    assert 10_000 < len(first) < 40_000
    assert (first + b"".join(pieces)).count(b"\r\n") == 100_001


_BEGINNINGS = (
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\u00a0",
    "\u1680",
    "\u2007",
    "\u200b",
    "\u3000",
    "\ufeff",
    "\x1c",
    "\x85",
    "a",
    "Z",
    "'",
)
_MIDDLES = (
    "=1",
    "+1",
    "-1",
    "@A1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "1",
    "Zoë",
    "{x",
    "[x",
    "_x",
    "`x",
    "\\x",
    "日本",
    "\u200c=1",
    '"x"',
)


def test_the_database_makes_harmless_exactly_what_we_do(db: None) -> None:
    texts = [first + then + rest for first in _BEGINNINGS for then in ("", *_BEGINNINGS) for rest in _MIDDLES]
    with connection.cursor() as cursor:
        asked = "FROM unnest(%s::text[]) WITH ORDINALITY AS u (t, place) ORDER BY place"
        cursor.execute(f"SELECT {safe_sql('t')} {asked}", [texts])
        written = [text for (text,) in cursor.fetchall()]
    for text, found in zip(texts, written, strict=True):
        assert found == safe_cell(text), repr(text)
