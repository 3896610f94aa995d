"""An organization keeps an Admin who can sign in, whichever way the last one would go."""

from typing import Any

import pytest

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, accept, actor, fresh, invite
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.delete_user import DeleteUser
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput

WAYS = ("disable", "delete", "demote", "transfer")


def step(cast: Cast, way: str) -> tuple[type[Action[Any, Any]], Any]:
    match way:
        case "disable":
            return DisableUser, ReasonInput()
        case "delete":
            return DeleteUser, ReasonInput()
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
