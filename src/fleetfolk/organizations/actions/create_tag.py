"""Add a tag to an organization."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS


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
        """Refuses a name that the organization already uses."""
        if Tag.objects.filter(tenant=target.tenant_id, organization=target, name=data.name).exists():
            raise Refused("tag_name_taken", name=data.name)

    def apply(self, *, actor: Actor, target: Organization, data: CreateTagInput) -> Outcome[Organization]:
        """Creates it."""
        created = Tag.objects.create(
            tenant_id=target.tenant_id, organization=target, name=data.name, colour=data.colour
        )
        return Outcome(target=target, facts={"tag": created.name, "tag_id": created.pk})
