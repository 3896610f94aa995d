"""The API app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Keys, and the interface for programs."""

    name = "fleetfolk.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences, tables with personal data are known."""
        # Models are not ready earlier.
        from fleetfolk.api import actions, export_parts, reasons  # noqa: F401, PLC0415
        from fleetfolk.api.web import person_keys, programs  # noqa: F401, PLC0415
