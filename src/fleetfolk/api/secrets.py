"""The secrets of keys: made here, shown once, kept as a hash. Each says by its beginning what it is."""

import hashlib
import secrets
from typing import Final

PERSONAL: Final = "ffp_"
ACCESS: Final = "ffa_"
REFRESH: Final = "ffr_"
PROGRAM: Final = "ffs_"
CLIENT_ID: Final = "oa2-client-id_"

LONGEST_SECRET: Final = 200
"""Characters. Anything longer is none of ours."""


def new_key(begins: str) -> str:
    """A fresh secret of 256 bits. By its beginning, scanners of source code find it where it should not be."""
    return begins + secrets.token_urlsafe(32)


def new_client_id() -> str:
    """What a program is called by. No secret."""
    return CLIENT_ID + secrets.token_hex(16)


def key_hash(key: str) -> str:
    """What is stored of a secret: it has 256 random bits, so one round of SHA-256 keeps it."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
