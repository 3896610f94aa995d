"""The tree app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreeConfig(AppConfig):
    """The tree of organizations with its people and devices: list, profile, create, move, switch to."""

    name = "fleetfolk.tree"
    label = "tree"
    verbose_name = _("Tree of organizations")
