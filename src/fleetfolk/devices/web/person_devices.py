"""Devices on the pages of people: the tab of a person, the palette, and lookup's way from a device to its owner."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.console import marking
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.devices.actions.send_log import SendLog
from fleetfolk.devices.held import devices_held, held_count
from fleetfolk.devices.listing import ListedDevice, devices_listed, reach_of
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.devices.queries import device_detail
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.users.models import User
from fleetfolk.users.web.finders import BESIDE, GROUPS, TRACERS, Group, Hits, Trace
from fleetfolk.users.web.profile_tabs import Tab, register_tab
from fleetfolk.users.web.why_kinds import Found, Kind, register_kind

TAB: Final = "devices/person_devices.html"
MOST_HELD: Final = 200
BESIDE_HELD: Final = 6
EACH: Final = 6
TRACED: Final = 40
"""So many devices that fit are looked at for owners; most of those found by an owner's own name lead to nobody new."""


def tab(request: ConsoleRequest, person: User) -> HttpResponse:
    """What the person owns and what is shared with them, with a map of those that have a place."""
    held = devices_held(request.actor, person, limit=MOST_HELD + 1)
    shown = held[:MOST_HELD]
    wanted = request.GET.get("held", "")
    if wanted in ("own", "shared"):
        shown = [one for one in shown if (one.share is None) == (wanted == "own")]
    context = {
        "person": person,
        "held": shown,
        "wanted": wanted,
        "any": bool(held),
        "more": len(held) > MOST_HELD,
        "online": sum(one.device.status == "online" for one in shown),
        "located": [one.device for one in shown if one.device.at],
        "may_send_log": bool(held) and GATE.decide(request.actor, SendLog.permission, person).allowed,
    }
    return render(request, TAB, context)


def beside(request: ConsoleRequest, person: User) -> SafeString:
    """The card in lookup: the first few devices with whether they are there."""
    held = devices_held(request.actor, person, limit=BESIDE_HELD + 1)
    context = {"person": person, "held": held[:BESIDE_HELD], "more": len(held) > BESIDE_HELD}
    return render_to_string(f"{TAB}#beside", context)


def hits(actor: Actor, query: str, may_see: frozenset[str]) -> Hits:
    """The devices that the palette finds."""
    if not query or ORG_DEVICES_VIEW.code not in may_see:
        return [], 0, False
    found = devices_listed(replace(reach_of(actor), typed=query, size=EACH))
    items: list[dict[str, Any]] = [
        {
            "url": reverse("devices:detail", args=[device.id]),
            "title": device.name,
            "sub": " · ".join(filter(None, (device.serial, device.template, device.owner, device.organization))),
            "status": device.status,
            "icon": device.icon,
        }
        for device in found.rows
    ]
    return items, len(items), found.page.has_next


def _meant(actor: Actor, query: str) -> list[Found]:
    """The devices that the page of reasons finds."""
    try:
        reach = reach_of(actor)
    except Denied:
        return []
    found = devices_listed(replace(reach, typed=query, size=EACH)).rows if query else ()
    return [Found(key=one.id, label=one.name, sub=f"{one.template} · {one.organization}") for one in found]


def owners(actor: Actor, query: str, wanted: int) -> Sequence[Trace]:
    """Whose devices are called so, or have this serial number or end of a token."""
    try:
        reach = reach_of(actor)
    except Denied:
        return []
    words = marking.words_of(query)
    traces = []
    for device in devices_listed(replace(reach, typed=query, size=TRACED)).rows:
        found = _found_in(device, words)
        if device.owner_id is not None and found is not None:
            traces.append(Trace(user_id=device.owner_id, label=found[0], text=found[1]))
    return traces[:wanted]


def _found_in(device: ListedDevice, words: Sequence[str]) -> tuple[StrPromise, str] | None:
    """What of the device itself has all the words, besides where it is and whose it is."""
    end = f"…{device.token_end}" if device.token_end else ""
    places: tuple[tuple[StrPromise, str], ...] = (
        (gettext_lazy("Device"), device.name),
        (gettext_lazy("Serial number"), f"{device.serial} ({device.name})" if device.serial else ""),
        (gettext_lazy("Token"), f"{end} ({device.name})" if end else ""),
        (gettext_lazy("Device"), f"{device.name}, {device.template}"),
    )
    for label, text in places:
        if words and text and all(marking.spans_of(text, (word,)) for word in words):
            return label, text
    return None


register_tab(
    Tab(
        slug="devices",
        label=gettext_lazy("Devices"),
        icon="device-desktop",
        position=40,
        render=tab,
        count=lambda actor, person: held_count(actor, person) or None,
    )
)
register_kind(Kind(model="devices.Device", label=gettext_lazy("Devices"), find=_meant, get=device_detail))
GROUPS.append(Group(label=gettext_lazy("Devices"), hits=hits))
TRACERS.append(owners)
BESIDE.append(beside)
