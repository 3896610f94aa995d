"""What can be wrong with a file or with a row of it, each with a sentence that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext, gettext_noop

from fleetfolk.users.importing.fields import Field


class FileReason(StrEnum):
    """Why a file cannot be read at all, or not past a line."""

    EMPTY = "empty"
    NO_HEADER = "no_header"
    NO_ROWS = "no_rows"
    WORKBOOK = "workbook"
    MARKUP = "markup"
    BINARY = "binary"
    NUL = "nul"
    TOO_WIDE = "too_wide"
    LINE_TOO_LONG = "line_too_long"
    UNTERMINATED_QUOTE = "unterminated_quote"


class RowReason(StrEnum):
    """Why one row is not imported."""

    SURPLUS_CELLS = "surplus_cells"
    DAMAGED_TEXT = "damaged_text"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"
    NAME_MISSING = "name_missing"
    EMAIL_MISSING = "email_missing"
    EMAIL_SEVERAL = "email_several"
    EMAIL_INVALID = "email_invalid"
    EMAIL_LOOKALIKE = "email_lookalike"
    REPEATED = "repeated"
    PHONE_INVALID = "phone_invalid"
    PHONE_NO_COUNTRY = "phone_no_country"
    PHONE_UNKNOWN_COUNTRY = "phone_unknown_country"
    PHONE_TOO_SHORT = "phone_too_short"
    PHONE_TOO_LONG = "phone_too_long"
    PHONE_EXTENSION = "phone_extension"
    PHONE_SEVERAL = "phone_several"
    PHONE_DAMAGED = "phone_damaged"


_FILE_SENTENCES = {
    FileReason.EMPTY: gettext_noop(
        "The file is empty. Choose a CSV file with a line of column names and people below."
    ),
    FileReason.NO_HEADER: gettext_noop(
        "Line %(line)d should hold the names of the columns, but it looks like a person. "
        "Add a first line such as “First name, Last name, Email”."
    ),
    FileReason.NO_ROWS: gettext_noop("The file has a line of column names but no people below it."),
    FileReason.WORKBOOK: gettext_noop(
        "This is a spreadsheet, not a CSV file. Open it in your spreadsheet program, choose “Save as” and “CSV UTF-8”, "
        "and import that file."
    ),
    FileReason.MARKUP: gettext_noop(
        "This is a web page or a data file of another kind, not a CSV file. Export it again as CSV."
    ),
    FileReason.BINARY: gettext_noop(
        "This is not a text file. Open it in the program that made it, save it as CSV, and import that file."
    ),
    FileReason.NUL: gettext_noop(
        "Line %(line)d holds a character that no text has (NUL), so the file is damaged. "
        "Export it again and save it as CSV."
    ),
    FileReason.TOO_WIDE: gettext_noop(
        "The file has %(columns)d columns, and at most %(limit)d can be read. Remove columns that are not needed."
    ),
    FileReason.LINE_TOO_LONG: gettext_noop(
        "Line %(line)d is too long to be a person. Check that the file has a line for each person."
    ),
    FileReason.UNTERMINATED_QUOTE: gettext_noop(
        "A quotation mark in the row that begins at line %(line)d is never closed. Close or remove it."
    ),
}

_ROW_SENTENCES = {
    RowReason.SURPLUS_CELLS: gettext_noop(
        "The row has %(cells)d values for %(columns)d columns. Put quotation marks around values that hold a separator."
    ),
    RowReason.DAMAGED_TEXT: gettext_noop(
        "The value has characters that were lost when the file was saved. Export it again as “CSV UTF-8”."
    ),
    RowReason.CONTROL_CHARACTER: gettext_noop("The value has an invisible control character. Type it again."),
    RowReason.TOO_LONG: gettext_noop("The value has %(length)d characters, and at most %(limit)d are possible."),
    RowReason.NAME_MISSING: gettext_noop("The name is missing. Give a first name, a last name or both."),
    RowReason.EMAIL_MISSING: gettext_noop("The e-mail address is missing."),
    RowReason.EMAIL_SEVERAL: gettext_noop("There is more than one e-mail address. Keep one."),
    RowReason.EMAIL_INVALID: gettext_noop("“%(value)s” is not an e-mail address."),
    RowReason.EMAIL_LOOKALIKE: gettext_noop(
        "The e-mail address has the character “%(character)s”, which is none of the plain letters a-z even if it looks "
        "like one. Type the address again."
    ),
    RowReason.REPEATED: gettext_noop("The same e-mail address is already in line %(first_line)d."),
    RowReason.PHONE_INVALID: gettext_noop("“%(value)s” is not a phone number."),
    RowReason.PHONE_NO_COUNTRY: gettext_noop(
        "The phone number has no country code. Write it like +49 171 1234567, or choose a default country."
    ),
    RowReason.PHONE_UNKNOWN_COUNTRY: gettext_noop("No country has the code that “%(value)s” begins with."),
    RowReason.PHONE_TOO_SHORT: gettext_noop("The phone number “%(value)s” is too short for its country."),
    RowReason.PHONE_TOO_LONG: gettext_noop("The phone number “%(value)s” is too long for its country."),
    RowReason.PHONE_EXTENSION: gettext_noop(
        "The phone number has an extension (“%(extension)s”), which cannot be stored. Give the number without it."
    ),
    RowReason.PHONE_SEVERAL: gettext_noop("There is more than one phone number. Keep one."),
    RowReason.PHONE_DAMAGED: gettext_noop(
        "A spreadsheet program has rounded this phone number to “%(value)s”, so digits are lost. "
        "Format the column as text, fill it again, and export it again."
    ),
}

Value = str | int


class UnreadableFile(Exception):
    """The file cannot be read. `reason` says why, `line` where (counted from 1), `sentence` what to do."""

    def __init__(self, reason: FileReason, *, line: int | None = None, **values: Value) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.line = line
        self.values: dict[str, Value] = values if line is None else {**values, "line": line}

    @property
    def sentence(self) -> str:
        """The reason as a sentence in the language of whoever reads it."""
        return gettext(_FILE_SENTENCES[self.reason]) % self.values


class UnfitValue(Exception):
    """A value cannot be stored. The row's checker turns this into a `RowProblem`."""

    def __init__(self, reason: RowReason, **values: Value) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.values = values

    @property
    def sentence(self) -> str:
        """The reason as a sentence in the language of whoever reads it."""
        return row_sentence(self.reason, self.values)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that is not imported: the line it begins at, the field that is wrong, why, and what was read."""

    line: int
    field: Field | None
    reason: RowReason
    values: Mapping[str, Value]
    cells: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The reason as a sentence in the language of whoever reads it."""
        return row_sentence(self.reason, self.values)

    @property
    def said(self) -> str:
        """The sentence behind the column that it is about."""
        return f"{self.field.label}: {self.sentence}" if self.field else self.sentence


def row_sentence(reason: RowReason, values: Mapping[str, Value]) -> str:
    """The sentence of a reason in the current language, with its placeholders filled."""
    return gettext(_ROW_SENTENCES[reason]) % values
