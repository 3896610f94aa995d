"""A mail as it came, read into what a message has: subject, text, pictures and PDFs. Pure: bytes in, values out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from itertools import islice

from fleetfolk.messages.pushmail.headers import MOST_BYTES, authors_of, decoded, header_bytes, headers_of, plain
from fleetfolk.messages.pushmail.html_text import text_of_html
from fleetfolk.messages.pushmail.secret_addresses import without_secrets
from fleetfolk.messages.sniffing import kind_of, safe_name

DEEPEST = 10
MOST_PARTS = 50
MOST_LINES = 600_000
MOST_NESTED = 40
MOST_PARAMETERS = 100
LONGEST_PARAMETERS = 16 * 1024
LONGEST_HTML = 300_000
MOST_TAGS = 8_000
LONGEST_SUBJECT = 120
LONGEST_TEXT = 20_000
MOST_ATTACHMENTS = 5
LARGEST_ATTACHMENT = 10 * 1024 * 1024
_NESTED = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
# The headers whose parameters the parser takes apart, of the mail and of each part, with the lines that continue them.
_PARAMETERS = re.compile(rb"[\r\n]content-(?:type|disposition):[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Unreadable(Exception):
    """The mail is built so that nobody should read it; ``reason`` is a word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class File:
    """A picture or PDF of the mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What of a mail becomes a message. ``left_out`` names the files that are not let in."""

    message_id: str
    author_name: str
    author_address: str
    subject: str
    text: str
    files: Sequence[File]
    left_out: Sequence[str]
    shortened: bool


def read_mail(raw: bytes) -> Mail:
    """The mail's words and files. Raises `Unreadable` where it is nested too deep or has too many parts or lines."""
    require_bounds(raw)
    headers = headers_of(raw)
    try:
        parts = list(_leaves(message_from_bytes(raw, policy=compat32)))
    except RecursionError:
        raise Unreadable("too_deep") from None
    plain_text, html, files, left_out = _sorted(parts)
    page = "" if plain_text.strip() else _bounded(html)
    text = plain_text.strip() or text_of_html(page)
    text = without_secrets(re.sub(r"\n{4,}", "\n\n\n", text)).strip()
    authors = authors_of(headers)
    name, address = authors[0] if authors else ("", "")
    return Mail(
        message_id=_first(headers, "message-id")[:255],
        author_name=without_secrets(name)[:120],
        author_address=without_secrets(address)[:254],
        subject=without_secrets(_first(headers, "subject"))[:LONGEST_SUBJECT].strip(),
        text=text[:LONGEST_TEXT],
        files=files,
        left_out=left_out,
        shortened=len(text) > LONGEST_TEXT or bool(page and page != html),
    )


def _first(headers: dict[str, list[str]], name: str) -> str:
    return headers.get(name, [""])[0]


def require_bounds(raw: bytes) -> None:
    """What makes a parser slow is refused, as `Unreadable`, before one is started: ask before any header is read."""
    if len(header_bytes(raw)) > MOST_BYTES:
        raise Unreadable("headers_too_long")
    if raw.count(b"\n") > MOST_LINES:
        raise Unreadable("too_many_lines")
    if next(islice(_NESTED.finditer(raw), MOST_NESTED, None), None):
        raise Unreadable("too_deep")
    for found in _PARAMETERS.finditer(b"\n" + raw):
        # The time that the parser takes grows with the square of their number.
        if len(found[0]) > LONGEST_PARAMETERS or found[0].count(b";") > MOST_PARAMETERS:
            raise Unreadable("too_many_parameters")


def _bounded(html: str) -> str:
    """As much of a page as is read in a moment: who opens element in element costs the square of their number."""
    page = html[:LONGEST_HTML]
    last = next(islice(re.finditer("<", page), MOST_TAGS, None), None)
    return page[: last.start()] if last else page


def _leaves(top: Message) -> Iterator[Message]:
    """The parts that hold something, in their order."""
    waiting = [(top, 1)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if depth > DEEPEST:
            raise Unreadable("too_deep")
        if count > MOST_PARTS:
            raise Unreadable("too_many_parts")
        inside = part.get_payload() if part.is_multipart() else None
        if isinstance(inside, list):
            waiting += [(each, depth + 1) for each in reversed(inside) if isinstance(each, Message)]
        else:
            yield part


def _sorted(parts: Sequence[Message]) -> tuple[str, str, list[File], list[str]]:
    texts: list[str] = []
    pages: list[str] = []
    files: list[File] = []
    left_out: list[str] = []
    for part in parts:
        kind, attached = part.get_content_type(), part.get_content_disposition() == "attachment"
        named = _file_name(part)
        if kind in {"text/plain", "text/html"} and not attached and not named:
            (texts if kind == "text/plain" else pages).append(_text_of(part))
            continue
        content = _content_of(part)
        if not content:
            continue
        found = kind_of(content)
        name = safe_name(without_secrets(named) or "file", found)
        if found and len(content) <= LARGEST_ATTACHMENT and len(files) < MOST_ATTACHMENTS:
            files.append(File(name, found.media_type, content))
        else:
            left_out.append(name)
    return "\n\n".join(texts), "\n".join(pages), files, left_out


def _file_name(part: Message) -> str:
    try:
        return decoded(part.get_filename() or "")
    except (LookupError, UnicodeError, ValueError, TypeError):
        return ""


def _text_of(part: Message) -> str:
    """The part's text, whatever it claims to be written in."""
    charset, content = _charset(part), _content_of(part)
    try:
        text = content.decode(charset)
    except (LookupError, UnicodeError, ValueError):
        try:
            text = content.decode("utf-8")
        except UnicodeError:
            text = content.decode("windows-1252", "replace")
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _content_of(part: Message) -> bytes:
    """The part's bytes, without what they were packed in for the way."""
    try:
        content = part.get_payload(decode=True)
    except (LookupError, UnicodeError, ValueError):
        # The parser believes the character set that the part claims; without one it takes the bytes as they are.
        del part["Content-Type"]
        content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _charset(part: Message) -> str:
    try:
        charset = part.get_content_charset("utf-8")
    except (LookupError, UnicodeError, ValueError):
        return "utf-8"
    # Codecs of Python's own that are no character sets could do anything with the bytes.
    return charset if plain(charset) == charset and charset not in {"idna", "punycode", "undefined"} else "utf-8"
