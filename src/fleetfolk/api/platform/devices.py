"""Devices: lists, one of them, made, called, moved, erased and deleted."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from pydantic import Field

from fleetfolk.api.fields import Email
from fleetfolk.api.platform.doors import WRONG, Given, Wrong, missing, route
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
from fleetfolk.api.platform.organizations import OfOrganizationPaged, require_organization
from fleetfolk.api.platform.people import people_in
from fleetfolk.api.platform.templates import template_named
from fleetfolk.api.shell import actor_of
from fleetfolk.api.v1.actions import performed
from fleetfolk.api.v1.lists import Key
from fleetfolk.devices.actions.create_device import CreateDevice, CreateDeviceInput
from fleetfolk.devices.actions.delete_device import DeleteDevice
from fleetfolk.devices.actions.erase_data import EraseData
from fleetfolk.devices.actions.rename_device import RenameDevice, RenameDeviceInput
from fleetfolk.devices.actions.revoke_owner import RevokeOwner
from fleetfolk.devices.actions.transfer_device import TransferDevice, TransferDeviceInput
from fleetfolk.devices.models import Datastream, Device
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW, OWN_DEVICES_VIEW
from fleetfolk.devices.queries import device_detail, devices_in, metadata_fields, reported_of
from fleetfolk.devices.template_queries import templates_for
from fleetfolk.devices.tokens import Kept, new_token
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

VIEW: Final = "devices.view, or devices.own.view for one's own"
NO_TARGET: Final = "Destination organization is not found or you don't have access to it."
SAME_OWNER: Final = "Can't transfer to the same owner"
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


Named = Annotated[str, Field(min_length=1, max_length=50)]


class ToCreate(OfOrganization):
    """A device that is to be."""

    template_id: str | int
    name: Named
    owner_id: Key


class ToRename(OneDevice):
    """Its new name."""

    name: Named


class ToTransfer(OneDevice):
    """Where to: a person is preferred to an organization."""

    new_user_id: Key | None = None
    new_org_id: Key | None = None


class ToProvision(Given):
    """Whose device, and where; of which template, where there is a choice."""

    org_id: Key
    owner_id: Key
    template_id: str | int | None = None


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


@route(
    "POST",
    "device/create",
    ToCreate,
    right="devices.create",
    differs="`templateId` may be the number, too. The token is told here and never again. The owner must have an "
    "account, not an open invitation.",
)
def create(request: HttpRequest, given: ToCreate) -> Any:
    """There is a device of the template in the organization, with its owner."""
    place = place_of(request, given.org_id)
    template = template_named(request, given.template_id)
    return 201, _made(request, place, template.pk, given.name, _owner(request, given.owner_id))


@route("PUT", "device", ToRename, right="devices.edit")
def rename(request: HttpRequest, given: ToRename) -> Any:
    """The device is called so."""
    found = require_device(request, given.device_id)
    performed(RenameDevice, request, found.pk, RenameDeviceInput(name=given.name))
    return short(require_device(request, found.pk))


@route(
    "DELETE",
    "device",
    OneDevice,
    right="devices.delete",
    differs="For seven days the device can be restored in the console.",
)
def delete(request: HttpRequest, given: OneDevice) -> Any:
    """The device is gone, and refused at its next request."""
    performed(DeleteDevice, request, require_device(request, given.device_id).pk, NoInput())


@route(
    "DELETE",
    "device/clear",
    OneDevice,
    right="devices.data.delete",
    differs="Takes a key that may do sensitive acts.",
)
def clear(request: HttpRequest, given: OneDevice) -> Any:
    """Nothing is left of what the device reported."""
    performed(EraseData, request, require_device(request, given.device_id).pk, NoInput())


@route("DELETE", "device/owner", OneDevice, right="devices.transfer")
def revoke_owner(request: HttpRequest, given: OneDevice) -> Any:
    """Nobody owns the device."""
    performed(RevokeOwner, request, require_device(request, given.device_id).pk, NoInput())


@route(
    "POST",
    "device/transfer",
    ToTransfer,
    right="devices.transfer",
    differs="Takes a key that may do sensitive acts.",
)
def transfer(request: HttpRequest, given: ToTransfer) -> Any:
    """The device is the person's, in their organization; or in the organization, without an owner."""
    found = require_device(request, given.device_id)
    if given.new_user_id is not None:
        owner = _owner(request, given.new_user_id)
        if owner.pk == found.owner_id:
            raise Wrong(400, SAME_OWNER)
        data = TransferDeviceInput(email=owner.email)
    elif given.new_org_id is not None:
        data = TransferDeviceInput(organization_id=require_organization(request, given.new_org_id, NO_TARGET).pk)
    else:
        raise Wrong(400, f"{WRONG}: newUserId")
    performed(TransferDevice, request, found.pk, data)


@route(
    "POST",
    "device/provision/token",
    ToProvision,
    right="devices.create",
    differs="A device has its template from the start: `templateId` names it, and may be left out where the "
    "organization can use only one. The owner must have an account.",
)
def provision(request: HttpRequest, given: ToProvision) -> Any:
    """A device waits for its first connection; the token is for whoever sets it up."""
    place = place_of(request, given.org_id)
    if given.template_id is not None:
        template = template_named(request, given.template_id)
    else:
        usable = list(templates_for(place)[:2])
        if len(usable) != 1:
            raise Wrong(400, f"{WRONG}: templateId")
        template = usable[0]
    made = _made(request, place, template.pk, template.name, _owner(request, given.owner_id))
    return {"token": made["token"], "deviceId": made["id"]}


@route(
    "POST",
    "device/provision/reconfigure",
    OneDevice,
    right=VIEW,
    differs="Devices speak over HTTPS here and keep no connection, so nothing can send them into their set-up: "
    "always 501, and nothing happens.",
)
def reconfigure(request: HttpRequest, given: OneDevice) -> Any:
    """Not possible here."""
    require_device(request, given.device_id)
    raise Wrong(501, "Devices keep no connection here: nothing can send them into their set-up.")


def _made(request: HttpRequest, place: Organization, template_id: int, name: str, owner: User) -> dict[str, Any]:
    token = new_token()
    data = CreateDeviceInput(template_id=template_id, name=name, token=Kept.of(token), owner_email=owner.email)
    made: Any = performed(CreateDevice, request, place.pk, data).target
    return base(require_device(request, made.pk), token)


def _owner(request: HttpRequest, user_id: int) -> User:
    person = people_in(actor_of(request)).filter(pk=user_id).first()
    if person is None:
        raise missing(f"User with identifier {user_id} is not found or you don't have access to him.")
    return person


def _all(rows: Sequence[Device]) -> list[dict[str, Any]]:
    return [short(one) for one in rows]
