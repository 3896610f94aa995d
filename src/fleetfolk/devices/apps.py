"""The devices app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    """Devices and their templates; so far the rights that roles hold over them."""

    name = "fleetfolk.devices"
    label = "devices"
    verbose_name = _("Devices")

    def ready(self) -> None:
        """The permissions are in the catalogue."""
        from fleetfolk.devices import permissions  # noqa: F401, PLC0415 - kept out of the settings' import
