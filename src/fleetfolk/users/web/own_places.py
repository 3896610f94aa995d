"""The organizations one is in: one's home, where one is a guest, and where one is invited."""

from typing import Any, cast

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.grants import held_everywhere, may_work_in
from fleetfolk.access.models_guests import Membership
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import SWITCH_ORGANIZATIONS
from fleetfolk.organizations.queries import organizations_named
from fleetfolk.users.actions.accept_guest import AcceptGuest, GuestInput
from fleetfolk.users.actions.cancel_guest import CancelGuest
from fleetfolk.users.actions.end_guest import EndGuest
from fleetfolk.users.guests import clients_of, own_invitations, own_memberships
from fleetfolk.users.models import User
from fleetfolk.users.web.own import own_page, own_view
from fleetfolk.users.web.working import key_of

SHOWN = 50
FOUND = 20
CHANGED = "places:changed"


@own_view()
@require_safe
def organizations(request: ConsoleRequest, person: User) -> HttpResponse:
    """Home, where one is invited, and where one is a guest, in the order of their names; ``after`` pages on."""
    query, after = typed(request.GET), key_of(request.GET.get("after", ""))
    mine = own_memberships(person).order_by("organization__name", "pk")
    if query:
        mine = mine.filter(organization__name__icontains=query)
    if after:
        last = Membership.objects.select_related("organization").filter(pk=after, user=person).first()
        if last is not None:
            mine = mine.filter(organization__name__gte=last.organization.name).exclude(
                organization__name=last.organization.name, pk__lte=last.pk
            )
    rows = list(mine[: SHOWN + 1])
    context = {
        "invitations": list(own_invitations(person).order_by("pk")[:SHOWN]),
        "memberships": rows[:SHOWN],
        "query": query,
        "next_url": f"?q={query}&after={rows[SHOWN - 1].pk}" if len(rows) > SHOWN else "",
        "clients": [one for one in clients_of(person).order_by("client__name")[:SHOWN] if one.is_live],
        "here": request.actor.place.organization_id if request.actor.place else person.organization_id,
    }
    return own_page(request, "users/own/organizations.html", context)


@own_view()
@require_POST
def accept(request: ConsoleRequest, person: User, membership_id: int) -> HttpResponse:
    """From now on one has a role there."""
    return _answered(request, person, AcceptGuest, membership_id, _("You are a guest of %(name)s now."))


@own_view()
@require_POST
def decline(request: ConsoleRequest, person: User, membership_id: int) -> HttpResponse:
    """The invitation is gone."""
    return _answered(request, person, CancelGuest, membership_id, _("You declined the invitation of %(name)s."))


@own_view()
@require_POST
def leave(request: ConsoleRequest, person: User, membership_id: int) -> HttpResponse:
    """From now on one has no role there."""
    return _answered(request, person, EndGuest, membership_id, _("You left %(name)s."))


def _answered(
    request: ConsoleRequest, person: User, action: type[Action[User, Any]], membership_id: int, said: str
) -> HttpResponse:
    data = GuestInput(membership_id=membership_id)
    outcome = perform(action, actor=request.actor, target_id=person.pk, data=data)
    text = said % {"name": outcome.facts["organization"]}
    return done(request, toast=text, to=reverse("account:organizations"), changed=CHANGED)


@console_view
@require_safe
def choose(request: ConsoleRequest) -> HttpResponse:
    """Where to work: home, where one is a guest, and what one may switch into, found as one types."""
    person, find = cast("User", request.user), typed(request.GET, "find", longest=80)
    place = request.actor.place
    context = {
        "find": find,
        "found": places_found(request, person, find),
        "most": FOUND,
        "here": place.organization_id if place else person.organization_id,
        "home_id": person.organization_id,
    }
    part = request.htmx and request.htmx.target == "work-places"
    return render(request, f"users/places.html{'#work-places' if part else ''}", context)


def places_found(request: ConsoleRequest, person: User, find: str) -> list[Organization]:
    """The first places in which the person may work, by name; home first where nothing is sought."""
    held = held_everywhere(request.actor)
    exact = [grant.path for grant in held]
    below = [grant.path for grant in held if SWITCH_ORGANIZATIONS.code in grant.permissions]
    rows = Organization.objects.filter(tenant_id=person.tenant_id, archived_at=None).select_related("parent")
    words = words_of(find)
    if words:
        within = rows.filter(Q(path__among=exact) | Q(path__below_any=below))
        wide = organizations_named(within, words, limit=FOUND * 5)
        return [one for one in wide if may_work_in(one.path, held)][:FOUND]
    first = [] if person.organization.archived_at else [person.organization]
    others = rows.filter(path__among=exact).exclude(pk=person.organization_id).order_by("name", "pk")
    more = [*first, *others[:FOUND]]
    if len(more) < FOUND and below:
        known = [one.pk for one in more]
        more += rows.filter(path__below_any=below).exclude(pk__in=known).order_by("path")[: FOUND - len(more)]
    return more[:FOUND]
