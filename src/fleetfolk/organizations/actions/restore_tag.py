"""Restore a tag that was deleted."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.organizations.models_tags import DeletedTag
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS
from fleetfolk.organizations.tag_names import require_room, require_tag
from fleetfolk.organizations.tag_uses import give_back


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreTagInput:
    """Nothing more is needed: the key is that of the tag."""


class RestoreTag(Action[DeletedTag, RestoreTagInput]):
    """The tag is there again, on everybody and everything that carried it and is still below its organization."""

    code = "tag.restore"
    label = _("Restore tag")
    said = _("restored the tag %(target)s")
    permission = EDIT_ORGANIZATIONS
    target_model = "organizations.DeletedTag"
    input_type = RestoreTagInput

    def check(self, *, actor: Actor, target: DeletedTag, data: RestoreTagInput) -> None:
        """Refuses a name that another tag has by now, and one tag too many."""
        # Whoever creates a tag here meanwhile waits for this one.
        home = Organization.objects.select_for_update(no_key=True, of=("self",)).get(pk=target.organization_id)
        require_tag(home, target.name, target.colour)
        require_room(home)
        limits.require(home.tenant_id, "tags", organization_id=home.pk)

    def apply(self, *, actor: Actor, target: DeletedTag, data: RestoreTagInput) -> Outcome[DeletedTag]:
        """Makes it again with its key, so that rules which ask for it do again."""
        key = target.pk
        tag = Tag.objects.create(
            pk=key,
            tenant_id=target.tenant_id,
            organization=target.organization,
            name=target.name,
            colour=target.colour,
            created_by_id=target.created_by_id,
            created_by_label=target.created_by_label,
        )
        carried = give_back(tag, target.carriers)
        target.delete()
        target.pk = key
        return Outcome(target=target, facts=dict(carried))
