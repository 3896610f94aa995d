"""Changes to tenants and their roles."""

from fleetfolk.access.actions.create_tenant import CreateTenant, CreateTenantInput
from fleetfolk.access.actions.edit_rules import EditRules, EditRulesInput

__all__ = ["CreateTenant", "CreateTenantInput", "EditRules", "EditRulesInput"]
