"""The secrets by which receivers know us: made here, shown once, sealed in the database (Standard Webhooks 1.0)."""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import secrets
from typing import Final

from fleetfolk.kernel import clock
from fleetfolk.kernel.sealing import opened, sealed
from fleetfolk.webhooks.models import Webhook

BEGINS: Final = "whsec_"
FORMER_LASTS: Final = dt.timedelta(hours=24)
"""So long after a change, deliveries are signed with the former secret, too."""

_PURPOSE: Final = "fleetfolk.webhooks.secret"
_LEAST, _MOST = 24, 64


def new_secret() -> str:
    """A fresh one, of 256 bits."""
    return BEGINS + base64.b64encode(secrets.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    """Whether it can sign: what its prefix is followed by is the base64 of 24 to 64 octets."""
    try:
        return text.startswith(BEGINS) and _LEAST <= len(_octets(text)) <= _MOST
    except (ValueError, binascii.Error):
        return False


def kept(secret: str) -> str:
    """What the database has of it."""
    return sealed(secret, purpose=_PURPOSE)


def signature(webhook: Webhook, *, message_id: str, seconds: int, body: bytes) -> str:
    """The header's value: one signature with the present secret and, for a day, one with the former.

    `fleetfolk.kernel.sealing.Unreadable` where our own key is another one than it was.
    """
    signing = [webhook.secret]
    if webhook.former_secret and webhook.former_until is not None and webhook.former_until > clock.now():
        signing.append(webhook.former_secret)
    signed = f"{message_id}.{seconds}.".encode() + body
    return " ".join(f"v1,{_signed(opened(one, purpose=_PURPOSE), signed)}" for one in signing)


def _signed(secret: str, text: bytes) -> str:
    return base64.b64encode(hmac.new(_octets(secret), text, hashlib.sha256).digest()).decode()


def _octets(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(BEGINS), validate=True)
