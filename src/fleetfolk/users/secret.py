"""Secrets that travel in links: made once, kept only as a hash."""

import hashlib
import secrets


def new_secret() -> str:
    """A fresh secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What is stored of a secret: it has 256 random bits, so one round of SHA-256 keeps it."""
    return hashlib.sha256(secret.encode()).hexdigest()
