"""The secrets of devices: tokens that sign them in, codes that claim them. Made here, shown once, kept as a hash."""

import hashlib
import secrets
import string
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.urls import reverse

CODE_BEGINS = "sqr_"
_FIRST = string.ascii_letters + string.digits
LONGEST_SCANNED = 400
"""Characters. What somebody scanned is not read further."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What the database keeps of a secret: its hash, and its last characters for people to tell it by."""

    hash: str
    end: str

    @classmethod
    def of(cls, secret: str) -> Self:
        """What is kept of this secret."""
        return cls(hash=secret_hash(secret), end=secret[-4:])


def new_token() -> str:
    """A fresh token: 32 characters, as Blynk's are. It begins with a letter or figure, so that no program that opens
    lists of tokens takes it for a formula."""
    return secrets.choice(_FIRST) + secrets.token_urlsafe(24)[1:]


def new_code() -> str:
    """A fresh code for claiming a device, as Blynk's static tokens look."""
    return CODE_BEGINS + secrets.token_urlsafe(24)


def secret_hash(secret: str) -> str:
    """The SHA-256 of the secret as text: it has 192 random bits, so one round keeps it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def claim_address(code: str) -> str:
    """What a QR picture holds: the page that claims the device, with the code filled in."""
    return f"{settings.FLEETFOLK_ORIGIN}{reverse('mydevices:claim')}?code={code}"


def code_in(scanned: str) -> str:
    """The code in what was typed or scanned: the code itself, ``code+organization``, or an address with it.

    Without its beginning it is completed. Anything else comes back as it is: no device has it.
    """
    text = scanned[:LONGEST_SCANNED].strip()
    if "://" in text:
        text = _code_in_address(text)
    text = text.partition("+")[0].strip()
    if len(text) == 32 and not text.startswith(CODE_BEGINS):
        text = CODE_BEGINS + text
    return text


def _code_in_address(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    named = parse_qs(parts.query).get("code", [])
    return named[0] if named else parts.fragment or parts.path.rstrip("/").rpartition("/")[2]
