"""Whoever owns a device, or has a share of it, reaches it wherever it stands, and only so far."""

import datetime as dt

from fleetfolk.access.gate import GATE
from fleetfolk.devices.models import Device, ShareLevel
from fleetfolk.devices.permissions import ORG_DEVICES_CONTROL, ORG_DEVICES_DELETE, ORG_DEVICES_VIEW
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User


def may(user: User, device: Device) -> tuple[bool, bool, bool]:
    """Whether the person may see, control and delete the device, asked both ways."""
    answers = []
    for permission in (ORG_DEVICES_VIEW, ORG_DEVICES_CONTROL, ORG_DEVICES_DELETE):
        allowed = GATE.decide(actor(user), permission, device).allowed
        listed = GATE.within_reach(Device.objects.all(), actor=actor(user), permission=permission)
        assert listed.filter(pk=device.pk).exists() == allowed
        answers.append(allowed)
    return answers[0], answers[1], answers[2]


def test_staff_reach_devices_of_their_branch_and_no_others(cast: Cast) -> None:
    device, _token = device_of(cast.berg)
    assert may(cast.finn, device) == (True, True, True)
    assert may(cast.sam, device) == (False, False, False)
    assert may(cast.eve, device) == (False, False, False)


def test_an_owner_sees_and_controls_their_device_wherever_it_stands(cast: Cast) -> None:
    device, _token = device_of(cast.south, owner=cast.bob)
    assert may(cast.bob, device) == (True, True, False)
    assert may(cast.sue, device) == (False, False, False)


def test_a_share_reaches_as_far_as_its_level_and_as_long_as_its_end(cast: Cast) -> None:
    device, _token = device_of(cast.south)
    share = shared_with(device, cast.bob)
    assert may(cast.bob, device) == (True, False, False)
    with staging():
        share.level = ShareLevel.CONTROL
        share.save()
    assert may(cast.bob, device) == (True, True, False)
    with staging():
        share.ends_at = clock.now() - dt.timedelta(seconds=1)
        share.save()
    assert may(cast.bob, device) == (False, False, False)
