"""Confirm one's new address by the link that was sent there."""

from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.organizations.queries import is_allowed_address, rules_of
from fleetfolk.users.models import EmailChange, User
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptEmailInput:
    """The hash of the presented secret."""

    secret_hash: str


class AcceptEmail(Action[User, AcceptEmailInput]):
    """The person signs in with the new address; every session is ended and the old address is told."""

    code = "user.email.accept"
    label = _("Confirm new e-mail")
    said = _("confirmed their new e-mail address")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = AcceptEmailInput

    def check(self, *, actor: Actor, target: User, data: AcceptEmailInput) -> None:
        """Refuses a link that is used, replaced or over, and an address that an account has, all in the same words."""
        wish = EmailChange.objects.filter(user=target).first()
        if wish is None or not wish.secret_hash or not wish.is_open(target):
            raise Refused("email_link_over")
        if not constant_time_compare(wish.secret_hash, data.secret_hash):
            raise Refused("email_link_over")
        with connection.cursor() as cursor:  # Somebody may just be accepting an invitation with this address.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [wish.email])
        if not is_allowed_address(wish.email, rules_of(target.organization).email_domains):
            raise Refused("email_link_over")
        if User.objects.filter(email=wish.email, activated_at__isnull=False).exists():
            raise Refused("email_link_over")

    def apply(self, *, actor: Actor, target: User, data: AcceptEmailInput) -> Outcome[User]:
        """Changes the address."""
        wish = EmailChange.objects.get(user=target)
        old, name = target.email, target.get_short_name()
        changes = changes_between(target, {"email": wish.email})
        target.email = wish.email
        end_open_sessions(target)
        try:
            with transaction.atomic():
                target.save(update_fields=["email", "session_epoch"])
        except IntegrityError as error:  # Also where a pending person of the same organization has it.
            raise Refused("email_link_over") from error
        wish.delete()
        enqueue("users.send_notice", email=old, name=name, notice="email_changed", facts={"email": target.email})
        return Outcome(target=target, changes=changes)
