"""The columns of the matrix: each role with its people, and what this viewer may do to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fleetfolk.access.grants import Grant
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import held_anywhere
from fleetfolk.access.permissions import CREATE_ROLES, DELETE_ROLES, EDIT_ROLES
from fleetfolk.access.queries import Affected, Held
from fleetfolk.access.roles import ALWAYS_ALL, grants_over_roles, version_of
from fleetfolk.access.switches import Placed, placed
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A role. ``open_to`` are the codes that the viewer can switch, none where the role is ``locked`` to them.

    ``placed`` is the role as it is in the organization that is looked at, and what it is above.
    """

    role: Role
    people: str
    version: str
    codes: frozenset[str]
    open_to: frozenset[str] = frozenset()
    locked: str = ""
    placed: Placed | None = None
    menu: Sequence[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Powers:
    """What the viewer may do with roles at all: the grants for each right, empty where they may not."""

    edit: Sequence[Grant]
    create: Sequence[Grant]
    delete: Sequence[Grant]


def powers_of(actor: Actor, grants: Sequence[Grant]) -> Powers:
    """What the actor may do with roles."""

    def over(permission: Permission) -> list[Grant]:
        return grants_over_roles(actor, permission, grants)

    return Powers(edit=over(EDIT_ROLES), create=over(CREATE_ROLES), delete=over(DELETE_ROLES))


def columns_of(held: Sequence[Held], powers: Powers) -> list[Column]:
    """The columns, in the order of the roles."""
    columns = []
    for place, one in enumerate(held, 1):
        role = one.role
        codes = frozenset(role.permissions)
        anywhere = held_anywhere(role)
        above = [grant for grant in powers.edit if anywhere <= grant.permissions]
        locked = ""
        if role.builtin in ALWAYS_ALL:
            locked = _("Keeps all of its permissions, so that nobody can be locked out.")
        elif not above:
            locked = _("Holds more than your role.")
        columns.append(
            Column(
                role=role,
                people=people_in_words(one),
                version=version_of(role),
                codes=codes,
                open_to=frozenset() if locked else frozenset().union(*(grant.permissions for grant in above)),
                locked=locked,
                menu=_menu(role, anywhere, powers, place=place, of=len(held)),
            )
        )
    return columns


def columns_in(
    place: Organization, held: Sequence[Held], over: Sequence[Grant], affected: Mapping[int, Affected] | None
) -> list[Column]:
    """The columns for one organization: each role as it is there, and those whom its switches there concern."""
    columns = []
    for one in held:
        role, here = one.role, placed(one.role, place)
        above = [grant for grant in over if here.held <= grant.permissions]
        locked = ""
        if role.builtin in ALWAYS_ALL:
            locked = _("Keeps all of its permissions, so that nobody can be locked out.")
        elif not above:
            locked = _("Holds more than your role.")
        columns.append(
            Column(
                role=role,
                people=_affected_in_words(None if affected is None else affected[role.pk]),
                version=here.version,
                codes=here.held,
                open_to=frozenset() if locked else frozenset().union(*(grant.permissions for grant in above)),
                locked=locked,
                placed=here,
                menu=[] if locked else _menu_in(place, here),
            )
        )
    return columns


def _affected_in_words(affected: Affected | None) -> str:
    if affected is None:
        return ""
    number = number_format(affected.people, force_grouping=True) + ("+" if affected.capped else "")
    return ngettext("%(number)s user", "%(number)s users", affected.people) % {"number": number}


def _menu_in(place: Organization, here: Placed) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    if here.own:
        items.append(_dialog(_("As above…"), "arrow-back-up", reverse("access:above", args=[here.role.pk, place.pk])))
    if here.below:
        items.append(
            _dialog(_("Apply to those below…"), "chevron-down", reverse("access:below", args=[here.role.pk, place.pk]))
        )
    return items


def people_in_words(held: Held) -> str:
    """How many people have the role; empty for who may not see people."""
    if held.people is None:
        return ""
    number = number_format(held.people, force_grouping=True) + ("+" if held.capped else "")
    return ngettext("%(number)s user", "%(number)s users", held.people) % {"number": number}


def _menu(role: Role, codes: frozenset[str], powers: Powers, *, place: int, of: int) -> list[dict[str, object]]:
    def can(grants: Sequence[Grant]) -> bool:
        return any(codes <= grant.permissions for grant in grants)

    items: list[dict[str, object]] = []
    if can(powers.edit):
        items.append(_dialog(_("Rename…"), "pencil", reverse("access:rename", args=[role.pk])))
    if can(powers.create):
        items.append(_dialog(_("New role from this…"), "copy", f"{reverse('access:create')}?from={role.pk}"))
    if can(powers.edit) and place > 1:
        items.append(_move(_("Move to the left"), "chevron-left", role, place - 1))
    if can(powers.edit) and place < of:
        items.append(_move(_("Move to the right"), "chevron-right", role, place + 1))
    if can(powers.delete) and not role.builtin:
        items += [{"divider": True}] if items else []
        items.append({**_dialog(_("Delete…"), "trash", reverse("roles:delete", args=[role.pk])), "bad": True})
    return items


def _dialog(label: str, icon: str, url: str) -> dict[str, object]:
    return {"label": label, "icon": icon, "url": url, "method": "dialog"}


def _move(label: str, icon: str, role: Role, place: int) -> dict[str, object]:
    url = reverse("access:move", args=[role.pk, place])
    return {"label": label, "icon": icon, "url": url, "method": "post"}
