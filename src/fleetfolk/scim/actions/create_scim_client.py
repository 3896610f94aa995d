"""Let a directory in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.archived import require_open
from fleetfolk.organizations.models import Organization
from fleetfolk.scim.models import Removal, ScimClient
from fleetfolk.scim.permissions import EDIT_SCIM
from fleetfolk.scim.rights import require_giveable, require_hands, require_name, rights_for

MOST: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class ScimClientInput:
    """What the directory is called and may do: the roles it may give, and the one with which people begin."""

    name: str
    role_id: int
    role_ids: Sequence[int]
    invites: bool = True
    changes_addresses: bool = False
    removal: str = Removal.DEACTIVATE.value

    def columns(self) -> dict[str, Any]:
        """What is kept of it in the row."""
        return {
            "name": self.name,
            "role_id": self.role_id,
            "invites": self.invites,
            "changes_addresses": self.changes_addresses,
            "removal": self.removal,
            "permissions": rights_for(removal=self.removal, changes_addresses=self.changes_addresses),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateScimClientInput(ScimClientInput):
    """Besides: what is kept of its token, which the door shows once."""

    secret_hash: str = field(repr=False)
    secret_end: str


class CreateScimClient(Action[Organization, CreateScimClientInput]):
    """The directory gets in with its token, upon the people whose home is this organization."""

    code = "scim.client.create"
    label = _("Let a directory in")
    said = _("let the directory %(target)s in")
    permission = EDIT_SCIM
    target_model = "organizations.Organization"
    input_type = CreateScimClientInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: CreateScimClientInput) -> None:
        """Denies keys, and more than the actor holds; refuses an archived place and a name that is there."""
        require_hands(actor)
        require_open(target)
        require_name(data.name)
        require_fit(data)
        rights = rights_for(removal=data.removal, changes_addresses=data.changes_addresses)
        self._roles = require_giveable(actor, target, permissions=rights, role_id=data.role_id, role_ids=data.role_ids)
        if ScimClient.objects.filter(organization=target, name=data.name).exists():
            raise Refused("scim_name_taken", name=data.name)
        if ScimClient.objects.filter(organization=target).count() >= MOST:
            raise Refused("scim_many", most=MOST)

    def apply(self, *, actor: Actor, target: Organization, data: CreateScimClientInput) -> Outcome[ScimClient]:  # type: ignore[override]
        """Keeps it."""
        client = ScimClient.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            secret_hash=data.secret_hash,
            secret_end=data.secret_end,
            created_by_id=actor.user_id,
            created_by_label=actor.label[:140],
            created_at=clock.now(),
            **data.columns(),
        )
        client.roles.set(self._roles)
        return Outcome(target=client, facts={"ends_in": data.secret_end, **facts_of(self._roles, data)})


def require_fit(data: ScimClientInput) -> None:
    """Refuses a way of removing that there is not."""
    if data.removal not in Removal.values:
        raise Refused("scim_roles")


def facts_of(roles: Sequence[Any], data: ScimClientInput) -> dict[str, str | bool]:
    """What the log is told of what a directory may do."""
    return {
        "roles": ", ".join(str(role) for role in roles),
        "invites": data.invites,
        "changes_addresses": data.changes_addresses,
        "removal": data.removal,
    }
