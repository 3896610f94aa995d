"""Take one's own entries out of the log."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportOwnLogInput:
    """``period`` and ``filters`` in words, as the log keeps them."""

    period: str
    filters: str = ""


class ExportOwnLog(Action[User, ExportOwnLogInput]):
    """Nothing has changed, and it is known which part of their log the person took along. The download follows."""

    code = "user.log.export"
    label = _("Export own action log")
    said = _("downloaded their own action log")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = ExportOwnLogInput

    def apply(self, *, actor: Actor, target: User, data: ExportOwnLogInput) -> Outcome[User]:
        """Says what was asked for."""
        return Outcome(target=target, facts={"period": data.period, "filters": data.filters})
