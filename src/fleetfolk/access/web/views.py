"""Roles and their permissions: the matrix, and each role for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import held_at
from fleetfolk.access.permissions import EDIT_ROLES, VIEW_ROLES
from fleetfolk.access.queries import (
    affected_by,
    needed_by,
    own_role_id,
    permission_groups,
    places_for_roles,
    role_seen,
    roles_held,
)
from fleetfolk.access.switches import grants_over_switches
from fleetfolk.access.web.asking import asked_place
from fleetfolk.access.web.columns import Column, Powers, columns_in, columns_of, people_in_words, powers_of
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.permissions import Permission, role_permissions
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.limits import RoleEditing, refused_by_plan

LONGEST_QUERY = 120
FOUND: Final = 20
_OTHER_FIELDS: Final = 20
"""What the form of switches has besides a field for each."""
EXPLAINING = frozenset({VIEW_ROLES.code, "users.view"})
"""What one needs to be told what somebody may do, and why: the page stands above this package."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Whether a role holds a permission, whether the viewer can switch it here, and whether it is other than above."""

    column: Column
    held: bool
    open: bool
    differs: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What is said of a permission in one language, escaped but for ``plain``; ``found`` is what a search looks at."""

    code: str
    plain: str
    label: str
    sentence: str
    found: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A permission and, role by role, whether it is held. ``needs`` are the codes without which it is not."""

    words: Words
    needs: str
    cells: tuple[Cell, ...]


@console_view
@require_GET
def role_list(request: ConsoleRequest) -> HttpResponse:
    """The matrix of roles and permissions. ``q`` narrows it without a script, too; ``open=none`` shows groups only.

    ``edit`` has switches instead: of a role all of them, for what is not shown could not be told from what is switched
    off; of many roles some at a time, from ``from`` on. ``for`` is the organization whose switches they are.
    """
    grants = grants_of(request.actor)
    place = asked_place(request.actor, request.GET)
    editing, held = "edit" in request.GET, roles_held(request.actor)
    first = slice_from(request.GET, len(held)) if editing else 0
    shown = held[first : first + at_once()] if editing else held
    refused = refused_by_plan(request.actor.tenant_id)
    kept = refused.get(RoleEditing.EDITABLE)
    if place is None:
        powers = _within_plan(powers_of(request.actor, grants), refused)
        columns = columns_of(held, powers)[first : first + len(shown)]
    else:
        over = () if kept else grants_over_switches(request.actor, EDIT_ROLES, place)
        powers = Powers(edit=over, create=(), delete=())
        affected = affected_by(request.actor, [one.role.pk for one in shown], place)
        columns = columns_in(place, shown, over, affected)
    if editing and kept:
        raise kept
    if editing and not powers.edit:
        raise Denied("roles_are_the_tenants")
    query = "" if editing else request.GET.get("q", "")[:LONGEST_QUERY]
    context = {
        "columns": columns,
        "groups": [
            (group, _words_of_group(lines), lines)
            for group in permission_groups(_named(query))
            if (lines := [_line(permission, columns) for permission in group.permissions])
        ],
        "query": query,
        "closed": request.GET.get("open") == "none" and not query,
        "span": len(columns) + 1,
        "editing": editing,
        "place": place,
        "here": f"for={place.pk}" if place else "",
        "slices": slices_of(len(held), first) if editing and len(held) > at_once() else (),
        "first": first,
        "powers": powers,
        "kept": sentence_for(kept) if kept else "",
        "explains": any(grant.permissions.issuperset(EXPLAINING) for grant in grants),
    }
    return render(request, "access/role_list.html", context)


def _within_plan(powers: Powers, refused: Mapping[RoleEditing, Refused]) -> Powers:
    """What of it the tenant's plan has."""
    edit = () if RoleEditing.EDITABLE in refused else powers.edit
    create = () if RoleEditing.CUSTOM in refused else powers.create
    return Powers(edit=edit, create=create, delete=powers.delete)


def at_once() -> int:
    """So many roles are switched at once: a form has no more fields than a request may."""
    return max(1, (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS - _OTHER_FIELDS) // (len(role_permissions()) + 1))


def slice_from(asked: QueryDict, number: int) -> int:
    """The first role that is switched at once, counted from 0."""
    said = asked.get("from", "")
    wanted = int(said) if said.isdecimal() and said.isascii() and len(said) < 6 else 0
    return min(wanted, max(number - 1, 0)) // at_once() * at_once()


def slices_of(number: int, first: int) -> list[tuple[int, str, bool]]:
    """Each slice of the roles: where it begins, how it is called, and whether it is the one that is shown."""
    step = at_once()
    return [(start, f"{start + 1}–{min(start + step, number)}", start == first) for start in range(0, number, step)]


@console_view
@require_GET
def places(request: ConsoleRequest) -> HttpResponse:
    """The organizations whose switches can be looked at, found as one types."""
    if not any(VIEW_ROLES.code in grant.permissions for grant in grants_of(request.actor)):
        raise Denied("permission_missing")
    find = typed(request.GET, "find", longest=80)
    context = {
        "find": find,
        "found": places_for_roles(request.actor, words_of(find), most=FOUND),
        "most": FOUND,
        "here": request.GET.get("for", ""),
    }
    part = request.htmx and request.htmx.target == "role-places"
    return render(request, f"access/places.html{'#role-places' if part else ''}", context)


def _line(permission: Permission, columns: list[Column]) -> Line:
    code = permission.code
    return Line(
        words=_words(permission, get_language() or ""),
        needs=" ".join(need.code for need in permission.requires),
        cells=tuple(
            Cell(
                column=one,
                held=code in one.codes,
                open=code in one.open_to,
                differs=one.placed is not None and (code in one.codes) != (code in one.placed.above),
            )
            for one in columns
        ),
    )


@console_view
@require_GET
def role(request: ConsoleRequest, role_id: int) -> HttpResponse:
    """What one role may do, in a drawer; a page of its own where there is no script."""
    seen = role_seen(request.actor, role_id)
    place = asked_place(request.actor, request.GET)
    codes = held_at(seen.role, _path_now(request, seen.role) if place is None else place.path)
    every = role_permissions()
    context = {
        "role": seen.role,
        "place": place,
        "people": "" if place else people_in_words(seen),
        "sees_people": seen.people is not None,
        "summary": _("%(held)s of %(all)s permissions")
        % {"held": sum(permission.code in codes for permission in every), "all": len(every)},
        "groups": [
            (group, [(one, one.code in codes, _dependencies(one)) for one in group.permissions])
            for group in permission_groups()
        ],
    }
    return render(request, "access/role.html", context)


def _path_now(request: ConsoleRequest, role: Role) -> str:
    """Where the role is looked at: as the tenant has it, and one's own as one holds it."""
    if VIEW_ROLES.code in {code for grant in grants_of(request.actor) for code in grant.permissions}:
        return role.path
    return cast("Any", request.user).path if role.pk == own_role_id(request.actor) else role.path


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


@cache
def _words(permission: Permission, _language: str) -> Words:
    """Said once a process: the page has hundreds of them."""
    label, sentence, found = (escape(text) for text in (permission.label, permission.sentence, _text(permission)))
    return Words(code=permission.code, plain=str(permission.label), label=label, sentence=sentence, found=found)


def _words_of_group(lines: Sequence[Line]) -> SafeString:
    return SafeString(" ".join(line.words.found for line in lines))
