"""The gate for those who are no signed-in person: the installation itself, devices, and who helps somebody."""

import pytest

from fleetfolk.access.gate import GATE
from fleetfolk.access.permissions import EDIT_ROLES
from fleetfolk.assistance.tests.scenes import helped
from fleetfolk.devices.actions.edit_metadata import EditMetadata
from fleetfolk.devices.actions.rename_device import RenameDevice
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.kernel.actor import Actor, ActorKind, AssistMode, Client, system_actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_profile import EditProfile
from fleetfolk.users.actions.erase_user import EraseUser
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS, INVITE_USERS, OWN_ACCOUNT


def device_actor(device: Device) -> Actor:
    return Actor(
        kind=ActorKind.DEVICE, id=str(device.pk), label="Cellar", tenant_id=device.tenant_id, client=Client.HTTPS_API
    )


def test_the_installation_does_to_all_of_a_tenant_what_is_on_its_list_and_nothing_else(cast: Cast) -> None:
    caretaker, everybody = system_actor("caretaker", tenant_id=cast.lumen.pk), User.objects.all()
    erasable = GATE.allowed(EraseUser, actor=caretaker, targets=everybody)
    assert set(erasable) == set(User.objects.filter(tenant=cast.lumen))
    assert not GATE.allowed(DisableUser, actor=caretaker, targets=everybody).exists()
    with pytest.raises(Denied, match="not_for_the_system"):
        GATE.require(DisableUser, actor=caretaker, target=cast.bob)
    assert GATE.where_giveable(caretaker, INVITE_USERS) is not None
    assert GATE.giveable_roles(caretaker, INVITE_USERS, cast.north).filter(pk=cast.role("admin").pk).exists()


def test_a_device_acts_on_itself_alone(cast: Cast) -> None:
    (device, _), (other, _) = device_of(cast.north, "Cellar"), device_of(cast.north, "Attic")
    by, every = device_actor(device), Device.objects.all()
    assert list(GATE.allowed(EditMetadata, actor=by, targets=every)) == [device]
    assert not GATE.allowed(RenameDevice, actor=by, targets=every).exists()
    GATE.require(EditMetadata, actor=by, target=device)
    for action, target in ((EditMetadata, other), (RenameDevice, device)):
        with pytest.raises(Denied, match="not_for_devices"):
            GATE.require(action, actor=by, target=target)


def test_whoever_helps_may_to_many_what_they_may_to_one(cast: Cast) -> None:
    bob = User.objects.filter(pk=cast.bob.pk)
    acting = helped(cast.bob, cast.ada, AssistMode.ACT)
    assert list(GATE.allowed(EditProfile, actor=acting, targets=bob)) == [cast.bob]
    assert not GATE.allowed(DisableUser, actor=acting, targets=bob).exists()
    looking = helped(cast.bob, cast.ada, AssistMode.VIEW)
    assert not GATE.allowed(EditProfile, actor=looking, targets=bob).exists()


def test_who_helps_without_reaching_the_person_has_nothing_of_theirs(cast: Cast) -> None:
    beyond = helped(cast.bob, cast.sam, AssistMode.ACT)
    assert not GATE.decide(beyond, OWN_ACCOUNT, cast.bob).allowed
    assert GATE.decide(beyond, OWN_ACCOUNT, cast.bob).reason == "assist_never"
    assert not GATE.within_reach(User.objects.all(), actor=beyond, permission=OWN_ACCOUNT).exists()


def test_what_depends_on_more_than_a_place_has_no_list_of_places(cast: Cast) -> None:
    for permission in (OWN_ACCOUNT, EDIT_USERS):
        with pytest.raises(ValueError, match="depends on more than the place"):
            GATE.paths_within_reach(actor(cast.ada), permission)
    assert GATE.paths_within_reach(actor(cast.ada), EDIT_TEMPLATES) == [cast.lumen.path]
    with staging():
        User.objects.filter(pk=cast.ada.pk).update(developer=False)
    assert GATE.paths_within_reach(actor(cast.ada), EDIT_TEMPLATES) == []
    assert GATE.paths_within_reach(actor(cast.ada), EDIT_ROLES) == [cast.lumen.path]
