"""Give the change of an address its secret, when its mail is made."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import EmailChange, User
from fleetfolk.users.permissions import MANAGE_CREDENTIALS


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateEmailInput:
    """The hash of the secret that the mail carries."""

    secret_hash: str


class RotateEmail(Action[User, RotateEmailInput]):
    """The change answers to a new secret. Done by the mail job alone."""

    code = "user.email.rotate"
    label = _("Make e-mail confirmation link")
    said = _("made the link that confirms the new address of %(target)s")
    permission = MANAGE_CREDENTIALS
    target_model = "users.User"
    input_type = RotateEmailInput

    def check(self, *, actor: Actor, target: User, data: RotateEmailInput) -> None:
        """Refuses where nothing waits any more."""
        wish = EmailChange.objects.filter(user=target).first()
        if wish is None or not wish.is_open(target):
            raise Refused("email_link_over")

    def apply(self, *, actor: Actor, target: User, data: RotateEmailInput) -> Outcome[User]:
        """Stores the hash."""
        EmailChange.objects.filter(user=target).update(secret_hash=data.secret_hash)
        return Outcome(target=target)
