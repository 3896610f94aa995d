"""What allauth asks about second factors: how secrets are kept, and who we are to a passkey."""

import base64
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

NAME = "Fleetfolk"


class Adapter(DefaultMFAAdapter):
    """Secrets are encrypted with a key that is not in the database; a passkey is bound to our own origin."""

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Readable with the present key and with those that it replaced."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """What the app shows above the code."""
        return NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Our own host, whatever the request says it is."""
        return {"id": urlsplit(settings.FLEETFOLK_ORIGIN).hostname or "", "name": NAME}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, str | bytes]:
        """Whose passkey it is, as the person's device shows it."""
        return {
            "id": user_pk_to_url_str(user).encode(),
            "display_name": str(user),
            "name": str(getattr(user, "email", "")),
        }


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    """A key of its own for this purpose. The secret has entropy enough, so nothing slow is needed."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"fleetfolk.users.mfa").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
