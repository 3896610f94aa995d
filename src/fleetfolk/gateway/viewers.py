"""Who looks at an open page, and what they may be told now: asked anew for each delivery, as a page would be.

A page is looked at by whoever is signed in with its cookie, in the place where they work; below `/as/<id>/`, by the
customer in an assistant's hands. Nothing is kept from one delivery to the next, so that what is revoked is revoked in
open pages, too.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie
from django.utils import timezone

from fleetfolk.access.grants import grants_of
from fleetfolk.access.place import Lost, home_of, place_now
from fleetfolk.assistance.web.admission import Shut, admit
from fleetfolk.assistance.web.bars import support_of
from fleetfolk.devices.models import DeviceState
from fleetfolk.devices.open_pages import PATH, told
from fleetfolk.devices.queries import devices_in
from fleetfolk.devices.values import Stream
from fleetfolk.devices.widgets import streams_by_template
from fleetfolk.kernel.actor import Actor, Assisting, AssistMode, Client
from fleetfolk.messages.inbox import mark_of
from fleetfolk.users.models import User
from fleetfolk.users.sessions import SessionStore

ADDRESS: Final = re.compile(rf"(?:/as/([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}))?/{PATH}")
MOST_TEMPLATES: Final = 2_000
"""So many templates' datastreams are kept in mind, by version."""

_streams: dict[tuple[int, int], list[Stream]] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Where a page's stream came in: which assistance, if any, and the cookies that it showed."""

    assistance: uuid.UUID | None
    cookies: dict[str, str] = field(repr=False)

    @classmethod
    def at(cls, path: str, cookies: str) -> "Door | None":
        """The door of this address; None where there is none."""
        found = ADDRESS.fullmatch(path)
        if found is None:
            return None
        return cls(assistance=uuid.UUID(found[1]) if found[1] else None, cookies=parse_cookie(cookies))


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """Whoever looks, as an actor, with the zone in which they read times."""

    actor: Actor
    zone: str


def viewer_at(door: Door) -> Viewer | None:
    """Who looks through this door now; None where nobody may any more."""
    request = HttpRequest()
    request.method = "GET"
    request.COOKIES = door.cookies
    request.session = SessionStore(door.cookies.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    if door.assistance is None:
        person = request.user
        if not isinstance(person, User) or getattr(person, "must_add_factor", False):
            return None
        actor = person.as_actor(Client.WEB)
        place = place_now(request, person, actor)
        return _viewer(person, replace(actor, place=home_of(person) if isinstance(place, Lost) else place))
    try:
        admitted = admit(request, door.assistance)
    except Shut:
        return None
    row = admitted.row
    helping = Assisting(
        id=row.pk,
        public_id=row.public_id,
        agent_id=row.agent_id or 0,
        agent_label=row.agent_label,
        mode=AssistMode(row.mode),
    )
    customer = admitted.customer
    return _viewer(customer, replace(customer.as_actor(Client.WEB), assisted_by=helping, place=home_of(customer)))


def _viewer(person: User, actor: Actor) -> Viewer:
    return Viewer(actor=actor, zone=person.time_zone or person.organization.time_zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What may be told now of each of the devices, of which those that may not be seen are missing; whose page it is,
    in which tenant; and what the customer's notice says and their inbox holds, each as a key that changes with it,
    where that was asked for.
    """

    person_id: int
    tenant_id: int
    devices: dict[int, dict[str, Any]]
    support: str = ""
    inbox: str = ""


def look(door: Door, device_ids: Sequence[int], *, support: bool = False, inbox: bool = False) -> Seen | None:
    """What whoever looks may be told. None where they are signed out, disabled, or no longer assisting."""
    viewer = viewer_at(door)
    if viewer is None:
        return None
    person_id = int(viewer.actor.id)
    key = support_of(person_id).key if support else ""
    mark = mark_of(person_id) if inbox and viewer.actor.assisted_by is None else ""
    if not device_ids:
        return Seen(person_id=person_id, tenant_id=viewer.actor.tenant_id, devices={}, support=key, inbox=mark)
    seen = devices_in(viewer.actor, grants=grants_of(viewer.actor))
    devices = (
        seen.filter(pk__in=device_ids).filter(state__lt=DeviceState.DELETED).select_related("reported", "template")
    )
    with timezone.override(ZoneInfo(viewer.zone)):
        found = {
            device.pk: told(device, _streams_of(device.template_id, device.template.version)) for device in devices
        }
    return Seen(person_id=person_id, tenant_id=viewer.actor.tenant_id, devices=found, support=key, inbox=mark)


def _streams_of(template_id: int, version: int) -> list[Stream]:
    """A template's datastreams: read once for each of its versions."""
    key = (template_id, version)
    if key not in _streams:
        if len(_streams) >= MOST_TEMPLATES:
            _streams.clear()
        _streams[key] = streams_by_template([template_id])[template_id]
    return _streams[key]
