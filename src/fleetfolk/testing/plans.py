"""Tenants with a plan, for tests of what plans limit."""

from fleetfolk.organizations.models import Organization, Plan
from fleetfolk.testing.door import staging


def allowing(tenant: Organization, **numbers: int) -> Plan:
    """The tenant has a plan with these limits and no others."""
    with staging():
        plan, _created = Plan.objects.update_or_create(
            name="Small", defaults={"tenant_id": 1, "limits": numbers, "contact": "sales@fleetfolk.example"}
        )
        Organization.objects.filter(pk=tenant.pk).update(plan=plan)
    return plan
