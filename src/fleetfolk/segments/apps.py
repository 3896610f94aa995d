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
        from fleetfolk.segments import (  # noqa: PLC0415
            actions,  # noqa: F401
            activity_source,  # noqa: F401
            export_parts,  # noqa: F401
            fields_devices,  # noqa: F401
            fields_metadata,  # noqa: F401
            fields_nested,  # noqa: F401
            fields_users,  # noqa: F401
            limited,  # noqa: F401
            permissions,  # noqa: F401
            reasons,  # noqa: F401
        )
        from fleetfolk.segments.web import bubbles, person  # noqa: F401, PLC0415
