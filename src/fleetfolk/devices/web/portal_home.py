"""The devices on the portal's home: one's own, those of the organization, and those shared with one, as live tiles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django.http import HttpRequest

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.models_switches import held_at_home
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.console.marking import words_of
from fleetfolk.devices.models import Device, DeviceState, Share
from fleetfolk.devices.open_pages import is_online, live_address
from fleetfolk.devices.permissions import ORG_DEVICES_CONTROL, OWN_DEVICES_PROVISION
from fleetfolk.devices.queries import devices_in, reported_of
from fleetfolk.devices.widgets import Kind, Widget, headline, streams_by_template, widgets_of
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.portal.cards import Card
from fleetfolk.users.models import User

SHOWN: Final = 60
"""So many tiles at once; more are found by their name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """A device at a glance. One that is ``elsewhere`` is of another organization than the viewer's own."""

    device: Device
    online: bool
    main: Widget | None
    second: Widget | None
    switch: Widget | None
    may_control: bool
    share: Share | None
    elsewhere: bool

    @property
    def on(self) -> bool:
        """Whether it stands out: it is there and, where it can be switched, on."""
        return self.online and (self.switch is None or self.switch.on)


def tiles_context(request: HttpRequest) -> dict[str, Any]:
    """The tiles, one's own before those of others."""
    asked = cast("ConsoleRequest", request)
    person = cast("User", request.user)
    grants = grants_of(asked.actor)
    devices, more = _devices(asked, grants, words_of(request.GET.get("q", "")[:80]))
    shares = {
        share.device_id: share
        for share in Share.live(person.pk, 1).filter(device__in=devices).select_related("device__owner")
    }
    streams = streams_by_template({device.template_id for device in devices})
    tiles = [
        _tile(asked, device, widgets_of(streams[device.template_id], reported_of(device)), shares, grants)
        for device in devices
    ]
    helping = asked.actor.assisted_by
    return {
        "own": [tile for tile in tiles if tile.share is None or tile.device.owner_id == person.pk],
        "shared": [tile for tile in tiles if tile.share is not None and tile.device.owner_id != person.pk],
        "live_url": live_address([device.pk for device in devices]),
        "may_add": helping is None and OWN_DEVICES_PROVISION.code in held_at_home(person),
        "offline": [tile for tile in tiles if not tile.online and _has_reported(tile.device)],
        "query": request.GET.get("q", "")[:80],
        "more": more,
    }


def _has_reported(device: Device) -> bool:
    reported = reported_of(device)
    return reported is not None and reported.reported_at is not None


CARD: Final = Card(position=10, template="devices/portal/tiles.html", context=tiles_context, main=True)


def _devices(request: ConsoleRequest, grants: Sequence[Grant], words: Iterable[str]) -> tuple[list[Device], bool]:
    """The devices to show, by name, one's own first; and whether there are more, or a search among them."""
    words = list(words)
    seen = devices_in(request.actor, grants=grants).exclude(state=DeviceState.DEACTIVATED)
    for word in words:
        seen = seen.filter(search_text__contains=word)
    seen = seen.select_related("template", "organization", "owner", "reported")
    own = list(seen.filter(owner_id=request.actor.user_id).order_by("name_key", "pk")[: SHOWN + 1])
    others = seen.exclude(owner_id=request.actor.user_id) if own else seen
    left = SHOWN + 1 - len(own)
    found = [*own, *(others.order_by("name_key", "pk")[:left] if left > 0 else ())]
    return found[:SHOWN], len(found) > SHOWN or bool(words)


def _tile(
    request: ConsoleRequest,
    device: Device,
    widgets: Sequence[Widget],
    shares: dict[int, Share],
    grants: Sequence[Grant],
) -> Tile:
    main = headline(widgets)
    switch = next((widget for widget in widgets if widget.kind is Kind.SWITCH), None)
    rest = [widget for widget in widgets if widget is not main and widget is not switch]
    second = headline(widget for widget in rest if widget.said.value is not None and widget.kind is not Kind.TEXT)
    helping = request.actor.assisted_by
    looking = helping is not None and helping.mode != AssistMode.ACT
    return Tile(
        device=device,
        online=is_online(device),
        main=main,
        second=second,
        switch=switch,
        may_control=not looking and GATE.decide(request.actor, ORG_DEVICES_CONTROL, device, grants=grants).allowed,
        share=shares.get(device.pk),
        elsewhere=device.organization_id != cast("User", request.user).organization_id,
    )
