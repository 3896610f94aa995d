"""The webhooks app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """What organizations tell programs of others."""

    name = "fleetfolk.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences, plans count webhooks."""
        # Models are not ready earlier.
        from fleetfolk.webhooks import actions, export_parts, limited, reasons, tasks  # noqa: F401, PLC0415
        from fleetfolk.webhooks.web import pages, rest  # noqa: F401, PLC0415
