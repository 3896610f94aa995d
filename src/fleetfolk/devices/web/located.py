"""What the pages of locations share: the one that is asked for, who and what is there, and the answer after an act."""

from typing import cast

from django.db.models import QuerySet
from django.http import HttpResponse

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant
from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.organizations.location_words import Words
from fleetfolk.organizations.models import Location
from fleetfolk.organizations.permissions import VIEW_LOCATIONS
from fleetfolk.users.models import State, User
from fleetfolk.users.signed_in import location_words_for

CHANGED = "places:changed"


def words_for(request: ConsoleRequest) -> Words:
    """The words of the viewer's own organization."""
    return location_words_for(cast("User", request.user))


def location_seen(request: ConsoleRequest, location_id: int, grants: list[Grant] | None = None) -> Location:
    """The location, where the viewer may see it; for others there is none."""
    within = GATE.within_reach(
        Location.objects.select_related("organization"),
        actor=request.actor,
        permission=VIEW_LOCATIONS,
        grants=grants,
    )
    found = within.filter(pk=location_id).first()
    if found is None:
        raise TargetNotFound
    return found


def people_at(location: Location) -> QuerySet[User]:
    """Those who are assigned to the location."""
    return User.objects.filter(location=location, state__lt=State.DEACTIVATED)


def devices_at(location: Location) -> QuerySet[Device]:
    """The devices that stand there."""
    return Device.objects.filter(location=location, state__lt=DeviceState.DELETED)


def place_done(request: ConsoleRequest, text: str, to: str) -> HttpResponse:
    """The answer after an act, with its way back."""
    return done(request, toast=text, to=to, changed=CHANGED)
