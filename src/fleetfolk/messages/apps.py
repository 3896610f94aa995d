"""The messages app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    """Messages to people, and what they answer."""

    name = "fleetfolk.messages"
    label = "messaging"  # Django has one that is called messages.
    verbose_name = _("Messages")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences, tables with personal data are known."""
        # Models are not ready earlier.
        from fleetfolk.messages import (  # noqa: F401, PLC0415
            actions,
            activity_source,
            bulk,
            export_parts,
            permissions,
            reasons,
            reasons_push,
            reasons_pushmail,
            rule_fields,
        )
        from fleetfolk.messages.pushmail import personal  # noqa: F401, PLC0415
        from fleetfolk.messages.web import inbox  # noqa: PLC0415
        from fleetfolk.messages.web.person_messages import WRITE  # noqa: PLC0415
        from fleetfolk.portal.navigation import register_note  # noqa: PLC0415
        from fleetfolk.users.web.acts import register_act  # noqa: PLC0415
        from fleetfolk.users.web.notice_parts import register_notice_part  # noqa: PLC0415

        register_act(WRITE)
        register_note("inbox:list", inbox.count_note)
        register_notice_part(inbox.CHANNELS)
