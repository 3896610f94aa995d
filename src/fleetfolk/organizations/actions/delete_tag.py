"""Delete a tag."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Tag
from fleetfolk.organizations.models_tags import DeletedTag
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS
from fleetfolk.organizations.tag_uses import carriers_of, uses_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteTagInput:
    """Nothing more is needed."""


class DeleteTag(Action[Tag, DeleteTagInput]):
    """The tag is gone, and nobody and nothing carries it any more. For a week it can be restored."""

    code = "tag.delete"
    label = _("Delete tag")
    said = _("deleted the tag %(target)s")
    permission = EDIT_ORGANIZATIONS
    target_model = "organizations.Tag"
    input_type = DeleteTagInput

    def apply(self, *, actor: Actor, target: Tag, data: DeleteTagInput) -> Outcome[Tag]:
        """Deletes it, says how many carried it, and keeps who they are."""
        key = target.pk
        carried = uses_of([key])[key]
        DeletedTag.objects.create(
            pk=key,
            tenant_id=target.tenant_id,
            organization=target.organization,
            name=target.name,
            colour=target.colour,
            created_by_id=target.created_by_id,
            created_by_label=target.created_by_label,
            carriers=carriers_of(target),
        )
        target.delete()
        target.pk = key
        return Outcome(target=target, facts={"colour": target.colour, **carried})
