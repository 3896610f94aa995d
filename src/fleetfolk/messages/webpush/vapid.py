"""Who sends a push: RFC 8292. Each tenant has a key pair of its own, derived and never stored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from fleetfolk.messages.webpush import base64url

GOOD_FOR: Final = 12 * 3600
"""Seconds. A push service refuses more than a day; half of it leaves room for clocks that differ."""

_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerKey:
    """A tenant's key pair. ``public`` is what browsers subscribe with: an uncompressed point, as base64url."""

    private: ec.EllipticCurvePrivateKey
    public: str


def key_of(tenant_id: int) -> ServerKey:
    """The tenant's present key."""
    return _derived(settings.SECRET_KEY, tenant_id)


def key_named(tenant_id: int, public: str) -> ServerKey | None:
    """The tenant's key with this public half, the present or a former one; None where no secret of ours makes it."""
    return next((key for key in _all(tenant_id) if key.public == public), None)


def _all(tenant_id: int) -> Iterator[ServerKey]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield _derived(secret, tenant_id)


@lru_cache(maxsize=1024)
def _derived(secret: str, tenant_id: int) -> ServerKey:
    """Sixteen octets more than the order has, so that no key is likelier than another (FIPS 186-5, A.2.1)."""
    made = HKDF(algorithm=SHA256(), length=48, salt=None, info=f"fleetfolk.messages.webpush {tenant_id}".encode())
    number = int.from_bytes(made.derive(secret.encode())) % (_ORDER - 1) + 1
    private = ec.derive_private_key(number, _CURVE)
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return ServerKey(private=private, public=base64url.spelled(public))


def authorization(key: ServerKey, *, audience: str, subject: str, now: int) -> str:
    """The header's value: a token for the push service at the origin ``audience``, from ``now`` (seconds) on.

    ``subject`` is whom its operator writes to when something is wrong: an address with ``https:`` or ``mailto:``.
    """
    head = _part({"typ": "JWT", "alg": "ES256"})
    claims = _part({"aud": audience, "exp": now + GOOD_FOR, "sub": subject})
    first, second = decode_dss_signature(key.private.sign(f"{head}.{claims}".encode(), ec.ECDSA(SHA256())))
    signature = base64url.spelled(first.to_bytes(32) + second.to_bytes(32))
    return f"vapid t={head}.{claims}.{signature}, k={key.public}"


def _part(value: dict[str, Any]) -> str:
    return base64url.spelled(json.dumps(value, separators=(",", ":")).encode())
