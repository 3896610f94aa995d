"""The devices app."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    """Devices: their templates, owners and shares, and what they report."""

    name = "fleetfolk.devices"
    label = "devices"
    verbose_name = _("Devices")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences, tables with personal data are known."""
        from fleetfolk import devices  # noqa: PLC0415 - models are not ready earlier

        for module in iter_modules(devices.__path__):
            if module.name in ("actions", "limited", "permissions", "tags") or module.name.startswith("reasons"):
                import_module(f"fleetfolk.devices.{module.name}")
        from fleetfolk.devices.web.person_acts import SEND_LOG, devices_along  # noqa: PLC0415
        from fleetfolk.users.web.acts import register_act  # noqa: PLC0415
        from fleetfolk.users.web.companions import register_companions  # noqa: PLC0415

        register_act(SEND_LOG)
        register_companions(devices_along)
        from fleetfolk.devices.web.claim_page import claim_first  # noqa: PLC0415
        from fleetfolk.devices.web.giving import CARD as GIFTS  # noqa: PLC0415
        from fleetfolk.devices.web.portal_home import CARD  # noqa: PLC0415
        from fleetfolk.portal.cards import register_card  # noqa: PLC0415
        from fleetfolk.users.web.first_pages import register_first_page  # noqa: PLC0415

        register_first_page(claim_first)
        register_card(CARD)
        register_card(GIFTS)
