"""The assistance app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssistanceConfig(AppConfig):
    """Remote assistance: support looks into a customer's own view, with their consent."""

    name = "fleetfolk.assistance"
    label = "assistance"
    verbose_name = _("Assistance")

    def ready(self) -> None:
        """The Actions are in the catalogue, and what others show of assistance is registered."""
        from fleetfolk.assistance import actions, permissions, reasons  # noqa: F401, PLC0415 - models are not ready earlier
