"""Give a person another address."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.reset_password import require_account
from fleetfolk.users.actions.taken_address import address_taken, require_domain
from fleetfolk.users.models import EMAIL_CHANGE_LASTS, EmailChange, User
from fleetfolk.users.permissions import MANAGE_CREDENTIALS


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailInput:
    """A checked, lower-case address."""

    email: str


class EditEmail(Action[User, EmailInput]):
    """The new address has a mail with a link, the old one knows; nothing changes before the link is used."""

    code = "user.email.edit"
    label = _("Change e-mail")
    said = _("asked for another e-mail address of %(target)s")
    permission = MANAGE_CREDENTIALS
    target_model = "users.User"
    input_type = EmailInput
    risk = Risk.SENSITIVE
    personal_facts = frozenset({"email"})

    def check(self, *, actor: Actor, target: User, data: EmailInput) -> None:
        """Refuses one's own account and whoever cannot sign in; of other organizations' addresses it knows nothing."""
        if actor.user_id == target.pk:
            raise Refused("own_email")
        require_new_address(target, data.email)
        if User.objects.filter(organization=target.organization_id, email=data.email).exists():
            raise address_taken(data.email, target.organization)

    def apply(self, *, actor: Actor, target: User, data: EmailInput) -> Outcome[User]:
        """Writes the wish down."""
        wish_for(target, data.email, actor)
        return Outcome(target=target, facts={"email": data.email})


def require_new_address(target: User, email: str) -> None:
    """Refuses whoever has no working account, and the address that is there already."""
    require_account(target)
    if target.email == email:
        raise Refused("same_email")
    require_domain(email, target.organization)


def wish_for(target: User, email: str, actor: Actor) -> None:
    """The address waits to be confirmed; a wish from before is void, and so is its link."""
    now = clock.now()
    EmailChange.objects.update_or_create(
        user=target,
        defaults={
            "tenant_id": target.tenant_id,
            "email": email,
            "secret_hash": "",
            "session_epoch": target.session_epoch,
            "by_label": actor.label,
            "requested_at": now,
            "expires_at": now + EMAIL_CHANGE_LASTS,
        },
    )
    enqueue("users.send_email_confirmation", user_id=target.pk, tenant_id=target.tenant_id)
