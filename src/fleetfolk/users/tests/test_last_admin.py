"""An organization keeps an Admin who can sign in, and the installation a Super Admin, however the last one would go."""

from typing import Any

import pytest

from fleetfolk.access.defaults import default_permissions
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, accept, actor, create_organization, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput

WAYS = ("disable", "delete", "demote", "transfer")


def step(cast: Cast, way: str) -> tuple[type[Action[Any, Any]], Any]:
    match way:
        case "disable":
            return DisableUser, ReasonInput()
        case "delete":
            return DeleteUser, DeleteUserInput()
        case "demote":
            return AssignRole, AssignRoleInput(role_id=cast.role("staff").pk)
        case _:
            return TransferUser, TransferUserInput(admin_email=cast.sam.email, role_id=cast.role("admin").pk)


@pytest.mark.parametrize("way", WAYS)
def test_the_last_admin_goes_no_way_and_one_of_two_does(cast: Cast, way: str) -> None:
    action, data = step(cast, way)
    # Somebody who is only invited keeps no organization.
    second = invite(cast.berg, "Bert Berg", cast.role("admin"), by=cast.ada)
    with pytest.raises(Refused, match="last_admin"):
        perform(action, actor=actor(cast.ada), target_id=cast.bea.pk, data=data)
    bea = fresh(cast.bea)
    assert (bea.is_active, bea.role.builtin, bea.organization) == (True, "admin", cast.berg)
    accept(second)
    perform(action, actor=actor(cast.ada), target_id=cast.bea.pk, data=data)
    bea = fresh(cast.bea)
    assert (bea.is_active, bea.role.builtin, bea.organization) != (True, "admin", cast.berg)


@pytest.mark.parametrize("by", ["themself", "a helper"])
@pytest.mark.parametrize("way", WAYS)
def test_the_last_super_admin_goes_no_way_and_one_of_two_does(cast: Cast, way: str, by: str) -> None:
    """Today's Super Admin edits nobody: with the rights of a later one the installation must not lose its last."""
    installation, role = Organization.objects.get(pk=1), Role.objects.get(builtin=BuiltinRole.SUPER_ADMIN)
    with staging():
        role.permissions = default_permissions(BuiltinRole.SUPER_ADMIN)
        role.save()
        helping = Role.objects.create(tenant=installation, name="Helper", permissions=role.permissions)
        admin = Role.objects.create(tenant=installation, name="Admin", builtin=BuiltinRole.ADMIN, permissions=[])
    root, helper = (accept(invite(installation, name, each)) for name, each in (("Rut A", role), ("Hal B", helping)))
    branch = create_organization(installation, "Hosting", by=root)
    there = accept(invite(branch, "Ann C", admin, by=root))
    ways: dict[str, tuple[type[Action[Any, Any]], Any]] = {
        "disable": (DisableUser, ReasonInput()),
        "delete": (DeleteUser, DeleteUserInput()),
        "demote": (AssignRole, AssignRoleInput(role_id=helping.pk)),
        "transfer": (TransferUser, TransferUserInput(admin_email=there.email, role_id=role.pk)),
    }
    action, data = ways[way]
    who: Any = root if by == "themself" else helper
    with pytest.raises(Refused) as refused:
        perform(action, actor=actor(who), target_id=root.pk, data=data)
    assert refused.value.reason in ("last_super_admin", "own_account_stays" if by == "themself" else "")
    assert (fresh(root).is_active, fresh(root).role, fresh(root).organization) == (True, role, installation)
    accept(invite(installation, "Second D", role))
    if by == "a helper" or way == "demote":
        perform(action, actor=actor(who), target_id=root.pk, data=data)
        assert (fresh(root).is_active, fresh(root).role, fresh(root).organization) != (True, role, installation)
