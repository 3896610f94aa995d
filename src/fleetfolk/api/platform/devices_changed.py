"""Devices made, called, moved, erased and deleted."""

from typing import Annotated, Any, Final

from django.http import HttpRequest
from pydantic import Field

from fleetfolk.api.platform.devices import VIEW, OneDevice, base, require_device, short
from fleetfolk.api.platform.doors import WRONG, Given, Wrong, missing, route
from fleetfolk.api.platform.lists import OfOrganization, place_of
from fleetfolk.api.platform.organizations import require_organization
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
from fleetfolk.devices.template_queries import templates_for
from fleetfolk.devices.tokens import Kept, new_token
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

NO_TARGET: Final = "Destination organization is not found or you don't have access to it."
SAME_OWNER: Final = "Can't transfer to the same owner"

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
