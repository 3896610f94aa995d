"""Link one's account with who one is at the organization's provider."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SingleSignOn, SsoIdentity
from fleetfolk.users.permissions import OWN_ACCOUNT
from fleetfolk.users.sso.claims import Claim
from fleetfolk.users.sso.lookup import is_home, serves


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityInput:
    """Which provider, and what it said a moment ago of whoever came back from it."""

    sso_id: int
    claim: Claim


class CreateIdentity(Action[User, IdentityInput]):
    """The person signs in by the provider from now on: it is the subject that counts, and no longer the address."""

    code = "user.identity.create"
    label = _("Link with the provider")
    said = _("linked their account with the provider")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = IdentityInput

    def check(self, *, actor: Actor, target: User, data: IdentityInput) -> None:
        """Refuses what the provider does not answer for, other domains than its own, and accounts of others."""
        require_claim(target, data)
        if not target.is_active or SsoIdentity.objects.filter(user=target, sso_id=data.sso_id).exists():
            raise unknown(data.sso_id)

    def apply(self, *, actor: Actor, target: User, data: IdentityInput) -> Outcome[User]:
        """Links it."""
        sso = link(target, data)
        return Outcome(target=target, facts={"provider": str(sso), "issuer": sso.issuer})


def require_claim(target: User, data: IdentityInput) -> None:
    """Refuses unless the provider's verified address is the person's, of its domains, and the home is its own."""
    sso, claim = _provider(data.sso_id), data.claim
    if not claim.verified:
        raise Refused("sso_unverified", organization=sso.organization.name)
    if claim.email != target.email or not serves(sso, claim.email) or not is_home(sso, target.organization):
        raise unknown(data.sso_id)


def link(target: User, data: IdentityInput) -> SingleSignOn:
    """The subject is this person's. Refuses one that is somebody else's."""
    sso = _provider(data.sso_id)
    try:
        with transaction.atomic():
            SsoIdentity.objects.create(
                tenant_id=target.tenant_id,
                sso=sso,
                user=target,
                issuer=sso.issuer,
                subject=data.claim.subject,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise unknown(data.sso_id) from error
    return sso


def unknown(sso_id: int) -> Refused:
    """The refusal of who cannot be told to be anybody here; the same, whatever the cause."""
    return Refused("sso_unknown", organization=_provider(sso_id).organization.name)


def _provider(sso_id: int) -> SingleSignOn:
    found = SingleSignOn.objects.select_related("organization").filter(pk=sso_id, is_on=True).first()
    if found is None:
        raise Refused("sso_none")
    return found
