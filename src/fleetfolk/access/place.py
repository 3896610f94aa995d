"""Where one works now: at home, or for a while inside another organization of the same tenant.

One mechanism for guests, who have a role of their own there, and for whoever may switch into an organization below.
The browser's session keeps the organization; the actor of each request carries it (`Actor.place`), and the gate then
gives nothing beyond it. Whether one may still work there is asked anew at every request: a right that was revoked
brings one home with the next click. The way home is open always, whatever one holds.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from fleetfolk.access.grants import held_everywhere, may_work_in
from fleetfolk.kernel.actor import Actor, Place
from fleetfolk.organizations.models import Organization

SESSION_KEY = "fleetfolk_place"
"""The session's key for the organization's."""

_NOWHERE = "-"
"""The path of no organization, and of none above one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """The place in which somebody worked until their right to it ended; the name is empty where it is gone."""

    name: str


def home_of(person: Any) -> Place:
    """The person's own organization as the place where they work. The person has come with it."""
    return Place(organization_id=person.organization_id, path=person.path, name=person.organization.name, home=True)


def place_now(request: HttpRequest, person: Any, actor: Actor) -> Place | Lost:
    """Where the person works, asked anew. Whoever assists somebody is where that person is at home."""
    key = None if actor.assisted_by else request.session.get(SESSION_KEY)
    if not key or key == person.organization_id:
        return home_of(person)
    organization = Organization.objects.filter(pk=key, tenant_id=actor.tenant_id).first()
    if organization is None or not may_work_in(organization.path, held_everywhere(actor)):
        go_home(request)
        return Lost(name="" if organization is None else organization.name)
    return Place(organization_id=organization.pk, path=organization.path, name=organization.name, home=False)


def place_again(organization_id: int, *, person_id: int, tenant_id: int) -> Place:
    """The place in which the person worked, as it is now; where it is gone, one in which nobody holds anything.

    Whether they may still work there is asked by the gate, as of everybody.
    """
    there = Organization.objects.filter(pk=organization_id, tenant_id=tenant_id).first()
    if there is None:
        return Place(organization_id=organization_id, path=_NOWHERE, name="", home=False)
    home = get_user_model()._default_manager.filter(pk=person_id, organization_id=there.pk).exists()
    return Place(organization_id=there.pk, path=there.path, name=there.name, home=home)


def work_in(request: HttpRequest, organization: Organization) -> None:
    """From the next request on, this browser's pages are those of the organization.

    `StartWork` has asked whether one may work there; the next request asks again.
    """
    request.session[SESSION_KEY] = organization.pk


def go_home(request: HttpRequest) -> None:
    """From the next request on, this browser's pages are those of home."""
    request.session.pop(SESSION_KEY, None)


def organization_now(request: Any) -> Organization:
    """The organization in which the viewer works: what new things belong to unless they say otherwise."""
    own: Organization = request.user.organization
    place: Place | None = request.actor.place
    if place is None or place.organization_id == own.pk:
        return own
    if not hasattr(request, "organization_now"):
        request.organization_now = Organization.objects.select_related("tenant", "parent").get(pk=place.organization_id)
    found: Organization = request.organization_now
    return found


def bar(request: HttpRequest) -> str | None:
    """The bar above every page while one works elsewhere than at home, with the one click back."""
    actor: Actor | None = getattr(request, "actor", None)
    elsewhere = actor is not None and actor.place is not None and not actor.place.home
    return "access/place_bar.html" if elsewhere else None
