"""The SCIM app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScimConfig(AppConfig):
    """People as the directories of organizations have them."""

    name = "fleetfolk.scim"
    label = "scim"
    verbose_name = _("Provisioning")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences, tables with personal data are known."""
        # Models are not ready earlier.
        from fleetfolk.scim import actions, export_parts, reasons  # noqa: F401, PLC0415
        from fleetfolk.scim.web import pages  # noqa: F401, PLC0415
