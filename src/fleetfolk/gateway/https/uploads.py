"""Pictures that devices upload: ten a device, five megabytes each, found again by an address that nobody can guess."""

import re
import secrets
from email import message_from_bytes, message_from_string
from email.policy import HTTP
from pathlib import Path

from django.conf import settings

from fleetfolk.gateway.https.answers import Answer, HttpRefusal
from fleetfolk.gateway.https.asked import WRONG_REQUEST, Asked
from fleetfolk.gateway.meeting import device_of, is_there

MOST_FILES = 10
LARGEST_FILE = 5_000_000
LARGEST_REQUEST = LARGEST_FILE + 20_000
MOST_PARTS = 10
LONGEST_HEADER = 2_000
"""Of one part, in bytes: whoever sends a picture needs less of both."""
FIELD = "upfile"
BASE = "/device_uploads"
LIMIT = "File uploads limit has been reached."
TOO_LARGE = "File is too large. It may have 5 MB."
WRONG_FILE = "Only PNG, JPEG, GIF and WebP pictures can be uploaded."
NAME = re.compile(rf"{BASE}/([0-9]{{1,18}})/([A-Za-z0-9_-]{{32}}\.(png|jpg|gif|webp))", re.ASCII)
KINDS = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "gif": b"GIF8"}


def keep(asked: Asked, token_hash: str) -> Answer:
    """The picture is kept; the answer is its address."""
    device = device_of(token_hash)
    content = _file_in(asked)
    if len(content) > LARGEST_FILE:
        raise HttpRefusal(413, TOO_LARGE, limit=True)
    ending = _ending(content)
    kept = folder() / str(device.pk)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    kept.mkdir(exist_ok=True)
    if sum(1 for _ in kept.iterdir()) >= MOST_FILES:
        raise HttpRefusal(403, LIMIT, limit=True)
    name = f"{secrets.token_urlsafe(24)}.{ending}"
    (kept / name).write_bytes(content)
    return Answer(body=f"{settings.FLEETFOLK_ORIGIN}{BASE}/{device.pk}/{name}")


def picture(path: str) -> Answer:
    """The picture of this address. It is served as a picture and as nothing else, whatever is in it."""
    found = NAME.fullmatch(path)
    file = folder() / found[1] / found[2] if found else None
    if found is None or file is None or not file.is_file() or not is_there(int(found[1])):
        raise HttpRefusal(404, "Not found.")
    return Answer(
        body=file.read_bytes(),
        content_type=KINDS[found[3]],
        more=(("content-security-policy", "default-src 'none'; sandbox"),),
    )


def folder() -> Path:
    """Where they are, a folder for each device."""
    return Path(settings.FLEETFOLK_DATA) / "device-uploads"


def _file_in(asked: Asked) -> bytes:
    """What the form's field holds. Taken apart here: a general parser takes minutes for a body of nothing but parts."""
    kind = asked.content_type
    if not kind.lower().startswith("multipart/form-data") or not kind.isprintable() or len(kind) > LONGEST_HEADER:
        raise HttpRefusal(400, WRONG_REQUEST)
    boundary = message_from_string(f"Content-Type: {kind}\r\n\r\n", policy=HTTP).get_boundary()
    if not boundary or not boundary.isascii():
        raise HttpRefusal(400, WRONG_REQUEST)
    parts = (b"\r\n" + asked.body).split(b"\r\n--" + boundary.encode(), MOST_PARTS + 1)
    for part in parts[1 : MOST_PARTS + 1]:
        header, _blank, content = part.partition(b"\r\n\r\n")
        if len(header) > LONGEST_HEADER:
            break
        named = message_from_bytes(header.lstrip(), policy=HTTP)
        if named.get_param("name", header="content-disposition") == FIELD and content:
            return content
    raise HttpRefusal(400, WRONG_REQUEST)


def _ending(content: bytes) -> str:
    for ending, beginning in BEGINNINGS.items():
        if content.startswith(beginning):
            return ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    raise HttpRefusal(400, WRONG_FILE)
