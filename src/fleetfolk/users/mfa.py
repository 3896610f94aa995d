"""What allauth asks about second factors: how secrets are kept, and who we are to a passkey."""

from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from fleetfolk.kernel.sealing import opened, sealed

NAME = "Fleetfolk"
PURPOSE = "fleetfolk.users.mfa"


class Adapter(DefaultMFAAdapter):
    """Secrets are encrypted with a key that is not in the database; a passkey is bound to our own origin."""

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return sealed(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Readable with the present key and with those that it replaced."""
        return opened(encrypted_text, purpose=PURPOSE)

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
