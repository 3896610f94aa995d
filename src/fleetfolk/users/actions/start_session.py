"""Sign in."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import State, User
from fleetfolk.users.models_sso import SingleSignOn, SsoIdentity
from fleetfolk.users.permissions import OWN_ACCOUNT
from fleetfolk.users.sso.lookup import is_home, required_provider

_REASONS = {
    State.DISABLED: "sign_in_disabled",
    State.DELETION_PENDING: "sign_in_deleted",
    State.DEACTIVATED: "sign_in_deactivated",
    State.PENDING: "sign_in_pending",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class StartSessionInput:
    """How the attempt went so far.

    ``failed`` is the reason where password or second factor were not right: then there is only an entry. ``entered`` is
    what the account's sessions were signed with when the password was checked. ``provider`` is the key of the
    organization's provider, where it signed the person in.
    """

    failed: str = ""
    entered: str = ""
    provider: str = ""


class StartSession(Action[User, StartSessionInput]):
    """The person is signed in, and this is their last sign-in."""

    code = "user.session.start"
    label = _("Sign in")
    said = _("signed in")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = StartSessionInput

    def check(self, *, actor: Actor, target: User, data: StartSessionInput) -> None:
        """Refuses whoever may not sign in. Only the right password leads here, so the reason may be told."""
        if data.failed:
            raise Refused(data.failed)
        if target.state != State.ACTIVE:
            raise Refused(_REASONS[State(target.state)], organization=target.organization.name)
        if data.entered and not constant_time_compare(data.entered, target.get_session_auth_hash()):
            raise Refused("sign_in_changed")
        require_way(target, data.provider)

    def apply(self, *, actor: Actor, target: User, data: StartSessionInput) -> Outcome[User]:
        """Stamps the sign-in."""
        target.last_sign_in_at = clock.now()
        target.save(update_fields=["last_sign_in_at"])
        if not data.provider:
            return Outcome(target=target)
        SsoIdentity.objects.filter(user=target, sso__key=data.provider).update(last_used_at=target.last_sign_in_at)
        return Outcome(target=target, facts={"provider": str(_provider(target, data.provider))})


def require_way(target: User, provider: str) -> None:
    """Refuses another way in than the provider's where the organization asks for it, and a provider's that is over."""
    if provider:
        _provider(target, provider)
        return
    required = required_provider(target)
    if required is not None:
        raise Refused("sign_in_by_provider", organization=required.organization.name)


def _provider(target: User, key: str) -> SingleSignOn:
    """The provider that knows the person now. Refuses one that is switched off, or has been unlinked meanwhile."""
    rows = SingleSignOn.objects.select_related("organization").filter(key=key, is_on=True)
    found = rows.filter(identities__user=target, identities__issuer=F("issuer")).first()
    if found is None or not is_home(found, target.organization):
        raise Refused("sso_none")
    return found
