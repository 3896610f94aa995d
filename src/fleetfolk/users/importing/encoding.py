"""Which encoding the bytes of a file are in."""

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from fleetfolk.users.importing.problems import FileReason, UnreadableFile

_CHUNK = 1 << 18

# What other programs' files begin with. Every one of them is offered for import sooner or later.
_SIGNATURES = (
    (b"PK\x03\x04", FileReason.WORKBOOK),  # xlsx, ods, numbers
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileReason.WORKBOOK),  # xls
    (b"{\\rtf", FileReason.MARKUP),
    (b"%PDF-", FileReason.BINARY),
    (b"\x1f\x8b", FileReason.BINARY),
    (b"\x89PNG", FileReason.BINARY),
    (b"\xff\xd8\xff", FileReason.BINARY),
    (b"SQLite format 3", FileReason.BINARY),
)
_MARKUP_BEGINNINGS = ("<!doctype", "<html", "<?xml", "<table", '{"', "[{", "begin:vcard")
_ODD_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b\0"))

# Windows-1252 leaves 81, 8D, 8F, 90 and 9D undefined; browsers and databases write them as the C1 controls, so they
# decode to those, and the row that has one is refused instead of the file.
C1_CONTROLS = "fleetfolk-c1-controls"


def _c1_controls(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(C1_CONTROLS, _c1_controls)


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name and what it does with bytes that it cannot decode."""

    name: str
    errors: str


_UTF_8 = Encoding("utf-8", "replace")
_UTF_8_BOM = Encoding("utf-8-sig", "replace")
_UTF_16_BOM = Encoding("utf-16", "replace")
_UTF_16_LE = Encoding("utf-16-le", "replace")
_UTF_16_BE = Encoding("utf-16-be", "replace")
_WINDOWS_1252 = Encoding("cp1252", C1_CONTROLS)


def detect_encoding(stream: BinaryIO) -> Encoding:
    """The encoding of the bytes from here to the stream's end, which are all read in chunks.

    UTF-8 and UTF-16 with a byte order mark are believed; UTF-16 without one is known by its zeros; what is valid UTF-8
    to the end is UTF-8; the rest is Windows-1252. A UTF-8 file with a few broken bytes stays UTF-8, and the rows that
    have them are refused one by one. Raises `UnreadableFile` for an empty file and for what is not text.
    """
    head = stream.read(_CHUNK)
    if not head:
        raise UnreadableFile(FileReason.EMPTY)
    for signature, reason in _SIGNATURES:
        if head.startswith(signature):
            raise UnreadableFile(reason)
    encoding = _unicode_encoding(head)
    if encoding is None:
        encoding = _eight_bit_encoding(head, stream)
    _refuse_markup(head, encoding)
    return encoding


def _unicode_encoding(head: bytes) -> Encoding | None:
    """The encoding that a byte order mark or a pattern of zeros gives away, if any."""
    if head.startswith(codecs.BOM_UTF8):
        return _UTF_8_BOM
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _UTF_16_BOM
    # Separators, line ends and e-mail addresses are ASCII in every script, so a tenth of all units is a low estimate.
    at_even, at_odd = head[0::2].count(0), head[1::2].count(0)
    units = max(len(head) // 2, 1)
    if at_odd * 10 >= units and at_even * 20 <= at_odd:
        return _UTF_16_LE
    if at_even * 10 >= units and at_odd * 20 <= at_even:
        return _UTF_16_BE
    return None


def _eight_bit_encoding(head: bytes, stream: BinaryIO) -> Encoding:
    """UTF-8 where the file is valid to the end or nearly so, and Windows-1252 otherwise."""
    odd = len(head) - len(head.translate(None, _ODD_CONTROLS))
    if odd * 50 > len(head) or head.count(0) * 50 > len(head):
        raise UnreadableFile(FileReason.BINARY)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = wide = 0
    chunk = head
    while chunk:
        text = decoder.decode(chunk)
        if not text.isascii():
            lost = text.count("\ufffd")
            broken += lost
            wide += len(text) - len(text.encode("ascii", "ignore")) - lost
        chunk = stream.read(_CHUNK)
    broken += decoder.decode(b"", final=True).count("\ufffd")
    # Windows-1252 text hardly ever holds two letters in a row that happen to be valid UTF-8.
    return _UTF_8 if broken == 0 or wide > broken * 4 else _WINDOWS_1252


def _refuse_markup(head: bytes, encoding: Encoding) -> None:
    """Raises `UnreadableFile` for a web page, JSON or a vCard that has the name of a CSV file."""
    beginning = head[:200].decode(encoding.name, "replace").lstrip("\ufeff \t\r\n").casefold()
    if beginning.startswith(_MARKUP_BEGINNINGS):
        raise UnreadableFile(FileReason.MARKUP)
