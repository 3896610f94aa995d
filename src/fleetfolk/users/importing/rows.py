"""A record becomes a checked row that can be stored, or a problem that can be told."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fleetfolk.users.importing.cells import looks_like_email, plain_cell
from fleetfolk.users.importing.emails import normal_email
from fleetfolk.users.importing.fields import LONGEST, Field
from fleetfolk.users.importing.mapping import ColumnMapping
from fleetfolk.users.importing.names import clean_name, clean_text, refuse_longer, split_name
from fleetfolk.users.importing.phones import is_country, normal_phone
from fleetfolk.users.importing.problems import RowProblem, RowReason, UnfitValue
from fleetfolk.users.importing.reading import Record
from fleetfolk.users.importing.seen import SeenEmails

_TAG_SEPARATORS = re.compile(r"[,;|\n]|:::")
_PARTS = (Field.FIRST_NAME, Field.LAST_NAME)
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A person as a file describes them: names cleaned, e-mail lower-case ASCII, phone E.164; blank where unknown."""

    line: int
    first_name: str
    last_name: str
    email: str
    phone: str
    role: str
    location: str
    organization: str
    tags: tuple[str, ...]


def check_rows(
    records: Iterable[Record], mapping: ColumnMapping, *, columns: int, default_country: str | None = None
) -> Iterator[ImportRow | RowProblem]:
    """For each record, in order, the row or the first problem of it.

    ``columns`` is the number of columns in the file, ``default_country`` the ISO 3166 code that completes phone numbers
    in national form. An address that a good row above had is refused with that row's line. Raises ValueError for a
    mapping without an e-mail or a name, and for an unknown country.
    """
    if mapping.missing():
        raise ValueError("The mapping lacks the e-mail or the name.")
    if default_country is not None and not is_country(default_country):
        raise ValueError("The default country is not an ISO 3166 code with phone numbers.")
    return _checked(records, _Checker(mapping, columns, default_country))


def _checked(records: Iterable[Record], checker: "_Checker") -> Iterator[ImportRow | RowProblem]:
    with SeenEmails() as seen:
        for record in records:
            try:
                row = checker.row(record)
            except UnfitValue as problem:
                yield RowProblem(record.line, checker.field, problem.reason, problem.values, record.cells)
                continue
            first_line = seen.first_line(row.email, row.line)
            if first_line is None:
                yield row
            else:
                repeated = {"first_line": first_line}
                yield RowProblem(record.line, Field.EMAIL, RowReason.REPEATED, repeated, record.cells)


class _Checker:
    """The rules of one import. `field` is the one that was looked at last, and so the one that a refusal is about."""

    def __init__(self, mapping: ColumnMapping, columns: int, default_country: str | None) -> None:
        self.field: Field | None = None
        self._at = dict(mapping.columns)
        self._columns = columns
        self._country = default_country

    def row(self, record: Record) -> ImportRow:
        """The checked row; raises `UnfitValue` at the first value that cannot be stored."""
        self.field = None
        if len(record.cells) > self._columns and any(map(str.strip, record.cells[self._columns :])):
            raise UnfitValue(RowReason.SURPLUS_CELLS, cells=len(record.cells), columns=self._columns)
        email = normal_email(self._cell(record, Field.EMAIL))
        first_name, last_name = self._names(record)
        phone = self._cell(record, Field.PHONE)
        return ImportRow(
            line=record.line,
            first_name=first_name,
            last_name=last_name,
            email=email,
            phone=normal_phone(phone, country=self._country) if phone else "",
            role=self._text(record, Field.ROLE),
            location=self._text(record, Field.LOCATION),
            organization=self._text(record, Field.ORGANIZATION),
            tags=self._tags(record),
        )

    def _cell(self, record: Record, field: Field) -> str:
        index = self._at.get(field)
        if index is None:
            return ""
        self.field = field
        text = plain_cell(record.cells[index])
        if _REPLACEMENT in text:
            raise UnfitValue(RowReason.DAMAGED_TEXT)
        return text

    def _names(self, record: Record) -> tuple[str, str]:
        first = self._name(record, Field.FIRST_NAME, LONGEST[Field.FIRST_NAME])
        last = self._name(record, Field.LAST_NAME, LONGEST[Field.LAST_NAME])
        if not (first or last):
            first, last = split_name(self._name(record, Field.NAME, sum(LONGEST[part] for part in _PARTS) + 2))
            for part, value in zip(_PARTS, (first, last), strict=True):
                refuse_longer(value, LONGEST[part])
        if not (first or last):
            raise UnfitValue(RowReason.NAME_MISSING)
        return first, last

    def _name(self, record: Record, field: Field, limit: int) -> str:
        text = self._cell(record, field)
        # Some systems fill a missing name with the address; shown as a name it would pass for somebody else's.
        return "" if not text or looks_like_email(text) else clean_name(text, limit=limit)

    def _text(self, record: Record, field: Field) -> str:
        text = self._cell(record, field)
        return clean_text(text, limit=LONGEST[field]) if text else ""

    def _tags(self, record: Record) -> tuple[str, ...]:
        text = self._cell(record, Field.TAGS)
        if not text:
            return ()
        tags = (clean_text(part, limit=LONGEST[Field.TAGS]) for part in _TAG_SEPARATORS.split(text))
        return tuple(dict.fromkeys(tag for tag in tags if tag))
