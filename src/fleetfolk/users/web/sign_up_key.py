"""The key of an organization's link, as it stands in addresses."""

from django.urls import register_converter

from fleetfolk.users.signing_up import KEY_LENGTH


class KeyConverter:
    """Letters and digits of which no secret of an invitation consists."""

    regex = f"[a-z2-7]{{{KEY_LENGTH}}}"

    def to_python(self, value: str) -> str:
        """The key."""
        return value

    def to_url(self, value: str) -> str:
        """The key."""
        return value


def register() -> None:
    """Addresses may say ``<signup:key>``."""
    register_converter(KeyConverter, "signup")
