"""Delete an organization in which nobody and nothing is left."""

from dataclasses import dataclass

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import CustomField, Location, Organization, Tag
from fleetfolk.organizations.permissions import DELETE_ORGANIZATIONS
from fleetfolk.tree.queries import contents_of, stays


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteOrganizationInput:
    """Nothing else is asked."""


class DeleteOrganization(Action[Organization, DeleteOrganizationInput]):
    """The organization is gone, with its locations, tags and fields."""

    code = "organization.delete"
    label = _("Delete organization")
    said = _("deleted the organization %(target)s")
    permission = DELETE_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = DeleteOrganizationInput
    risk = Risk.IRREVERSIBLE

    def check(self, *, actor: Actor, target: Organization, data: DeleteOrganizationInput) -> None:
        """Refuses a whole tenant, the actor's own organization or one above it, and what is not empty."""
        if stays(target, actor, DELETE_ORGANIZATIONS):
            raise Refused("organization_stays")
        contents = contents_of(target)
        if not contents.is_empty:
            raise Refused(
                "organization_not_empty",
                name=target.name,
                users=contents.users,
                devices=contents.devices,
                organizations=contents.organizations,
            )

    def apply(self, *, actor: Actor, target: Organization, data: DeleteOrganizationInput) -> Outcome[Organization]:
        """Deletes it; what else is kept there (messages, jobs and the like) holds it."""
        key = target.pk
        for model in (Location, Tag, CustomField):
            model._default_manager.filter(organization=target).delete()
        try:
            target.delete()
        except ProtectedError as error:
            kept = sorted({str(row._meta.verbose_name_plural) for row in error.protected_objects})
            raise Refused("organization_kept", name=target.name, what=", ".join(kept)) from error
        target.pk = key
        return Outcome(target=target)
