"""The organizations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Tenants, the tree of organizations, locations and tags."""

    name = "fleetfolk.organizations"
    label = "organizations"
    verbose_name = _("Organizations")

    def ready(self) -> None:
        """The Actions are in the catalogue."""
        from fleetfolk.organizations import actions, limited, permissions, reasons  # noqa: F401, PLC0415 - models are not ready earlier
