"""Give a request its secret, when its mail is made."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.models import Request
from fleetfolk.assistance.permissions import VIEW_AS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateRequestInput:
    """The hash of the secret that the mail carries."""

    secret_hash: str


class RotateRequest(Action[Request, RotateRequestInput]):
    """The request answers to a new secret. Done by the mail job alone."""

    code = "assistance.request.rotate"
    label = _("Make the link of a request to assist")
    said = _("made the link by which %(target)s can be answered")
    permission = VIEW_AS
    target_model = "assistance.Request"
    input_type = RotateRequestInput

    def check(self, *, actor: Actor, target: Request, data: RotateRequestInput) -> None:
        """Refuses requests that were answered or are too old."""
        if not target.is_open:
            raise Refused("assist_request_over")

    def apply(self, *, actor: Actor, target: Request, data: RotateRequestInput) -> Outcome[Request]:
        """Stores the hash."""
        target.secret_hash = data.secret_hash
        target.save(update_fields=["secret_hash"])
        return Outcome(target=target)
