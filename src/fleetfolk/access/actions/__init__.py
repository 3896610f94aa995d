"""Changes to tenants and their roles."""

from fleetfolk.access.actions.create_role import CreateRole, CreateRoleInput
from fleetfolk.access.actions.create_tenant import CreateTenant, CreateTenantInput
from fleetfolk.access.actions.edit_role import EditRole, EditRoleInput
from fleetfolk.access.actions.edit_rules import EditRules, EditRulesInput
from fleetfolk.access.actions.edit_switches import EditSwitches, EditSwitchesInput
from fleetfolk.access.actions.move_role import MoveRole, MoveRoleInput
from fleetfolk.access.actions.rename_role import RenameRole, RenameRoleInput

__all__ = [
    "CreateRole",
    "CreateRoleInput",
    "CreateTenant",
    "CreateTenantInput",
    "EditRole",
    "EditRoleInput",
    "EditRules",
    "EditRulesInput",
    "EditSwitches",
    "EditSwitchesInput",
    "MoveRole",
    "MoveRoleInput",
    "RenameRole",
    "RenameRoleInput",
]
