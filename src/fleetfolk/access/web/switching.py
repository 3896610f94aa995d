"""The switches of the matrix: what would change, who would notice, and the saving of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fleetfolk.access.actions import EditRole, EditRoleInput, EditSwitches, EditSwitchesInput
from fleetfolk.access.models import Role
from fleetfolk.access.permissions import EDIT_ROLES
from fleetfolk.access.queries import Affected, affected_by, own_role_id
from fleetfolk.access.roles import ALWAYS_ALL, complete, grants_over_roles
from fleetfolk.access.switches import grants_over_switches, placed
from fleetfolk.access.web.answers import back_to_the_matrix
from fleetfolk.access.web.asking import asked_key, asked_place, leave_trace
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import Step, perform, perform_together
from fleetfolk.kernel.permissions import PERMISSIONS, Permission, role_permissions
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization

MOST_NAMED: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What one role would hold, and how that differs from now. ``said`` are words about what follows what.

    ``below`` are the organizations below the one that is looked at in which the role differs again.
    """

    role: Role
    below: int
    version: str
    codes: tuple[str, ...]
    added: tuple[Permission, ...]
    removed: tuple[Permission, ...]
    said: tuple[str, ...]
    affected: Affected | None
    own: bool

    @property
    def codes_in_one(self) -> str:
        """The codes as a hidden field carries them."""
        return " ".join(self.codes)

    @property
    def headline(self) -> str:
        """How much of it is not saved."""
        number = len(self.added) + len(self.removed)
        return ngettext(
            "%(number)s change to %(role)s, not saved.", "%(number)s changes to %(role)s, not saved.", number
        ) % {"number": number, "role": self.role.name}

    @property
    def people(self) -> str:
        """Who has the role."""
        if self.affected is None:
            return ""
        return ngettext("%(number)s person", "%(number)s people", self.affected.people) % {
            "number": _number(self.affected.people, capped=self.affected.capped)
        }

    @property
    def gain(self) -> str:
        """What they get and lose, in one sentence."""
        about = {
            "people": self.people or _("Whoever has it"),
            "gain": _names(self.added),
            "lose": _names(self.removed),
        }
        if self.added and self.removed:
            return _("%(people)s: gain %(gain)s, lose %(lose)s.") % about
        return (_("%(people)s: gain %(gain)s.") if self.added else _("%(people)s: lose %(lose)s.")) % about


@console_view
@require_POST
def changes(request: ConsoleRequest) -> HttpResponse:
    """What is switched and not saved, while one switches."""
    place = _required(request)
    found = proposals(request.actor, request.POST, place)
    return render(request, "access/changes.html", {"proposals": found, "place": place})


@console_view
@require_POST
def review(request: ConsoleRequest) -> HttpResponse:
    """The difference and whom it concerns, before anything is saved."""
    place = _required(request)
    return _dialog(request, proposals(request.actor, request.POST, place), place)


@console_view
@require_POST
def save(request: ConsoleRequest) -> HttpResponse:
    """Every role of the difference is saved, or none."""
    place = _required(request)
    found = proposals(request.actor, request.POST, place)
    steps = [
        _step(one, place, below="below" in request.POST)
        # One's own role comes last: what one takes from oneself is still needed for the others.
        for one in sorted(found, key=lambda one: (one.own, one.role.pk))
    ]
    if not steps:
        return _dialog(request, found, place, status=422)
    try:
        perform_together(steps, actor=request.actor)
    except Refused as refusal:
        return _dialog(request, found, place, wrong=sentence_for(refusal), status=422)
    text = ngettext("The role %(names)s is saved.", "The roles %(names)s are saved.", len(found))
    return back_to_the_matrix(request, text % {"names": ", ".join(one.role.name for one in found)}, place)


def _step(one: Proposal, place: Organization | None, *, below: bool) -> Step:
    if place is None:
        return EditRole, one.role.pk, EditRoleInput(permissions=one.codes, version=one.version)
    data = EditSwitchesInput(
        role_id=one.role.pk, permissions=one.codes, below=below and bool(one.below), version=one.version
    )
    return EditSwitches, place.pk, data


def proposals(actor: Actor, said: QueryDict, place: Organization | None = None) -> list[Proposal]:
    """Each role whose switches stand otherwise than it does now, in the order of the roles.

    A role comes with the version that was looked at (``v7``), and its codes as boxes (``r7``) or in one (``w7``).
    With a place, they are the role's switches there.
    """
    roles = [
        role
        for role in Role.objects.filter(tenant_id=actor.tenant_id).order_by("position", "name")
        if f"v{role.pk}" in said
    ]
    affected = affected_by(actor, [role.pk for role in roles], place)
    own = own_role_id(actor)
    found = [_proposal(role, said, None if affected is None else affected[role.pk], place, own=own) for role in roles]
    return [one for one in found if one.added or one.removed]


def _proposal(
    role: Role, said: QueryDict, affected: Affected | None, place: Organization | None, *, own: int | None
) -> Proposal:
    here = None if place is None else placed(role, place)
    before = {code for code in (role.permissions if here is None else here.held) if code in PERMISSIONS}
    boxes = str(said[f"w{role.pk}"]).split() if f"w{role.pk}" in said else said.getlist(f"r{role.pk}")
    wanted = {permission.code for permission in role_permissions()} & set(boxes)
    after = before if role.builtin in ALWAYS_ALL else complete(before, wanted)
    return Proposal(
        role=role,
        below=0 if here is None else here.below,
        version=str(said[f"v{role.pk}"]),
        codes=tuple(sorted(after)),
        added=in_order(after - before),
        removed=in_order(before - after),
        said=tuple(_follows(before, wanted, after)),
        affected=affected,
        own=role.pk == own,
    )


def _follows(before: set[str], wanted: set[str], after: set[str]) -> list[str]:
    """Which switch brought which other along."""
    said = []
    for permission in in_order(after - before):
        for need in permission.requires:
            if need.code in after - before:
                said.append(_("“%(name)s” needs “%(needed)s”.") % _pair(permission, need))
            elif need.code not in wanted:
                said.append(_("“%(needed)s” stays, for “%(name)s” needs it.") % _pair(permission, need))
    said += [
        _("Without “%(needed)s” there is no “%(name)s”.") % _pair(permission, need)
        for permission in in_order(before - after)
        for need in permission.requires
        if need.code in before - after
    ]
    return said


def _pair(permission: Permission, need: Permission) -> dict[str, object]:
    return {"name": permission.label, "needed": need.label}


def in_order(codes: set[str]) -> tuple[Permission, ...]:
    """The permissions with these codes, as the matrix shows them."""
    return tuple(permission for permission in role_permissions() if permission.code in codes)


def people_said(affected: Mapping[int, Affected] | None, role_id: int) -> str:
    """For how many people something changes; empty for who may not see them all."""
    if affected is None:
        return ""
    one = affected[role_id]
    words = ngettext("%(number)s person is affected.", "%(number)s people are affected.", one.people)
    return words % {"number": _number(one.people, capped=one.capped)}


def _names(permissions: Sequence[Permission]) -> str:
    names = [f"“{permission.label}”" for permission in permissions]
    if len(names) > MOST_NAMED + 1:
        more = _("%(number)s more") % {"number": len(names) - MOST_NAMED}
        names = [*names[:MOST_NAMED], more]
    if len(names) <= 1:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def _number(number: int, *, capped: bool) -> str:
    return str(number_format(number, force_grouping=True)) + ("+" if capped else "")


def _required(request: ConsoleRequest) -> Organization | None:
    """The place whose switches they are, where the actor may switch some. A refusal leaves its trace."""
    actor = request.actor
    try:
        place = _place_to_switch(actor, request.POST)
    except (Denied, TargetNotFound):
        leave_trace(actor, asked_key(request.POST) or 0)
        raise
    if place is None:
        _require(actor)
    return place


def _place_to_switch(actor: Actor, said: QueryDict) -> Organization | None:
    place = asked_place(actor, said)
    if place is not None and not grants_over_switches(actor, EDIT_ROLES, place):
        raise Denied("permission_missing")
    return place


def _require(actor: Actor) -> None:
    """Raise where the actor switches nothing at all. A refusal leaves its trace where it would have been saved."""
    if not grants_over_roles(actor, EDIT_ROLES):
        role = Role.objects.filter(tenant_id=actor.tenant_id).earliest("pk")
        # The version is nobody's.
        perform(EditRole, actor=actor, target_id=role.pk, data=EditRoleInput(permissions=(), version="-"))


def _dialog(
    request: ConsoleRequest, found: list[Proposal], place: Organization | None, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    form = forms.Form({})
    if wrong:
        form.add_error(None, wrong)
    context = {
        "proposals": found,
        "place": place,
        "below": any(one.below for one in found),
        "summary": _summary(found),
        "own": next((one for one in found if one.own and one.removed), None),
        "form": form,
        "action": reverse("access:save") if found else "",
        "button": _("Save"),
        "wide": True,
    }
    return render(request, "access/review.html", context, status=status)


def _summary(found: Sequence[Proposal]) -> str:
    """How much changes, for how many people where."""
    added, removed = sum(len(one.added) for one in found), sum(len(one.removed) for one in found)
    parts = [_("%(added)s added, %(removed)s removed.") % {"added": added, "removed": removed}]
    known = [one.affected for one in found if one.affected is not None]
    if known:
        people = sum(one.people for one in known)
        words = ngettext("%(number)s person is affected.", "%(number)s people are affected.", people)
        parts.append(words % {"number": _number(people, capped=any(one.capped for one in known))})
    return " ".join(parts)
