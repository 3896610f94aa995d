"""The segments app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    """Segments: people and devices chosen by hand or by rules."""

    name = "fleetfolk.segments"
    label = "segments"
    verbose_name = _("Segments")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences, tables with personal data are known."""
        # Models are not ready earlier.
        from fleetfolk.segments import activity_source, export_parts, permissions, reasons  # noqa: F401, PLC0415
