"""Confirm the address of a sign-up, with a name and a password."""

import hmac
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.sign_up_terms import require_terms
from fleetfolk.users.actions.start_registration import require_doorkeeper
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import DECIDE_WITHIN, Registration
from fleetfolk.users.password_rules import require_fit
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.signing_up import terms_of


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptRegistrationInput:
    """The hash of the presented secret, the name, and the password in plain.

    ``terms`` says that the operator's terms and privacy notice were accepted, where there are some.
    """

    secret_hash: str
    first_name: str
    last_name: str
    password: str
    time_zone: str = ""
    terms: bool = False


class AcceptRegistration(Action[Registration, AcceptRegistrationInput]):
    """The address is confirmed and the link used up; whoever held it is ready to be let in."""

    code = "user.registration.accept"
    label = _("Confirm sign-up")
    said = _("confirmed the address of %(target)s")
    permission = INVITE_USERS
    target_model = "users.Registration"
    input_type = AcceptRegistrationInput

    def check(self, *, actor: Actor, target: Registration, data: AcceptRegistrationInput) -> None:
        """Refuses a link that is over, a password that is not fit, and where nobody may come in any more."""
        require_doorkeeper(actor)
        if not (target.secret_hash and hmac.compare_digest(target.secret_hash, data.secret_hash)):
            raise Denied("sign_up_link")
        if not target.is_open:
            raise Refused("sign_up_over")
        terms = require_terms(target.organization, target.email)
        if not terms.takes_strangers:
            raise Refused("sign_up_off", organization=target.organization.name)
        require_no_account(target.email)
        require_fit(data.password, applicant(target, data.first_name, data.last_name))

    def apply(self, *, actor: Actor, target: Registration, data: AcceptRegistrationInput) -> Outcome[Registration]:
        """Keeps what was said; other links of the same address here are over."""
        target.first_name, target.last_name = data.first_name, data.last_name
        target.password = make_password(data.password)
        target.time_zone = data.time_zone
        target.confirmed_at = clock.now()
        target.expires_at = target.confirmed_at + DECIDE_WITHIN
        target.secret_hash = ""
        target.save(
            update_fields=[
                *("first_name", "last_name", "password", "time_zone", "confirmed_at", "expires_at", "secret_hash")
            ]
        )
        # Whoever confirms another of them now waits for this address: waited for in turn, neither would go on.
        mine = Registration.objects.filter(tenant_id=target.tenant_id, email=target.email, user=None)
        others = mine.exclude(pk=target.pk).select_for_update(skip_locked=True)
        Registration.objects.filter(pk__in=list(others.values_list("pk", flat=True))).delete()
        if terms_of(target.organization).approve:
            enqueue("users.tell_of_registration", registration_id=target.pk)
        return Outcome(target=target, facts={"terms_accepted": data.terms})


def applicant(registration: Registration, first_name: str = "", last_name: str = "") -> User:
    """Who signs up, as far as passwords are compared with them. Of their own organization there is only the place."""
    return User(
        tenant_id=registration.tenant_id,
        organization=registration.organization,
        email=registration.email,
        first_name=first_name,
        last_name=last_name,
    )


def require_no_account(email: str) -> None:
    """Refuses an address that has an account. Until the transaction ends, nobody else makes one for it."""
    with connection.cursor() as cursor:  # The lock under which invitations are accepted, too.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [email])
    if User.objects.filter(email=email, activated_at__isnull=False).exists():
        raise Refused("sign_up_for_account")
