"""Remove a second factor from one's own account."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT
from fleetfolk.users.second_factors import FACTORS, factors_of, must_have_factor


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorInput:
    """Which of the target's factors."""

    factor_id: int


class DeleteFactor(Action[User, FactorInput]):
    """The factor no longer signs in. With the last one the recovery codes go, too."""

    code = "user.factor.delete"
    label = _("Remove second factor")
    said = _("removed a second factor")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = FactorInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: FactorInput) -> None:
        """Refuses what is no factor of the person, and the last one where the organization asks for one."""
        factor = factor_of(target, data.factor_id)
        others = factors_of(target).filter(type__in=FACTORS).exclude(pk=factor.pk)
        if not others.exists() and must_have_factor(target):
            raise Refused("factor_required", organization=target.organization.name)

    def apply(self, *, actor: Actor, target: User, data: FactorInput) -> Outcome[User]:
        """Removes it."""
        kind = remove_factor(target, data.factor_id)
        notify(target, "factor_deleted", kind=kind)
        return Outcome(target=target, facts={"kind": kind})


def factor_of(target: User, factor_id: int) -> Authenticator:
    """The person's factor. Refuses what is none of theirs, as if there were none anywhere."""
    factor = factors_of(target).filter(pk=factor_id, type__in=FACTORS).first()
    if factor is None:
        raise Refused("no_such_factor")
    return factor


def remove_factor(target: User, factor_id: int) -> str:
    """The factor is gone, and without another one the recovery codes are. Returns its kind."""
    factor = factor_of(target, factor_id)
    kind = str(factor.type)
    factor.delete()
    if not factors_of(target).filter(type__in=FACTORS).exists():
        factors_of(target).delete()
    return kind
