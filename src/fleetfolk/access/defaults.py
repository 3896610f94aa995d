"""The roles that every new tenant begins with, useful without editing."""

from collections.abc import Iterable
from typing import assert_never

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.kernel.permissions import role_permissions, with_required
from fleetfolk.organizations.models import Organization

_STAFF_PREFIXES = ("users.", "devices.", "segments.", "locations.", "actionlog.", "automations.", "messages.")
_STAFF_MORE = ("organizations.view", "roles.view", "templates.view", "analytics.view", "firmware.view")
_STAFF_LESS = ("users.delete", "users.deactivate", "users.data.export", "users.developers.edit")
_BEGIN_WITH = (BuiltinRole.ADMIN, BuiltinRole.STAFF, BuiltinRole.SUPPORT, BuiltinRole.USER)
_SUPPORT_MORE = ("support.view_as", "support.act_as")
_USER = (
    "devices.own.view",
    "devices.own.create",
    "devices.own.edit",
    "devices.own.control",
    "devices.own.share",
    "devices.own.transfer",
    "devices.own.reports.read",
    "devices.own.timeline.view",
    "devices.own.timeline.edit",
    "locations.own.view",
    "locations.own.edit",
)


def default_permissions(builtin: BuiltinRole) -> list[str]:
    """The codes that a new tenant's role holds, sorted.

    Admin holds everything but the installation itself; Staff people and devices, not settings or roles; Support what
    Staff holds, and may help customers in their own view; User sees, controls and shares their own devices.
    """
    every = [permission.code for permission in role_permissions()]
    chosen: Iterable[str]
    match builtin:
        case BuiltinRole.SUPER_ADMIN:
            chosen = every
        case BuiltinRole.ADMIN:
            chosen = [code for code in every if not code.startswith("installation.")]
        case BuiltinRole.STAFF | BuiltinRole.SUPPORT:
            chosen = [
                code
                for code in every
                if (code.startswith(_STAFF_PREFIXES) or code in _STAFF_MORE) and code not in _STAFF_LESS
            ]
            if builtin is BuiltinRole.SUPPORT:
                chosen += [code for code in every if code in _SUPPORT_MORE]
        case BuiltinRole.USER:
            chosen = _USER
        case _:
            assert_never(builtin)
    return sorted(with_required(chosen))


def create_default_roles(tenant: Organization) -> list[Role]:
    """The tenant has its Admin, Staff, Support and User. Called inside the Action that creates the tenant."""
    return Role.objects.bulk_create(
        Role(
            tenant=tenant,
            name=str(builtin.label),
            builtin=builtin,
            permissions=default_permissions(builtin),
            position=position,
        )
        for position, builtin in enumerate(
            (BuiltinRole.ADMIN, BuiltinRole.STAFF, BuiltinRole.SUPPORT, BuiltinRole.USER)
        )
    )
