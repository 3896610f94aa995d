"""The messages app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    """Messages to people, and what they answer."""

    name = "fleetfolk.messages"
    label = "messaging"  # Django has one that is called messages.
    verbose_name = _("Messages")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences, tables with personal data are known."""
        # Models are not ready earlier.
        from fleetfolk.messages import actions, export_parts, permissions, reasons, reasons_push  # noqa: F401, PLC0415
        from fleetfolk.messages import reasons_pushmail  # noqa: F401, PLC0415
        from fleetfolk.messages.pushmail import personal  # noqa: F401, PLC0415
