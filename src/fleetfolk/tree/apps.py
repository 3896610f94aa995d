"""The tree app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreeConfig(AppConfig):
    """The tree of organizations with its people and devices: list, profile, create, move, switch to."""

    name = "fleetfolk.tree"
    label = "tree"
    verbose_name = _("Tree of organizations")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences."""
        from fleetfolk.tree import actions, reasons  # noqa: F401, PLC0415 - models are not ready earlier
