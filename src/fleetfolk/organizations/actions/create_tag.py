"""Add a tag to an organization."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS
from fleetfolk.organizations.tag_names import require_room, require_tag


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateTagInput:
    """A name of up to 24 characters and one of the six colours."""

    name: str
    colour: int = 1


class CreateTag(Action[Organization, CreateTagInput]):
    """The organization and those below can use one more tag."""

    code = "tag.create"
    label = _("Create tag")
    said = _("created a tag in %(target)s")
    permission = EDIT_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = CreateTagInput

    def check(self, *, actor: Actor, target: Organization, data: CreateTagInput) -> None:
        """Refuses a name that the organization already uses, what is no name or colour, and one tag too many."""
        require_tag(target, data.name, data.colour)
        require_room(target)
        limits.require(target.tenant_id, "tags", organization_id=target.pk)

    def apply(self, *, actor: Actor, target: Organization, data: CreateTagInput) -> Outcome[Organization]:
        """Creates it, in the actor's name."""
        created = Tag.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            name=data.name,
            colour=data.colour,
            created_by_id=actor.user_id,
            created_by_label=actor.label[:140],
        )
        return Outcome(target=target, facts={"tag": created.name, "tag_id": created.pk})
