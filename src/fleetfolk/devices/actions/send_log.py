"""Send somebody the log of a person's devices."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.device_logs import devices_of
from fleetfolk.devices.permissions import ORG_DEVICE_REPORTS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User

PERIOD = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class SendLogInput:
    """Nothing but the person: the log goes to whoever asks."""


class SendLog(Action[User, SendLogInput]):
    """Whoever asks has a mail with what the person's devices reported in the last days, as far as they may read it."""

    code = "device.log.send"
    label = _("Send device log")
    said = _("had the device log of %(target)s sent")
    permission = ORG_DEVICE_REPORTS
    target_model = "users.User"
    input_type = SendLogInput

    def check(self, *, actor: Actor, target: User, data: SendLogInput) -> None:
        """Refuses where there is nothing that the actor may read."""
        if not devices_of(target, actor).exists():
            raise Refused("device_log_empty", person=str(target))

    def apply(self, *, actor: Actor, target: User, data: SendLogInput) -> Outcome[User]:
        """Queues the mail. What is in it is looked up when it is made, with the rights of that moment."""
        if actor.user_id is None:
            raise Denied("not_for_the_system")
        place = actor.place.organization_id if actor.place else None
        enqueue("devices.send_log", user_id=target.pk, by_id=actor.user_id, days=PERIOD.days, place_id=place)
        return Outcome(target=target, facts={"days": PERIOD.days})
