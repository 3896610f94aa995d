"""Changes to tenants and their roles."""

from fleetfolk.access.actions.create_tenant import CreateTenant, CreateTenantInput

__all__ = ["CreateTenant", "CreateTenantInput"]
