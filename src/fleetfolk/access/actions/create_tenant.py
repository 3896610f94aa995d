"""Open a new tenant on the installation."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.defaults import create_default_roles
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization, OrganizationKind, Plan
from fleetfolk.organizations.permissions import CREATE_TENANTS


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateTenantInput:
    """``country`` is an ISO 3166-1 alpha-2 code or empty, ``time_zone`` an IANA name."""

    name: str
    country: str = ""
    time_zone: str = "UTC"


class CreateTenant(Action[Organization, CreateTenantInput]):
    """There is a new root organization, with the default roles, the plan of new tenants and nobody in it."""

    code = "tenant.create"
    label = _("Create tenant")
    said = _("created a tenant")
    permission = CREATE_TENANTS
    target_model = "organizations.Organization"
    input_type = CreateTenantInput

    def check(self, *, actor: Actor, target: Organization, data: CreateTenantInput) -> None:
        """Refuses any other place than the installation itself, and a name that another tenant has."""
        if target.kind != OrganizationKind.INSTALLATION:
            raise Refused("not_the_installation")
        if Organization.objects.filter(parent=None, name=data.name).exists():
            raise Refused("organization_name_taken", name=data.name)

    def apply(self, *, actor: Actor, target: Organization, data: CreateTenantInput) -> Outcome[Organization]:
        """Creates the root and its roles."""
        root = Organization(
            name=data.name,
            kind=OrganizationKind.ROOT,
            country=data.country,
            time_zone=data.time_zone,
            created_at=clock.now(),
            plan=Plan.objects.filter(for_new=True).first(),
        )
        root.save(force_insert=True)
        root.refresh_from_db()
        create_default_roles(root)
        return Outcome(target=target, facts={"tenant": root.name, "tenant_id": root.pk})
