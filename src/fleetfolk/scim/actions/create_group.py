"""Take over a group of a directory."""

from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.scim.actions.assign_identity import refusal_of, require_text
from fleetfolk.scim.models import Group, ScimClient
from fleetfolk.scim.rights import require_directory
from fleetfolk.users.permissions import INVITE_USERS

MOST: Final = 1000
TAKEN: Final = {"scim_group_name_once": "scim_group_taken", "scim_group_external_id_once": "scim_external_id_taken"}


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupInput:
    """What the directory calls it."""

    name: str
    external_id: str = ""


class CreateGroup(Action[ScimClient, GroupInput]):
    """There is a group of the directory. One that is called as a role that the directory may give, has that role."""

    code = "scim.group.create"
    label = _("Add a directory's group")
    said = _("added the group %(target)s")
    permission = INVITE_USERS
    target_model = "scim.ScimClient"
    input_type = GroupInput

    def check(self, *, actor: Actor, target: ScimClient, data: GroupInput) -> None:
        """Denies whoever is not this directory; refuses names of others."""
        require_directory(actor, target.pk)
        require_free(target, data)
        if Group.objects.filter(client=target).count() >= MOST:
            raise Refused("scim_many", most=MOST)

    def apply(self, *, actor: Actor, target: ScimClient, data: GroupInput) -> Outcome[Group]:  # type: ignore[override]
        """Keeps it."""
        now = clock.now()
        group = Group(
            tenant_id=target.tenant_id,
            client=target,
            name=data.name,
            external_id=data.external_id,
            role=role_called(target, data.name),
            created_at=now,
            changed_at=now,
        )
        try:
            with transaction.atomic():
                group.save(force_insert=True)
        except IntegrityError as error:
            raise refusal_of(error, TAKEN, data.name) from error
        return Outcome(target=group, facts={"role": group.role.name if group.role else ""})


def require_free(client: ScimClient, data: GroupInput, *, besides: int = 0) -> None:
    """Refuses a name or externalId of another group."""
    require_text("displayName", data.name, least=1)
    require_text("externalId", data.external_id)
    others = Group.objects.filter(client=client).exclude(pk=besides)
    if others.filter(name__iexact=data.name).exists():
        raise Refused("scim_group_taken", name=data.name)
    if data.external_id and others.filter(external_id=data.external_id).exists():
        raise Refused("scim_external_id_taken", name=data.external_id)


def role_called(client: ScimClient, name: str) -> Role | None:
    """The role of this name, where the directory may give it."""
    return client.roles.filter(name__iexact=name).order_by("position", "pk").first()
