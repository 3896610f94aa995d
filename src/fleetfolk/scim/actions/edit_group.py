"""Change a directory's group and who is in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.scim.actions.assign_identity import refusal_of
from fleetfolk.scim.actions.create_group import TAKEN, GroupInput, require_free
from fleetfolk.scim.models import Group, Member, ScimClient
from fleetfolk.scim.rights import require_directory
from fleetfolk.users.models import User
from fleetfolk.users.permissions import INVITE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditGroupInput(GroupInput):
    """Besides: who comes and who goes, by the keys of people."""

    come: Sequence[int] = ()
    go: Sequence[int] = ()


class EditGroup(Action[Group, EditGroupInput]):
    """The group is called so, and these are in it. What role they have is another change."""

    code = "scim.group.edit"
    label = _("Edit a directory's group")
    said = _("changed the group %(target)s")
    permission = INVITE_USERS
    target_model = "scim.Group"
    input_type = EditGroupInput

    def check(self, *, actor: Actor, target: Group, data: EditGroupInput) -> None:
        """Denies whoever is not its directory; refuses names of others, and people of other organizations."""
        require_directory(actor, target.client_id)
        # One after the other: what role somebody has follows from all groups of the directory.
        client = ScimClient.objects.select_for_update(no_key=True).get(pk=target.client_id)
        require_free(client, data, besides=target.pk)
        here = User.objects.filter(tenant_id=client.tenant_id, organization=client.organization_id, pk__in=data.come)
        if here.count() != len(set(data.come)):
            raise Refused("scim_members")

    def apply(self, *, actor: Actor, target: Group, data: EditGroupInput) -> Outcome[Group]:
        """Keeps it."""
        given = {"name": data.name, "external_id": data.external_id}
        changes = changes_between(target, given)
        for name, value in given.items():
            setattr(target, name, value)
        target.changed_at = clock.now()
        try:
            with transaction.atomic():
                target.save(update_fields=[*given, "changed_at"])
        except IntegrityError as error:
            raise refusal_of(error, TAKEN, data.name) from error
        Member.objects.filter(group=target, user__in=data.go).delete()
        Member.objects.bulk_create(
            [Member(tenant_id=target.tenant_id, group=target, user_id=key) for key in data.come], ignore_conflicts=True
        )
        return Outcome(target=target, changes=changes, facts={"came": len(data.come), "went": len(data.go)})
