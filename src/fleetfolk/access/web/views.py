"""Roles and their permissions, to look at."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from fleetfolk.access.queries import Held, PermissionGroup, needed_by, permission_groups, role_seen, roles_held
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.marking import words_of
from fleetfolk.kernel.permissions import Permission, role_permissions

LONGEST_QUERY = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A permission and, role by role, whether it is held."""

    permission: Permission
    held: tuple[bool, ...]


@console_view
@require_GET
def role_list(request: ConsoleRequest) -> HttpResponse:
    """The matrix of roles and permissions. ``q`` narrows it without a script, too; ``open=none`` shows groups only."""
    held = roles_held(request.actor)
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    groups = permission_groups(_named(query))
    codes = {one.role.pk: frozenset(one.role.permissions) for one in held}
    context = {
        "columns": [(one.role, _people(one)) for one in held],
        "groups": [
            (
                group,
                _words_of_group(group),
                [
                    Line(
                        permission=permission,
                        held=tuple(permission.code in codes[one.role.pk] for one in held),
                    )
                    for permission in group.permissions
                ],
            )
            for group in groups
        ],
        "query": query,
        "closed": request.GET.get("open") == "none" and not query,
        "span": len(held) + 1,
    }
    return render(request, "access/role_list.html", context)


@console_view
@require_GET
def role(request: ConsoleRequest, role_id: int) -> HttpResponse:
    """What one role may do, in a drawer; a page of its own where there is no script."""
    seen = role_seen(request.actor, role_id)
    codes = frozenset(seen.role.permissions)
    every = role_permissions()
    context = {
        "role": seen.role,
        "people": _people(seen),
        "sees_people": seen.people is not None,
        "summary": _("%(held)s of %(all)s permissions")
        % {"held": sum(permission.code in codes for permission in every), "all": len(every)},
        "groups": [
            (group, [(one, one.code in codes, _dependencies(one)) for one in group.permissions])
            for group in permission_groups()
        ],
    }
    return render(request, "access/role.html", context)


def _people(held: Held) -> str:
    if held.people is None:
        return ""
    number = number_format(held.people, force_grouping=True) + ("+" if held.capped else "")
    return ngettext("%(number)s user", "%(number)s users", held.people) % {"number": number}


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
