"""The console app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """Base pages and components of what staff see."""

    name = "fleetfolk.console"
    label = "console"
    verbose_name = _("Console")
