"""Devices: lists, and one of them with what is known of it."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from pydantic import Field

from fleetfolk.api.fields import Email
from fleetfolk.api.platform.doors import Given, missing, route
from fleetfolk.api.platform.lists import (
    OfOrganization,
    Paged,
    Searched,
    page_of,
    place_of,
    require_any,
    sorted_by,
    with_words,
)
from fleetfolk.api.platform.numbers import METADATA, milliseconds
from fleetfolk.api.platform.organizations import OfOrganizationPaged
from fleetfolk.api.platform.people import people_in
from fleetfolk.api.shell import actor_of
from fleetfolk.api.v1.lists import Key
from fleetfolk.devices.models import Datastream, Device
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW, OWN_DEVICES_VIEW
from fleetfolk.devices.queries import device_detail, devices_in, metadata_fields, reported_of
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.organizations.models import Organization

VIEW: Final = "devices.view, or devices.own.view for one's own"
TOKENS: Final = "Tokens are kept as hashes: `token` shows the last characters."
SORTS: Final = {
    "deviceid": "pk",
    "name": "name_key",
    "authtoken": "token_end",
    "ownerid": "owner_id",
    "deviceownername": "owner_key",
    "deviceowner": "owner_key",
    "lastreportedat": "reported__reported_at",
    "activatedat": "activated_at",
    "activatedby": "owner_key",
    "model": "template__model",
    "templatename": "template_key",
    "templateid": "template_id",
    "firmwareversion": "firmware",
    "organizationid": "organization_id",
    "status": "state",
}


class ListedDevices(OfOrganizationPaged):
    """Of the organization alone, or also of those below."""

    include_sub_org_devices: bool = False


class OneDevice(Given):
    """Which one."""

    device_id: Key


class ByOwner(OfOrganizationPaged):
    """Of whom."""

    owner_email: Email


class ByOrganizationOf(Paged):
    """Of whose organization."""

    user_email: Email


class LastActivated(OfOrganization):
    """In how many minutes."""

    minutes: Annotated[int, Field(ge=1, le=60)] = 5


def short(device: Device, token: str = "") -> dict[str, Any]:
    """A device as lists show it."""
    return {
        "id": device.pk,
        "templateId": device.template_id,
        "originalTemplateId": device.template_id,
        "orgId": device.organization_id,
        "name": device.name,
        "token": token or f"…{device.token_end}",
        "activatedAt": milliseconds(device.activated_at),
        "ownerUserId": device.owner_id,
        "hardwareInfo": {
            "version": device.firmware,
            "fwType": "",
            "blynkVersion": "",
            "boardType": device.template.hardware,
            "build": "",
            "templateId": device.template.public_id,
        },
    }


def base(device: Device, token: str = "") -> dict[str, Any]:
    """A device with what is known of its connection."""
    reported = reported_of(device)
    online = bool(reported and reported.online)
    heard = milliseconds(reported.reported_at) if reported else None
    return {
        **short(device, token),
        "lifecycleStatus": {
            "eventId": None,
            "name": "Online" if online else "Offline",
            "icon": "circle",
            "color": "#2e7d32" if online else "#6b7280",
        },
        "firstConnectTime": milliseconds(device.activated_at),
        "firmwareUpdatedAt": None,
        "connectTime": heard if online else None,
        "disconnectTime": None if online else heard,
        "ip": reported.address if reported else None,
        "isLocked": device.deactivated_at is not None,
        "lastReceivedEventAt": heard,
    }


def require_device(request: HttpRequest, device_id: int) -> Device:
    """A device that the holder of the key may see, and that is not deleted."""
    try:
        device = device_detail(actor_of(request), device_id)
    except TargetNotFound:
        device = None
    if device is None or device.deleted_at is not None:
        raise missing(f"Device with identifier {device_id} is not found or belong to another organization.")
    return device


def seen(request: HttpRequest) -> QuerySet[Device]:
    """Every device that the holder of the key may see."""
    actor = actor_of(request)
    require_any(actor, ORG_DEVICES_VIEW, OWN_DEVICES_VIEW)
    return devices_in(actor).select_related("template")


def within(rows: QuerySet[Device], place: Organization, *, below: bool) -> QuerySet[Device]:
    """Those of the organization, or also of those below."""
    return rows.filter(path__startswith=place.path) if below else rows.filter(organization=place)


@route("GET", "devices", ListedDevices, right=VIEW, differs=TOKENS)
def devices(request: HttpRequest, given: ListedDevices) -> Any:
    """The devices of the organization, with `includeSubOrgDevices` also of those below."""
    place = place_of(request, given.org_id)
    return page_of(within(seen(request), place, below=given.include_sub_org_devices).order_by("pk"), given, _all)


@route(
    "GET",
    "search/devices",
    Searched,
    right=VIEW,
    differs="Found by what the console's search knows: not by whole tokens. Devices do not keep who activated them; "
    "`Activated By` sorts by the owner.",
)
def search(request: HttpRequest, given: Searched) -> Any:
    """The devices of which every word is found."""
    return page_of(sorted_by(with_words(seen(request), given.query), given, SORTS), given, _all)


@route("GET", "device", OneDevice, right=VIEW, differs=TOKENS)
def device(request: HttpRequest, given: OneDevice) -> Any:
    """One device with its latest values and its facts."""
    found = require_device(request, given.device_id)
    reported = reported_of(found)
    values, times = (reported.values, reported.times) if reported else ({}, {})
    return {
        **base(found),
        "dataStreamValues": [
            {
                "dataStreamId": stream.pk,
                "pin": f"v{stream.pin}",
                "dataStreamLabel": stream.name,
                "dataStreamAlias": stream.alias,
                "value": values.get(str(stream.pin)),
                "updatedAt": times.get(str(stream.pin)),
            }
            for stream in Datastream.objects.filter(template_id=found.template_id).order_by("pin")
        ],
        "metaFieldValues": [
            {
                "id": one.pk,
                "name": one.name,
                "value": {"type": METADATA[one.kind], "value": found.metadata.get(str(one.pk))},
            }
            for one in metadata_fields(found)
        ],
    }


@route("GET", "device/baseInfo", OneDevice, right=VIEW, differs=TOKENS)
def base_info(request: HttpRequest, given: OneDevice) -> Any:
    """One device with what is known of its connection."""
    return base(require_device(request, given.device_id))


@route("GET", "device/by-owner", ByOwner, right=VIEW)
def by_owner(request: HttpRequest, given: ByOwner) -> Any:
    """The devices that the person owns, of the organization and those below."""
    rows = within(seen(request), place_of(request, given.org_id), below=True)
    return page_of(rows.filter(owner__email=given.owner_email).order_by("pk"), given, _all)


@route("GET", "device/by-user-org", ByOrganizationOf, right=f"{VIEW}; users.view")
def by_organization_of(request: HttpRequest, given: ByOrganizationOf) -> Any:
    """The devices of the organization in which the person is."""
    homes = people_in(actor_of(request)).filter(email=given.user_email).values("organization_id")
    return page_of(seen(request).filter(organization__in=homes).order_by("pk"), given, _all)


@route("GET", "device/last-activated", LastActivated, right=VIEW)
def last_activated(request: HttpRequest, given: LastActivated) -> Any:
    """What was activated in the organization in the last minutes, the latest first."""
    since = clock.now() - dt.timedelta(minutes=given.minutes)
    rows = within(seen(request), place_of(request, given.org_id), below=False).filter(activated_at__gte=since)
    return [
        {
            "id": one.pk,
            "templateId": one.template_id,
            "orgId": one.organization_id,
            "ownerUserId": one.owner_id,
            "activationTime": milliseconds(one.activated_at),
        }
        for one in rows.order_by("-activated_at", "-pk")[:1000]
    ]


@route("GET", "device/online", OneDevice, right=VIEW)
def online(request: HttpRequest, given: OneDevice) -> Any:
    """Whether the device is there now."""
    reported = reported_of(require_device(request, given.device_id))
    return {"connected": bool(reported and reported.online)}


def _all(rows: Sequence[Device]) -> list[dict[str, Any]]:
    return [short(one) for one in rows]
