"""Add a second factor to one's own account."""

from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.reset_password import require_account
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT
from fleetfolk.users.second_factors import APP, PASSKEY, PASSKEYS_MOST, factors_of


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateFactorInput:
    """An app, of which a code was seen (``secret``, and the ``step`` of that code), or a passkey that was registered.

    ``credential`` is the browser's answer, already verified; ``name`` is what its owner calls it.
    """

    kind: str
    secret: str = ""
    step: int = 0
    credential: dict[str, Any] = field(default_factory=dict)
    name: str = ""


class CreateFactor(Action[User, CreateFactorInput]):
    """Signing in needs this factor, or another, besides the password. With the first come recovery codes."""

    code = "user.factor.create"
    label = _("Add second factor")
    said = _("added a second factor")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = CreateFactorInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: CreateFactorInput) -> None:
        """Refuses a second app and more passkeys than anybody needs."""
        require_account(target)
        there = factors_of(target).filter(type=data.kind).count()
        if data.kind == APP and there:
            raise Refused("factor_there")
        if data.kind == PASSKEY and there >= PASSKEYS_MOST:
            raise Refused("factors_many", most=PASSKEYS_MOST)

    def apply(self, *, actor: Actor, target: User, data: CreateFactorInput) -> Outcome[User]:
        """Keeps it, and the code that was seen counts as used."""
        if data.kind == APP:
            app = TOTP.activate(target, data.secret).instance
            app.data["last_step"] = data.step
            app.save(update_fields=["data"])
        else:
            WebAuthn.add(target, data.name, data.credential)
        RecoveryCodes.activate(target)
        notify(target, "factor_created", kind=data.kind)
        return Outcome(target=target, facts={"kind": data.kind})
