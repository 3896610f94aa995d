"""The access app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Roles and the gate."""

    name = "fleetfolk.access"
    label = "access"
    verbose_name = _("Roles")

    def ready(self) -> None:
        """The Actions are in the catalogue."""
        from fleetfolk.access import actions, permissions, reasons  # noqa: F401, PLC0415 - Django forbids importing models earlier
