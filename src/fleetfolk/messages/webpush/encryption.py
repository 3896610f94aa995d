"""What one browser alone can read: RFC 8291, as a single record of RFC 8188."""

import os
from dataclasses import dataclass
from typing import Final, cast

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from fleetfolk.messages.webpush import base64url

MOST: Final = 3993
"""So many octets become a body of 4096, which every push service takes (RFC 8291, section 4)."""

_CURVE: Final = ec.SECP256R1()
_POINT: Final = 65
_SECRET: Final = 16
_RECORD: Final = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class BrowserKeys:
    """What a browser gave when it subscribed: its public key, an uncompressed point, and a secret of 16 octets."""

    public: bytes
    secret: bytes

    @classmethod
    def read(cls, p256dh: str, auth: str) -> "BrowserKeys":
        """The keys as browsers spell them. A point that is not on the curve is a `ValueError`, as is anything else."""
        public, secret = base64url.read(p256dh), base64url.read(auth)
        if len(public) != _POINT or len(secret) != _SECRET:
            raise ValueError("These are no keys of a push subscription.")
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
        return cls(public=public, secret=secret)


def encrypted(text: bytes, keys: BrowserKeys) -> bytes:
    """The body of a push. Every call makes a key pair and a salt of its own. Too long or empty is a `ValueError`."""
    return sealed(text, keys, private=ec.generate_private_key(_CURVE), salt=os.urandom(16))


def sealed(text: bytes, keys: BrowserKeys, *, private: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """As `encrypted`, with a key pair and a salt that must never come twice."""
    if not 0 < len(text) <= MOST:
        raise ValueError(f"A push holds 1 to {MOST} octets, not {len(text)}.")
    body = http_ece.encrypt(
        text, salt=salt, private_key=private, dh=keys.public, auth_secret=keys.secret, rs=_RECORD, version="aes128gcm"
    )
    return cast("bytes", body)
