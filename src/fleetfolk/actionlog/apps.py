"""The action log app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionLogConfig(AppConfig):
    """What everybody did."""

    name = "fleetfolk.actionlog"
    label = "actionlog"
    verbose_name = _("Action log")

    def ready(self) -> None:
        """The permissions and Actions are in the catalogue."""
        from fleetfolk.actionlog import actions, permissions  # noqa: F401, PLC0415 - kept out of the settings' import
