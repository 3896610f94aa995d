"""The portal app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The customer's pages: their frame. What they show comes from the domains."""

    name = "fleetfolk.portal"
    label = "portal"
    verbose_name = _("Portal")
