"""Begin to sign up: somebody has typed an address."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.sign_up_terms import require_terms
from fleetfolk.users.models_signup import CONFIRM_WITHIN, Registration
from fleetfolk.users.permissions import INVITE_USERS

MOST_AN_HOUR: Final = 300
"""So many sign-ups a tenant takes within an hour: whoever floods it from everywhere writes no more mails than that."""

HOUR: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class StartRegistrationInput:
    """A checked, lower-case address of whoever it may be, and the language in which the page was read."""

    email: str
    language: str = ""


class StartRegistration(Action[Organization, StartRegistrationInput]):
    """A mail to the address will say what is to be done next. What it says, nobody learns here.

    The entry does not name the address: it need not be that of who typed it, and may never come to anything.
    """

    code = "user.registration.start"
    label = _("Begin to sign up")
    said = _("began a sign-up at %(target)s")
    permission = INVITE_USERS
    target_model = "organizations.Organization"
    input_type = StartRegistrationInput

    def check(self, *, actor: Actor, target: Organization, data: StartRegistrationInput) -> None:
        """Refuses where nobody, or not this address, may sign up, and floods. Says nothing of who has an account."""
        require_doorkeeper(actor)
        require_terms(target, data.email)
        lately = Registration.objects.filter(tenant_id=target.tenant_id, requested_at__gt=clock.now() - HOUR)
        if lately.order_by()[:MOST_AN_HOUR].count() >= MOST_AN_HOUR:
            raise Refused("sign_up_flood", most=MOST_AN_HOUR)

    def apply(self, *, actor: Actor, target: Organization, data: StartRegistrationInput) -> Outcome[Organization]:
        """Keeps the address for a day, and queues the mail: the same for every address."""
        now = clock.now()
        row = Registration.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            email=data.email,
            language=data.language,
            requested_at=now,
            expires_at=now + CONFIRM_WITHIN,
        )
        enqueue("users.send_registration", registration_id=row.pk, tenant_id=target.tenant_id)
        return Outcome(target=target)


def require_doorkeeper(actor: Actor) -> None:
    """Denies everybody but the pages of signing up: people have nothing to do with the secrets of others."""
    if actor.kind is not ActorKind.SYSTEM:
        raise Denied("sign_up_by_itself")
