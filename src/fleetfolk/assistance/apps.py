"""The assistance app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssistanceConfig(AppConfig):
    """Remote assistance: support looks into a customer's own view, with their consent."""

    name = "fleetfolk.assistance"
    label = "assistance"
    verbose_name = _("Assistance")

    def ready(self) -> None:
        """The Actions are in the catalogue, and what others show of assistance is registered."""
        # Models are not ready earlier.
        from fleetfolk.assistance import actions, export_parts, permissions, reasons  # noqa: F401, PLC0415
        from fleetfolk.assistance.web import bars, home_card, menu  # noqa: PLC0415
        from fleetfolk.console.parts import register_bar  # noqa: PLC0415
        from fleetfolk.portal.cards import register_card  # noqa: PLC0415
        from fleetfolk.users.web.acts import register_act  # noqa: PLC0415

        register_bar(bars.bar)
        register_card(home_card.CARD)
        register_act(menu.ASSIST)
