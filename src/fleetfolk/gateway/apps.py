"""The gateway app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatewayConfig(AppConfig):
    """The processes that speak with devices and with open pages."""

    name = "fleetfolk.gateway"
    label = "gateway"
    verbose_name = _("Gateway")
