"""Prove that a domain is the organization's."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.permissions import ACCESS_SETTINGS
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models_sso import SsoDomain
from fleetfolk.users.sso.domains import is_ours, says


class ActivateDomain(Action[SsoDomain, NoInput]):
    """Whoever types an address of the domain at the sign-in is offered the provider, and nobody else can claim it."""

    code = "organization.domain.activate"
    label = _("Prove a domain")
    said = _("proved the domain %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "users.SsoDomain"
    input_type = NoInput

    def check(self, *, actor: Actor, target: SsoDomain, data: NoInput) -> None:
        """Refuses where the domain's name server does not say so."""
        if target.proved_at is not None:
            raise Refused("sso_domain_proved", domain=target.domain)
        if not is_ours(target.domain) and not says(target.domain, target.proof):
            raise Refused("sso_domain_open", domain=target.domain)

    def apply(self, *, actor: Actor, target: SsoDomain, data: NoInput) -> Outcome[SsoDomain]:
        """Keeps when; the database lets one organization alone have it."""
        target.proved_at = clock.now()
        try:
            with transaction.atomic():
                target.save(update_fields=["proved_at"])
        except IntegrityError as error:
            raise Refused("sso_domain_taken", domain=target.domain) from error
        return Outcome(target=target, facts={"domain": target.domain})
