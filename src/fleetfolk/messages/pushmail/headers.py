"""The headers of a mail as text: decoded, on one line, without anything that could fool the eye or the log."""

import re
from collections.abc import Mapping, Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from fleetfolk.messages.pushmail.secret_addresses import ascii_domain

MOST_BYTES = 128 * 1024
_END = re.compile(rb"\r?\n\r?\n")
# Control characters, and those that turn the direction of writing or are not seen at all.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]+")


def header_bytes(raw: bytes) -> bytes:
    """The mail up to its first empty line."""
    found = _END.search(raw)
    return raw[: found.start()] if found else raw


def headers_of(raw: bytes) -> dict[str, list[str]]:
    """Every value, decoded, under its name in lower case, in the order in which they stand."""
    found: dict[str, list[str]] = {}
    for name, value in BytesHeaderParser(policy=compat32).parsebytes(header_bytes(raw) + b"\r\n\r\n").items():
        found.setdefault(name.lower(), []).append(plain(decoded(value)))
    return found


def decoded(value: object) -> str:
    """The text of a header with its encoded words read; what cannot be read stays as it came."""
    text = str(value)
    if not text.isascii() or any("\udc80" <= each <= "\udcff" for each in text):
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text


def plain(text: str) -> str:
    """The text on one line, without control characters and unseen ones."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def authors_of(headers: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Name and address of everybody in From; addresses in lower case, those without a domain left out."""
    found = getaddresses(list(headers.get("from", ())), strict=True)
    return [(plain(name), address.lower()) for name, address in found if "@" in address.strip("@")]


def domains_of(authors: Sequence[tuple[str, str]], headers: Mapping[str, Sequence[str]]) -> list[str]:
    """The domain of each author. A From that stands twice has no author: programs differ in which they show."""
    if len(headers.get("from", ())) != 1:
        return []
    return [domain for _, address in authors if (domain := ascii_domain(address.rpartition("@")[2]))]
