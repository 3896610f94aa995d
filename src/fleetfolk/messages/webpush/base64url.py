"""Base64url without padding, as every part of web push spells bytes (RFC 7515, appendix C)."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]*={0,2}", re.ASCII)


def spelled(raw: bytes) -> str:
    """The bytes as text."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(text: str) -> bytes:
    """The bytes. Padding may be there or not; anything else that is no base64url is a `ValueError`."""
    if not _SHAPE.fullmatch(text):
        raise ValueError("This is no base64url.")
    bare = text.rstrip("=")
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
