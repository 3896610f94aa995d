"""Say what a directory may do."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.scim.actions.create_scim_client import ScimClientInput, facts_of, require_fit
from fleetfolk.scim.models import Group, ScimClient
from fleetfolk.scim.permissions import EDIT_SCIM
from fleetfolk.scim.rights import require_giveable, require_hands, require_name, rights_for


class EditScimClient(Action[ScimClient, ScimClientInput]):
    """The directory may do this from its next request on. Groups whose role it may not give any more have none."""

    code = "scim.client.edit"
    label = _("Edit directory")
    said = _("changed what the directory %(target)s may do")
    permission = EDIT_SCIM
    target_model = "scim.ScimClient"
    input_type = ScimClientInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: ScimClient, data: ScimClientInput) -> None:
        """Denies keys, and more than the actor holds; refuses a name that is there."""
        require_hands(actor)
        require_name(data.name)
        require_fit(data)
        rights = rights_for(removal=data.removal, changes_addresses=data.changes_addresses)
        self._roles = require_giveable(
            actor, target.organization, permissions=rights, role_id=data.role_id, role_ids=data.role_ids
        )
        others = ScimClient.objects.filter(organization=target.organization_id, name=data.name).exclude(pk=target.pk)
        if others.exists():
            raise Refused("scim_name_taken", name=data.name)

    def apply(self, *, actor: Actor, target: ScimClient, data: ScimClientInput) -> Outcome[ScimClient]:
        """Keeps it."""
        columns = data.columns()
        plain = ("name", "invites", "changes_addresses", "removal")
        changes = changes_between(target, {name: columns[name] for name in plain})
        for name, value in columns.items():
            setattr(target, name, value)
        target.save(update_fields=[*columns])
        target.roles.set(self._roles)
        Group.objects.filter(client=target).exclude(role__in=self._roles).update(role=None)
        return Outcome(target=target, changes=changes, facts=facts_of(self._roles, data))
