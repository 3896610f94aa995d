"""Take an organization out of the archive."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import DELETE_ORGANIZATIONS
from fleetfolk.tree.along import below, write_along
from fleetfolk.tree.queries import stays
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreOrganizationInput:
    """Nothing else is asked."""


class RestoreOrganization(Action[Organization, RestoreOrganizationInput]):
    """The organization is back, with what was archived together with it; its people may sign in again."""

    code = "organization.restore"
    label = _("Restore organization")
    said = _("restored the organization %(target)s")
    permission = DELETE_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = RestoreOrganizationInput

    def check(self, *, actor: Actor, target: Organization, data: RestoreOrganizationInput) -> None:
        """Refuses what is another's to restore, what is not archived, and what is below something that is."""
        if stays(target, actor, DELETE_ORGANIZATIONS):
            raise Refused("organization_stays")
        if target.archived_at is None:
            raise Refused("organization_there", name=target.name)
        if target.parent is not None and target.parent.archived_at is not None:
            raise Refused("organization_above_archived", name=target.parent.name)

    def apply(self, *, actor: Actor, target: Organization, data: RestoreOrganizationInput) -> Outcome[Organization]:
        """Restores what has the same moment: who was disabled before stays so."""
        moment = target.archived_at
        along = list(below(target).filter(archived_at=moment).order_by("path").values_list("pk", flat=True))
        Organization.objects.filter(pk__in=[target.pk, *along]).update(archived_at=None)
        people = User.objects.filter(tenant_id=target.tenant_id, path__startswith=target.path, disabled_at=moment)
        enabled = people.update(disabled_at=None)
        write_along(RestoreOrganization, actor, target, along)
        target.archived_at = None
        return Outcome(target=target, facts={"organizations": 1 + len(along), "people": enabled})
