"""Put an organization away, with everything below it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import DELETE_ORGANIZATIONS
from fleetfolk.tree.along import below, write_along
from fleetfolk.tree.queries import require_no_stronger, stays
from fleetfolk.users.models import State, User
from fleetfolk.users.open_sessions import end_sessions_of_all


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveOrganizationInput:
    """Nothing else is asked."""


class ArchiveOrganization(Action[Organization, ArchiveOrganizationInput]):
    """The organization and all below it leave the lists, and their people are disabled until it is restored."""

    code = "organization.archive"
    label = _("Archive organization")
    said = _("archived the organization %(target)s")
    permission = DELETE_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = ArchiveOrganizationInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: ArchiveOrganizationInput) -> None:
        """Refuses a whole tenant, the actor's own organization or one above it, and what is archived already."""
        if stays(target, actor, DELETE_ORGANIZATIONS):
            raise Refused("organization_stays")
        if target.archived_at is not None:
            raise Refused("organization_archived", name=target.name)
        require_no_stronger(actor, target, DELETE_ORGANIZATIONS)

    def apply(self, *, actor: Actor, target: Organization, data: ArchiveOrganizationInput) -> Outcome[Organization]:
        """Marks all of it with one moment, by which restoring knows what went with it."""
        now = clock.now()
        Organization.objects.filter(pk=target.pk).update(archived_at=now)
        below(target).filter(archived_at=None).update(archived_at=now)
        along = list(below(target).filter(archived_at=now).order_by("path").values_list("pk", flat=True))
        people = User.objects.filter(tenant_id=target.tenant_id, path__startswith=target.path)
        shut_out = list(people.filter(state__in=(State.ACTIVE, State.PENDING)).values_list("pk", flat=True))
        User.objects.filter(pk__in=shut_out).update(disabled_at=now)
        end_sessions_of_all(shut_out)
        write_along(ArchiveOrganization, actor, target, along)
        target.archived_at = now
        return Outcome(target=target, facts={"organizations": 1 + len(along), "people": len(shut_out)})
