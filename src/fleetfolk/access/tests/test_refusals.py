"""What is refused of roles and rules, each beside what is done."""

from typing import Any

import pytest

from fleetfolk.access.actions import (
    CreateRole,
    CreateRoleInput,
    CreateTenant,
    CreateTenantInput,
    EditRole,
    EditRoleInput,
    EditRules,
    EditRulesInput,
    EditSwitches,
    EditSwitchesInput,
    MoveRole,
    MoveRoleInput,
    RenameRole,
    RenameRoleInput,
)
from fleetfolk.access.actions.edit_rules import OVERSIGHT
from fleetfolk.access.roles import require_complete, version_of
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, system_actor
from fleetfolk.kernel.errors import ActionError, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule, Organization, OrganizationKind
from fleetfolk.organizations.queries import rules_of
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_roles import installers


def reason(action: type[Action[Any, Any]], by: Actor, target_id: int, data: Any) -> str:
    """Why it was refused, as the entry of the attempt has it, too."""
    with pytest.raises(ActionError) as caught:
        perform(action, actor=by, target_id=target_id, data=data)
    entry = Entry.objects.filter(code=action.code).latest("at", "id")
    assert (entry.result, entry.reason) == (caught.value.result, caught.value.reason)
    return caught.value.reason


def test_roles_are_made_and_ordered_for_the_whole_tenant(cast: Cast) -> None:
    ada, role = actor(cast.ada), installers(cast)
    made, moved = CreateRoleInput(name="Fitter", permissions=("users.view",)), MoveRoleInput(role_id=role.pk, place=1)
    assert reason(CreateRole, ada, cast.north.pk, made) == "roles_are_the_tenants"
    assert reason(MoveRole, ada, cast.north.pk, moved) == "roles_are_the_tenants"
    assert perform(CreateRole, actor=ada, target_id=cast.lumen.pk, data=made).target is not None
    assert perform(MoveRole, actor=ada, target_id=cast.lumen.pk, data=moved).target is not None


def test_an_admin_holds_everything_whoever_edits(cast: Cast) -> None:
    data = EditRoleInput(permissions=("users.view",))
    assert reason(EditRole, actor(cast.ada), cast.role("admin").pk, data) == "role_always_all"


def test_a_role_is_saved_as_it_was_seen(cast: Cast) -> None:
    role, ada = installers(cast), actor(cast.ada)
    seen = version_of(role)
    codes = tuple(role.permissions)
    assert (
        reason(EditRole, ada, role.pk, EditRoleInput(permissions=codes, version="another")) == "role_changed_meanwhile"
    )
    done = perform(EditRole, actor=ada, target_id=role.pk, data=EditRoleInput(permissions=codes, version=seen))
    assert not done.changes


def test_the_same_name_changes_nothing(cast: Cast) -> None:
    role = installers(cast)
    done = perform(RenameRole, actor=actor(cast.ada), target_id=role.pk, data=RenameRoleInput(name=role.name))
    assert not done.changes


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (EditRulesInput(message_cap=101), "rules_message_cap"),
        (EditRulesInput(message_cap=-1), "rules_message_cap"),
        (EditRulesInput(session_idle=4), "rules_session_idle"),
        (EditRulesInput(session_idle=14 * 24 * 60 + 1), "rules_session_idle"),
        (EditRulesInput(session_hours=-1), "rules_session_hours"),
        (EditRulesInput(session_hours=14 * 24 + 1), "rules_session_hours"),
        (EditRulesInput(password_length=7), "rules_password_length"),
        (EditRulesInput(password_length=65), "rules_password_length"),
        (EditRulesInput(email_domains=("no domain",)), "rules_email_domains"),
        (EditRulesInput(email_domains=tuple(f"d{number}.example" for number in range(51))), "rules_email_domains"),
    ],
)
def test_a_rule_beyond_its_bounds_is_refused(cast: Cast, data: EditRulesInput, expected: str) -> None:
    assert reason(EditRules, actor(cast.ada), cast.north.pk, data) == expected


def test_a_tenant_is_made_below_the_installation_under_a_name_of_its_own(cast: Cast) -> None:
    installation = Organization.objects.filter(kind=OrganizationKind.INSTALLATION).first()
    assert installation is not None
    setup = system_actor("setup", tenant_id=installation.pk)
    taken = CreateTenantInput(name=cast.lumen.name)
    assert reason(CreateTenant, setup, installation.pk, taken) == "organization_name_taken"
    perform(CreateTenant, actor=setup, target_id=installation.pk, data=CreateTenantInput(name="Aurora"))
    assert Organization.objects.filter(parent=None, name="Aurora").exists()
    with staging():
        depot = Organization.objects.create(tenant=installation, parent=installation, name="Depot")
    assert reason(CreateTenant, setup, depot.pk, CreateTenantInput(name="Borealis")) == "not_the_installation"


def test_whoever_opens_an_organization_to_assistants_may_oversee_them(cast: Cast) -> None:
    with staging():
        role = cast.role("admin")
        role.permissions = [code for code in role.permissions if code != OVERSIGHT]
        role.save(update_fields=["permissions"])
    ada = actor(cast.ada)
    opened, closed = EditRulesInput(assistance=AssistanceRule.WAIVED), EditRulesInput(assistance=AssistanceRule.OFF)
    assert reason(EditRules, ada, cast.north.pk, opened) == "rules_need_oversight"
    perform(EditRules, actor=ada, target_id=cast.north.pk, data=closed)
    assert rules_of(Organization.objects.get(pk=cast.north.pk)).assistance == AssistanceRule.OFF


def test_rules_that_are_saved_as_they_were_change_nothing(cast: Cast) -> None:
    data = EditRulesInput(message_cap=3)
    assert perform(EditRules, actor=actor(cast.ada), target_id=cast.north.pk, data=data).changes
    assert not perform(EditRules, actor=actor(cast.ada), target_id=cast.north.pk, data=data).changes


def test_a_role_differs_in_so_many_places_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleetfolk.access.actions.edit_switches.MOST_DIFFERING", 1)
    role = installers(cast)
    data = EditSwitchesInput(role_id=role.pk, permissions=("users.view",))
    perform(EditSwitches, actor=actor(cast.ada), target_id=cast.north.pk, data=data)
    assert reason(EditSwitches, actor(cast.ada), cast.south.pk, data) == "switches_in_many"


@pytest.mark.parametrize("code", ["users.fly", "account.own"])
def test_a_role_holds_only_what_a_role_can_hold(cast: Cast, code: str) -> None:
    data = EditRoleInput(permissions=("users.view", code))
    assert reason(EditRole, actor(cast.ada), installers(cast).pk, data) == "role_beyond_yours"
    with pytest.raises(Refused, match="permission_unknown"):
        require_complete(data.permissions)
