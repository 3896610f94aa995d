"""What the organization's side did to a device is not undone by whoever owns it or has a share of it."""

import pytest

from fleetfolk.access.models import Role
from fleetfolk.devices.actions.activate_device import ActivateDevice
from fleetfolk.devices.actions.deactivate_device import DeactivateDevice
from fleetfolk.devices.actions.delete_device import DeleteDevice
from fleetfolk.devices.actions.restore_device import RestoreDevice
from fleetfolk.devices.models import Device, DeviceState, ShareLevel
from fleetfolk.devices.permissions import OWN_DEVICES_DELETE
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.no_input import NoInput, ReasonInput

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cellar(cast: Cast) -> Device:
    """Bob's device, which Sue manages by a share."""
    device, _token = device_of(cast.berg, "Cellar", owner=cast.bob)
    shared_with(device, cast.sue, ShareLevel.MANAGE)
    return device


@pytest.fixture
def own_delete(cast: Cast) -> None:
    """Owners may delete what is theirs."""
    with staging():
        role = Role.objects.get(tenant=cast.lumen, builtin="user")
        role.permissions = sorted({*role.permissions, OWN_DEVICES_DELETE.code})
        role.save()


def deactivate(device: Device, by: Actor) -> None:
    perform(DeactivateDevice, actor=by, target_id=device.pk, data=ReasonInput(reason="Stolen"))


def state_of(device: Device) -> int:
    return int(Device.objects.values_list("state", flat=True).get(pk=device.pk))


def test_what_staff_deactivated_no_holder_activates(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    deactivate(cellar, actor(cast.ada))
    for holder in (cast.bob, cast.sue):
        with pytest.raises(Denied, match="device_organizations"):
            perform(ActivateDevice, actor=actor(holder), target_id=cellar.pk, data=NoInput())
        browser = signed_in(holder)
        assert browser.post(f"/devices/{cellar.pk}/activate/", headers=HTMX).status_code == 403
        assert "activate/" not in browser.get(f"/devices/{cellar.pk}/menu/", headers=HTMX).content.decode()
    assert state_of(cellar) == DeviceState.DEACTIVATED
    assert "activate/" in signed_in(cast.ada).get(f"/devices/{cellar.pk}/menu/", headers=HTMX).content.decode()
    perform(ActivateDevice, actor=actor(cast.ada), target_id=cellar.pk, data=NoInput())
    assert state_of(cellar) == DeviceState.ACTIVE


def test_what_a_holder_deactivated_a_holder_activates(cast: Cast, cellar: Device) -> None:
    deactivate(cellar, actor(cast.ada))
    perform(ActivateDevice, actor=actor(cast.ada), target_id=cellar.pk, data=NoInput())
    deactivate(cellar, actor(cast.bob))
    perform(ActivateDevice, actor=actor(cast.sue), target_id=cellar.pk, data=NoInput())
    assert state_of(cellar) == DeviceState.ACTIVE


@pytest.mark.usefixtures("own_delete")
def test_what_staff_deleted_its_owner_does_not_restore_nor_see(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    perform(DeleteDevice, actor=actor(cast.ada), target_id=cellar.pk, data=NoInput())
    with pytest.raises(Denied, match="device_organizations"):
        perform(RestoreDevice, actor=actor(cast.bob), target_id=cellar.pk, data=NoInput())
    browser = signed_in(cast.bob)
    assert "Cellar" not in browser.get("/devices/deleted/").content.decode()
    assert browser.get(f"/devices/{cellar.pk}/").status_code == 404
    assert "Cellar" in signed_in(cast.ada).get("/devices/deleted/").content.decode()
    assert state_of(cellar) == DeviceState.DELETED
    perform(RestoreDevice, actor=actor(cast.ada), target_id=cellar.pk, data=NoInput())
    assert state_of(cellar) == DeviceState.ACTIVE


@pytest.mark.usefixtures("own_delete")
def test_what_its_owner_deleted_its_owner_restores(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    perform(DeleteDevice, actor=actor(cast.bob), target_id=cellar.pk, data=NoInput())
    assert "Cellar" in signed_in(cast.bob).get("/devices/deleted/").content.decode()
    perform(RestoreDevice, actor=actor(cast.bob), target_id=cellar.pk, data=NoInput())
    assert state_of(cellar) == DeviceState.ACTIVE
