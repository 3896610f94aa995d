"""The records of a CSV file, one at a time, whatever program wrote it."""

import csv
import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from django.utils.translation import gettext

from fleetfolk.users.importing.cells import looks_like_email, plain_cell
from fleetfolk.users.importing.dialect import Dialect, detect_dialect, separator_named_in
from fleetfolk.users.importing.encoding import detect_encoding
from fleetfolk.users.importing.problems import FileReason, UnreadableFile

type Source = Path | BinaryIO

MOST_COLUMNS = 500
# In characters. One row of the widest real exports has some thousands; a missing quotation mark would have no end.
LONGEST_RECORD = 1 << 20
_SNIFFED_LINES = 200
_SNIFFED_CHARACTERS = 1 << 18


class Record(NamedTuple):
    """The line at which a record begins, counted from 1, and its values: at least as many as there are columns."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place from 0, the header as written, and a name that no other column of the file has."""

    index: int
    header: str
    name: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that must be known to read the file again. Made of plain values, so that a job can keep it."""

    encoding: str
    errors: str
    delimiter: str
    skip_spaces: bool
    separator_line: bool


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file whose layout and columns are known, and whose records can be read any number of times."""

    source: Source
    layout: Layout
    columns: tuple[Column, ...]

    @classmethod
    def open(cls, source: Source, *, layout: Layout | None = None) -> Self:
        """The file at a path or in a binary stream that can seek; the stream is left open.

        Without a ``layout`` from an earlier opening all bytes are read once to find the encoding. Raises
        `UnreadableFile` when it is not a CSV file with a header and a row.
        """
        layout = layout or _detect_layout(source)
        with _records(source, layout) as records:
            header = next(records, None)
            if header is None:
                raise UnreadableFile(FileReason.EMPTY)
            columns = _columns(header)
            if next(records, None) is None:
                raise UnreadableFile(FileReason.NO_ROWS)
        return cls(source, layout, columns)

    def records(self) -> Iterator[Record]:
        """Each record below the header that is not blank; raises `UnreadableFile` where the file cannot be read on."""
        width = len(self.columns)
        with _records(self.source, self.layout) as records:
            next(records, None)
            for record in records:
                missing = width - len(record.cells)
                yield record if missing <= 0 else Record(record.line, record.cells + ("",) * missing)

    def sample(self, count: int = 100) -> list[Record]:
        """The first records, for guessing the columns and for a preview."""
        return list(itertools.islice(self.records(), count))


class _Lines:
    """Yields the lines of a text and refuses a record that does not end."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._readline = text.readline
        self.number = 0
        self.ended = False
        self.record_line = 1
        self.room = LONGEST_RECORD

    def begin_record(self) -> None:
        self.record_line = self.number + 1
        self.room = LONGEST_RECORD

    def too_long(self) -> UnreadableFile:
        """The error for a record without an end: of several lines, it is a quotation mark that was not closed."""
        several = self.number > self.record_line
        return UnreadableFile(
            FileReason.UNTERMINATED_QUOTE if several else FileReason.LINE_TOO_LONG, line=self.record_line
        )

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._readline(LONGEST_RECORD + 1)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        if "\0" in line:
            # No database stores it as text.
            raise UnreadableFile(FileReason.NUL, line=self.number)
        self.room -= len(line)
        if self.room < 0:
            raise self.too_long()
        return line


class _Borrowed(io.RawIOBase):
    """A stream of somebody else, read from its beginning, that stays open when this reader is closed."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        stream.seek(0)
        self._stream = stream

    def readable(self) -> bool:
        return True

    # The buffer is any writable one; `io` declares it so only for type checkers.
    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _bytes(source: Source) -> Iterator[BinaryIO]:
    """The bytes of a path or stream from the beginning."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        with io.BufferedReader(_Borrowed(source), buffer_size=1 << 16) as stream:
            yield stream


@contextmanager
def _records(source: Source, layout: Layout) -> Iterator[Iterator[Record]]:
    """All records that are not blank, the header first."""
    with (
        _bytes(source) as stream,
        # An empty `newline` leaves line breaks inside quotation marks as they are and knows all three kinds.
        io.TextIOWrapper(stream, layout.encoding, layout.errors, newline="") as text,
    ):
        yield _parsed(_Lines(text), layout)


def _parsed(lines: _Lines, layout: Layout) -> Iterator[Record]:
    if layout.separator_line:
        next(lines, None)
    reader = csv.reader(lines, delimiter=layout.delimiter, skipinitialspace=layout.skip_spaces)
    while True:
        lines.begin_record()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            # The only one that reading without `strict` has left: a value past the module's limit of 128 KiB.
            raise lines.too_long() from error
        if cells is None:
            return
        if lines.ended:
            # Only a record inside quotation marks asks for a line after the last one.
            raise UnreadableFile(FileReason.UNTERMINATED_QUOTE, line=lines.record_line)
        # A lone 1A is how old programs end a file.
        if any(map(str.strip, cells)) and cells != ["\x1a"]:
            yield Record(lines.record_line, tuple(cells))


def _detect_layout(source: Source) -> Layout:
    """The layout of the file, or `UnreadableFile`."""
    with _bytes(source) as stream:
        encoding = detect_encoding(stream)
    with _bytes(source) as stream, io.TextIOWrapper(stream, encoding.name, encoding.errors, newline="") as text:
        sniffed: list[str] = []
        room = _SNIFFED_CHARACTERS
        while room > 0 and len(sniffed) < _SNIFFED_LINES and (line := text.readline(room)):
            sniffed.append(line)
            room -= len(line)
        cut = bool(text.read(1))
    if not sniffed:
        raise UnreadableFile(FileReason.EMPTY)
    sniffed[0] = sniffed[0].removeprefix("\ufeff")
    separator = separator_named_in(sniffed[0])
    dialect = Dialect(separator) if separator else detect_dialect(sniffed, cut=cut)
    return Layout(encoding.name, encoding.errors, dialect.delimiter, dialect.skip_spaces, bool(separator))


def _columns(header: Record) -> tuple[Column, ...]:
    """The columns that a header names, duplicates and blanks told apart; raises `UnreadableFile` if it is none."""
    headers = [cell.removeprefix("\ufeff") for cell in header.cells]
    while len(headers) > MOST_COLUMNS and not headers[-1].strip():
        headers.pop()
    if len(headers) > MOST_COLUMNS:
        raise UnreadableFile(FileReason.TOO_WIDE, columns=len(headers), limit=MOST_COLUMNS)
    if any(looks_like_email(plain_cell(cell)) for cell in headers):
        raise UnreadableFile(FileReason.NO_HEADER, line=header.line)
    columns: list[Column] = []
    taken: set[str] = set()
    for index, cell in enumerate(headers):
        wanted = " ".join(plain_cell(cell).split()) or gettext("Column %(number)d") % {"number": index + 1}
        name, copy = wanted, 1
        while name.casefold() in taken:
            copy += 1
            name = f"{wanted} ({copy})"
        taken.add(name.casefold())
        columns.append(Column(index, cell, name))
    return tuple(columns)
