"""The users app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    """People: accounts, invitations, sessions, the directory."""

    name = "fleetfolk.users"
    label = "users"
    verbose_name = _("Users")

    def ready(self) -> None:
        """The Actions are in the catalogue."""
        from fleetfolk.users import actions, reasons, reasons_security  # noqa: F401, PLC0415 - models are not ready earlier
