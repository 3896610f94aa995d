"""The demo app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """A believable world, and the mails it sends, kept on a page."""

    name = "fleetfolk.demo"
    label = "demo"
    verbose_name = _("Demo")
