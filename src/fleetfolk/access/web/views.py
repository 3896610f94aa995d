"""Roles and their permissions: the matrix, and each role for itself."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fleetfolk.access.gate import grants_of
from fleetfolk.access.permissions import VIEW_ROLES
from fleetfolk.access.queries import PermissionGroup, needed_by, permission_groups, role_seen, roles_held
from fleetfolk.access.web.columns import Column, columns_of, people_in_words, powers_of
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.marking import words_of
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.permissions import Permission, role_permissions

LONGEST_QUERY = 120
EXPLAINING = frozenset({VIEW_ROLES.code, "users.view"})
"""What one needs to be told what somebody may do, and why: the page stands above this package."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Whether a role holds a permission, and whether the viewer can switch it here."""

    column: Column
    held: bool
    open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A permission and, role by role, whether it is held. ``needs`` are the codes without which it is not."""

    permission: Permission
    needs: str
    cells: tuple[Cell, ...]


@console_view
@require_GET
def role_list(request: ConsoleRequest) -> HttpResponse:
    """The matrix of roles and permissions. ``q`` narrows it without a script, too; ``open=none`` shows groups only.

    ``edit`` has switches instead, all of them: what is not shown could not be told from what is switched off.
    """
    grants = grants_of(request.actor)
    powers = powers_of(request.actor, grants)
    columns = columns_of(roles_held(request.actor), powers)
    editing = "edit" in request.GET
    if editing and not powers.edit:
        raise Denied("roles_are_the_tenants")
    query = "" if editing else request.GET.get("q", "")[:LONGEST_QUERY]
    context = {
        "columns": columns,
        "groups": [
            (group, _words_of_group(group), [_line(permission, columns) for permission in group.permissions])
            for group in permission_groups(_named(query))
        ],
        "query": query,
        "closed": request.GET.get("open") == "none" and not query,
        "span": len(columns) + 1,
        "editing": editing,
        "powers": powers,
        "explains": any(grant.permissions.issuperset(EXPLAINING) for grant in grants),
    }
    return render(request, "access/role_list.html", context)


def _line(permission: Permission, columns: list[Column]) -> Line:
    code = permission.code
    return Line(
        permission=permission,
        needs=" ".join(need.code for need in permission.requires),
        cells=tuple(Cell(column=one, held=code in one.codes, open=code in one.open_to) for one in columns),
    )


@console_view
@require_GET
def role(request: ConsoleRequest, role_id: int) -> HttpResponse:
    """What one role may do, in a drawer; a page of its own where there is no script."""
    seen = role_seen(request.actor, role_id)
    codes = frozenset(seen.role.permissions)
    every = role_permissions()
    context = {
        "role": seen.role,
        "people": people_in_words(seen),
        "sees_people": seen.people is not None,
        "summary": _("%(held)s of %(all)s permissions")
        % {"held": sum(permission.code in codes for permission in every), "all": len(every)},
        "groups": [
            (group, [(one, one.code in codes, _dependencies(one)) for one in group.permissions])
            for group in permission_groups()
        ],
    }
    return render(request, "access/role.html", context)


def _dependencies(permission: Permission) -> list[str]:
    """What comes with the permission and what goes with it, in sentences."""
    said = []
    if permission.requires:
        said.append(_("Switches on with it: %(names)s.") % {"names": _names(permission.requires)})
    dependents = needed_by(permission)
    if dependents:
        said.append(_("Without it, these are off, too: %(names)s.") % {"names": _names(dependents)})
    return said


def _names(permissions: list[Permission] | tuple[Permission, ...]) -> str:
    return ", ".join(f"“{permission.label}”" for permission in permissions)


def _named(query: str) -> list[Permission]:
    words = words_of(query)
    return [
        permission
        for permission in role_permissions()
        if all(word in " ".join(words_of(_text(permission))) for word in words)
    ]


def _text(permission: Permission) -> str:
    return f"{permission.group} {permission.label} {permission.sentence} {permission.code}"


def _words_of_group(group: PermissionGroup) -> str:
    return " ".join(_text(permission) for permission in group.permissions)
