"""Add an organization to the tree."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.archived import require_open, require_room_below
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.organizations.permissions import CREATE_ORGANIZATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateOrganizationInput:
    """``country`` is an ISO 3166-1 alpha-2 code or empty, ``time_zone`` an IANA name."""

    name: str
    kind: OrganizationKind
    country: str = ""
    time_zone: str = "UTC"


class CreateOrganization(Action[Organization, CreateOrganizationInput]):
    """There is an organization below the target, empty."""

    code = "organization.create"
    label = _("Create organization")
    said = _("created the organization %(target)s")
    permission = CREATE_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = CreateOrganizationInput

    def check(self, *, actor: Actor, target: Organization, data: CreateOrganizationInput) -> None:
        """Refuses what the plan does not allow, a name taken below the same parent, and the kinds of roots."""
        if data.kind in (OrganizationKind.ROOT, OrganizationKind.INSTALLATION):
            raise Refused("organization_kind")
        require_open(target)
        require_room_below(target)
        limits.require_level(target.tenant_id, target.depth + 1)
        if Organization.objects.filter(parent=target, name=data.name).exists():
            raise Refused("organization_name_taken", name=data.name)
        limits.require(target.tenant_id, "organizations")

    def apply(self, *, actor: Actor, target: Organization, data: CreateOrganizationInput) -> Outcome[Organization]:
        """Creates it."""
        created = Organization.objects.create(
            tenant_id=target.tenant_id,
            parent=target,
            name=data.name,
            kind=data.kind,
            country=data.country,
            time_zone=data.time_zone,
            created_at=clock.now(),
            created_by_id=actor.user_id,
        )
        created.refresh_from_db(fields=["path", "line"])
        return Outcome(target=created, facts={"below": target.name, "kind": data.kind.value})
