"""RFC 8292: who sends a push, and with which key."""

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pytest_django.fixtures import Settings

from fleetfolk.messages.webpush import base64url
from fleetfolk.messages.webpush.vapid import authorization, key_named, key_of

NOW = 1_800_000_000


def signed(tenant_id: int = 1) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes, str]:
    value = authorization(key_of(tenant_id), audience="https://push.example", subject="mailto:a@b.example", now=NOW)
    scheme, token, key = value.replace("=", " ").replace(",", "").split(" t ")[0], *value[8:].split(", k=")
    assert scheme == "vapid"
    head, claims, signature = token.split(".")
    return (
        json.loads(base64url.read(head)),
        json.loads(base64url.read(claims)),
        f"{head}.{claims}".encode(),
        base64url.read(signature),
        key,
    )


def verify(key: str, text: bytes, signature: bytes) -> None:
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64url.read(key))
    numbers = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    point.verify(encode_dss_signature(*numbers), text, ec.ECDSA(SHA256()))


def test_the_token_says_for_whom_until_when_and_who_is_responsible() -> None:
    head, claims, text, signature, key = signed()
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert claims == {"aud": "https://push.example", "exp": NOW + 12 * 3600, "sub": "mailto:a@b.example"}
    assert len(signature) == 64
    verify(key, text, signature)
    with pytest.raises(InvalidSignature):
        verify(key, text + b"x", signature)
    with pytest.raises(InvalidSignature):
        verify(key_of(2).public, text, signature)


def test_every_tenant_has_a_key_of_its_own_and_always_the_same() -> None:
    keys = {key_of(tenant_id).public for tenant_id in range(1, 50)}
    assert len(keys) == 49
    assert key_of(7).public == key_of(7).public
    assert len(base64url.read(key_of(7).public)) == 65


def test_a_former_secret_still_makes_the_key_that_browsers_subscribed_with(settings: Settings) -> None:
    before = key_of(7).public
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-for-this-test-alone"
    assert key_of(7).public != before
    former = key_named(7, before)
    assert former is not None
    assert former.public == before
    assert key_named(8, before) is None
    settings.SECRET_KEY_FALLBACKS = []
    assert key_named(7, before) is None
