"""Secrets that must be read again, kept in the database so that the database alone does not tell them.

The key is derived from the installation's secret, one for each purpose. What was sealed under a former secret is read
for as long as that is among ``SECRET_KEY_FALLBACKS``.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(ValueError):
    """No secret of ours opens it."""


def sealed(text: str, *, purpose: str) -> str:
    """What is stored of it."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def opened(stored: str, *, purpose: str) -> str:
    """What was sealed for this purpose. `Unreadable` for anything else."""
    try:
        return _fernet(purpose).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise Unreadable(purpose) from error


def _fernet(purpose: str) -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(secret, purpose)) for secret in secrets])


def _key(secret: str, purpose: str) -> bytes:
    """A key of its own for this purpose. The secret has entropy enough, so nothing slow is needed."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
