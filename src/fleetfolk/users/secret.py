"""Secrets that travel in links: made once, kept only as a hash."""

import hashlib
import secrets
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


def new_secret() -> str:
    """A fresh secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What is stored of a secret: it has 256 random bits, so one round of SHA-256 keeps it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class PasswordLinks(PasswordResetTokenGenerator):
    """Links for a new password, void once the password or the address changes or the person's sessions are ended.

    allauth's own generator would keep a second list of addresses.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}:{user.session_epoch}"
