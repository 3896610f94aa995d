"""Note what a directory calls somebody."""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.scim.models import TEXT_LENGTH, Identity, ScimClient
from fleetfolk.scim.rights import require_directory
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS

_TAKEN = {"scim_user_name_once": "scim_user_name_taken", "scim_external_id_once": "scim_external_id_taken"}


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityInput:
    """What the directory says. ``email`` is the address that it has: another than ours is refused, or changed later.

    ``spelling`` is as `fleetfolk.scim.models.Identity` keeps it.
    """

    client_id: int
    user_name: str
    external_id: str
    email: str
    spelling: dict[str, Any] = field(default_factory=dict)


class AssignIdentity(Action[User, IdentityInput]):
    """The directory knows the person by these names. They are its own, and nobody signs in with them."""

    code = "scim.identity.assign"
    label = _("Note a directory's name for somebody")
    said = _("noted what the directory calls %(target)s")
    permission = EDIT_USERS
    target_model = "users.User"
    input_type = IdentityInput
    personal_facts = frozenset({"user_name", "external_id", "email"})

    def check(self, *, actor: Actor, target: User, data: IdentityInput) -> None:
        """Denies whoever is not this directory; refuses names of others, and another address unless that is allowed."""
        require_directory(actor, data.client_id)
        client = ScimClient.objects.get(pk=data.client_id)
        if target.organization_id != client.organization_id:
            raise Refused("scim_elsewhere")
        require_text("userName", data.user_name, least=1)
        require_text("externalId", data.external_id)
        known = Identity.objects.filter(client=client, user=target).first()
        renamed = known is not None and known.user_name != data.user_name
        if (renamed or data.email != target.email) and not client.changes_addresses:
            raise Refused("scim_address_stays")
        others = Identity.objects.filter(client=client, user__organization=client.organization_id).exclude(user=target)
        if others.filter(user_name__iexact=data.user_name).exists():
            raise Refused("scim_user_name_taken", name=data.user_name)
        if data.external_id and others.filter(external_id=data.external_id).exists():
            raise Refused("scim_external_id_taken", name=data.external_id)
        self._known = known

    def apply(self, *, actor: Actor, target: User, data: IdentityInput) -> Outcome[User]:
        """Keeps it. The names of somebody who has moved away are free again."""
        gone = Identity.objects.filter(client=data.client_id).exclude(user__organization=target.organization_id)
        gone.filter(Q(user_name__iexact=data.user_name) | ~Q(external_id="") & Q(external_id=data.external_id)).delete()
        row = self._known or Identity(tenant_id=target.tenant_id, client_id=data.client_id, user=target)
        given = {"user_name": data.user_name, "external_id": data.external_id}
        changes = [
            Change(name, getattr(row, name), value) for name, value in given.items() if getattr(row, name) != value
        ]
        for name, value in given.items():
            setattr(row, name, value)
        row.spelling, row.changed_at = data.spelling, clock.now()
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise refusal_of(error, _TAKEN, data.user_name) from error
        return Outcome(target=target, changes=changes)


def require_text(attribute: str, value: str, *, least: int = 0) -> None:
    """Refuses what no column holds."""
    if not least <= len(value) <= TEXT_LENGTH or (value and not value.isprintable()):
        raise Refused("scim_text", attribute=attribute, most=TEXT_LENGTH)


def refusal_of(error: IntegrityError, taken: dict[str, str], name: str) -> Exception:
    """What to raise where somebody else was quicker with the same name: a refusal, or else the error itself."""
    cause = error.__cause__
    if isinstance(cause, UniqueViolation) and cause.diag.constraint_name in taken:
        return Refused(taken[cause.diag.constraint_name], name=name)
    return error
