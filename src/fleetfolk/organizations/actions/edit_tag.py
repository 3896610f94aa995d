"""Change what a tag is called, and its colour."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.organizations.models import Tag
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS
from fleetfolk.organizations.tag_names import require_tag


@dataclass(frozen=True, kw_only=True, slots=True)
class EditTagInput:
    """A name of up to 24 characters and one of the six colours."""

    name: str
    colour: int


class EditTag(Action[Tag, EditTagInput]):
    """The tag is called and coloured as given, on everybody and everything that carries it."""

    code = "tag.edit"
    label = _("Edit tag")
    said = _("edited the tag %(target)s")
    permission = EDIT_ORGANIZATIONS
    target_model = "organizations.Tag"
    input_type = EditTagInput

    def check(self, *, actor: Actor, target: Tag, data: EditTagInput) -> None:
        """Refuses a name that another tag of the organization has, and what is no name or colour."""
        require_tag(target.organization, data.name, data.colour, besides=target.pk)

    def apply(self, *, actor: Actor, target: Tag, data: EditTagInput) -> Outcome[Tag]:
        """Saves what differs."""
        values = {"name": data.name, "colour": data.colour}
        changes = changes_between(target, values)
        for change in changes:
            setattr(target, change.field, values[change.field])
        if changes:
            target.save(update_fields=[change.field for change in changes])
        return Outcome(target=target, changes=changes)
