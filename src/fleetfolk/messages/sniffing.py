"""What a file is by its first bytes, whatever its name and whoever sends it say."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

LONGEST_NAME = 100
_UNSAFE = re.compile(r"[\\/:*?\"<>|]+")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is let in: its media type and the ending that its name gets."""

    media_type: str
    endings: tuple[str, ...]


_KINDS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Kind("image/png", (".png",))),
    (re.compile(rb"\xff\xd8\xff"), Kind("image/jpeg", (".jpg", ".jpeg"))),
    (re.compile(rb"GIF8[79]a"), Kind("image/gif", (".gif",))),
    (re.compile(rb"RIFF....WEBPVP8", re.DOTALL), Kind("image/webp", (".webp",))),
    (re.compile(rb"%PDF-\d"), Kind("application/pdf", (".pdf",))),
)


def kind_of(content: bytes) -> Kind | None:
    """The kind of a picture or PDF; None for everything else, which is not let in."""
    return next((kind for pattern, kind in _KINDS if pattern.match(content)), None)


def safe_name(name: str, kind: Kind | None) -> str:
    """A file name without folders or unseen characters, whose ending is that of its kind."""
    seen = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    name = _UNSAFE.sub("_", seen).strip(". ")[-LONGEST_NAME:] or "file"
    if kind is None or PurePosixPath(name).suffix.lower() in kind.endings:
        return name
    return f"{name}{kind.endings[0]}"
