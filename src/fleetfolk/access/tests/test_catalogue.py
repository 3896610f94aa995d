"""The catalogue of permissions and Actions: complete, closed, and never renamed."""

from pathlib import Path

import pytest

from fleetfolk.access.defaults import default_permissions
from fleetfolk.access.models import BuiltinRole
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.permissions import (
    PERMISSIONS,
    Permission,
    role_permissions,
    with_required,
    without_dependents,
)

RELEASED = Path(__file__).with_name("released")

# The names that the Blynk-compatible APIs speak of, as their documentation lists them.
BLYNK = [
    "ROLE_VIEW",
    "ROLE_CREATE",
    "ROLE_EDIT",
    "ROLE_DELETE",
    "ORG_VIEW_USERS",
    "ORG_INVITE_USERS",
    "ORG_EDIT_USERS",
    "ORG_DELETE_USERS",
    "OWN_DEVICES_VIEW",
    "PROVISION_DEVICES",
    "OWN_DEVICES_EDIT",
    "OWN_DEVICES_DELETE",
    "OWN_DEVICES_SHARE",
    "OWN_DEVICE_DATA_DELETE",
    "ORG_DEVICES_VIEW",
    "ORG_DEVICES_CREATE",
    "ORG_DEVICES_EDIT",
    "ORG_DEVICES_DELETE",
    "ORG_DEVICES_SHARE",
    "ORG_DEVICE_DATA_DELETE",
    "SET_AUTH_TOKEN",
    "OTA_VIEW",
    "OTA_START",
    "OTA_STOP",
    "PRODUCT_VIEW",
    "PRODUCT_CREATE",
    "PRODUCT_EDIT",
    "PRODUCT_DELETE",
    "OWN_ORG_EDIT",
    "ORG_SWITCH",
    "ORG_VIEW",
    "ORG_CREATE",
    "ORG_EDIT",
    "ORG_DELETE",
    "RULE_GROUP_VIEW",
    "RULE_GROUP_EDIT",
    "MANAGE_STATIC_TOKENS",
    "MANAGE_WEB_HOOK",
]

# Labels of the same list that have no documented name, by what they are called here.
UNNAMED = {
    "Change user passwords",
    "Force log-out",
    "View user actions log",
    "Transfer users",
    "Download users list",
    "Disable and enable users",
    "Control own devices",
    "Download own reports",
    "View own timeline",
    "Edit own timeline",
    "Control devices",
    "Download reports",
    "Access service tab",
    "Transfer devices",
    "Transfer organizations",
    "View automations",
    "Create automations",
    "Edit automations",
    "Delete automations",
    "Execute automations",
    "Manage automation templates",
    "View OAuth token settings",
    "Create OAuth tokens",
    "Edit OAuth tokens",
    "Delete OAuth tokens",
    "View analytics",
    "Create rule groups",
    "Delete rule groups",
    "Manage dashboards",
}

# "Switching on … also turns on", as the other system's client does it.
SWITCHES_ON = {
    **{name: {"ORG_VIEW"} for name in ("ORG_SWITCH", "OWN_ORG_EDIT", "ORG_CREATE", "ORG_EDIT", "ORG_DELETE")},
    **{name: {"ORG_VIEW_USERS"} for name in ("ORG_INVITE_USERS", "ORG_EDIT_USERS", "ORG_DELETE_USERS")},
    **{name: {"PRODUCT_VIEW"} for name in ("PRODUCT_CREATE", "PRODUCT_EDIT", "PRODUCT_DELETE")},
    **{name: {"ORG_DEVICES_VIEW"} for name in ("ORG_DEVICES_EDIT", "ORG_DEVICES_DELETE")},
    **{name: {"OWN_DEVICES_VIEW"} for name in ("OWN_DEVICES_EDIT", "OWN_DEVICES_DELETE")},
    "SET_AUTH_TOKEN": {"OWN_DEVICES_VIEW", "OWN_DEVICES_EDIT"},
}

BY_BLYNK = {permission.blynk: permission for permission in PERMISSIONS.values() if permission.blynk}


@pytest.mark.parametrize("permission", PERMISSIONS.values(), ids=lambda permission: permission.code)
def test_every_permission_has_words_for_people(permission: Permission) -> None:
    assert str(permission.label)[:1].isupper()
    assert not str(permission.label).endswith(".")
    assert str(permission.sentence).endswith(".")
    assert str(permission.group)


def test_labels_say_which_permission_is_meant() -> None:
    labels = [(str(permission.group), str(permission.label)) for permission in role_permissions()]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("name", BLYNK)
def test_every_permission_of_the_other_system_is_here(name: str) -> None:
    assert name in BY_BLYNK


def test_so_are_those_that_have_a_label_only() -> None:
    assert {str(permission.label) for permission in role_permissions()} >= UNNAMED


@pytest.mark.parametrize(("name", "needs"), SWITCHES_ON.items())
def test_switches_depend_on_each_other_as_there(name: str, needs: set[str]) -> None:
    complete = with_required({BY_BLYNK[name].code})
    assert complete >= {BY_BLYNK[need].code for need in needs}
    for need in needs:
        assert BY_BLYNK[name].code not in without_dependents(complete, removed=BY_BLYNK[need].code)


def test_dependencies_are_known_and_lead_nowhere_in_a_circle() -> None:
    for permission in PERMISSIONS.values():
        assert all(PERMISSIONS[need.code] is need and not need.inherent for need in permission.requires)
        assert all(permission.code not in with_required([need.code]) for need in permission.requires)


@pytest.mark.parametrize("builtin", BuiltinRole)
def test_the_roles_that_a_tenant_begins_with_are_closed_and_nested(builtin: BuiltinRole) -> None:
    held = set(default_permissions(builtin))
    assert held == with_required(held)
    assert held <= {permission.code for permission in role_permissions()}
    if builtin is not BuiltinRole.SUPER_ADMIN:
        assert not any(code.startswith("installation.") for code in held)
        assert held <= set(default_permissions(BuiltinRole.ADMIN))


def test_every_action_needs_a_permission_of_the_catalogue() -> None:
    for action in CATALOGUE.values():
        assert PERMISSIONS[action.permission.code] is action.permission


def test_a_released_code_is_never_renamed_removed_or_reused() -> None:
    """New codes are written into the newest file of released/; what is in there stays."""
    released = {line for file in RELEASED.glob("*.txt") for line in file.read_text().split("\n")} - {""}
    present = {f"permission {code}" for code in PERMISSIONS} | {f"action {code}" for code in CATALOGUE}
    assert released <= present, "these codes were released: bring them back"
    assert present <= released, "add these codes to a file in released/"
