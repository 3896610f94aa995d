"""Let a new colleague in, whom the organization's provider has signed in."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.archived import require_open
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.accept_identity import require_no_other
from fleetfolk.users.actions.create_identity import IdentityInput, link, unknown
from fleetfolk.users.actions.taken_address import address_taken, refused_when_taken, require_addable
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SingleSignOn
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.sso.lookup import serves


class AcceptNewcomer(Action[Organization, IdentityInput]):
    """There is an account without a password in the organization, with the role that it gives to newcomers."""

    code = "user.newcomer.accept"
    label = _("Let in by the provider")
    said = _("let %(target)s in, whom the provider had signed in")
    permission = INVITE_USERS
    target_model = "organizations.Organization"
    input_type = IdentityInput

    def check(self, *, actor: Actor, target: Organization, data: IdentityInput) -> None:
        """Refuses where nobody joins by themselves, addresses that are not verified or not of the domains, and more
        than the plan allows."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("sso_by_itself")
        sso = SingleSignOn.objects.filter(pk=data.sso_id, organization=target, is_on=True).first()
        if sso is None:
            raise Refused("sso_none")
        if not data.claim.verified:
            raise Refused("sso_unverified", organization=target.name)
        if sso.role_id is None or not serves(sso, data.claim.email):
            raise unknown(data.sso_id)
        GATE.require_giveable(actor, INVITE_USERS, target, sso.role_id)
        require_open(target)
        require_addable(data.claim.email, target)
        require_no_other(data.claim.email, unknown(data.sso_id))
        if User.objects.filter(organization=target, email=data.claim.email).exists():
            raise address_taken(data.claim.email, target)
        limits.require(target.tenant_id, "users")

    def apply(self, *, actor: Actor, target: Organization, data: IdentityInput) -> Outcome[User]:  # type: ignore[override]
        """Makes the account; without a name it is called by what stands before the @."""
        now, claim = clock.now(), data.claim
        sso = SingleSignOn.objects.select_related("role").get(pk=data.sso_id)
        assert sso.role is not None  # noqa: S101 - narrows the type: `check` has refused without one
        named = claim.first_name or claim.last_name
        user = User(
            tenant_id=target.tenant_id,
            organization=target,
            role=sso.role,
            first_name=claim.first_name if named else claim.email.partition("@")[0][:60],
            last_name=claim.last_name,
            email=claim.email,
            created_at=now,
            activated_at=now,
        )
        user.set_unusable_password()
        with refused_when_taken(user.email, target):
            user.save(force_insert=True)
        made = User.objects.select_related(*User.comes_with).get(pk=user.pk)
        link(made, data)
        return Outcome(target=made, facts={"email": made.email, "role": made.role.name, "provider": str(sso)})
