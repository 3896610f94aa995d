"""What changes nothing, and whom nobody has to be told: the same again, oneself, and who is gone."""

from typing import Any

import pytest

from fleetfolk.devices.actions.edit_notices import EditNotices, EditNoticesInput
from fleetfolk.devices.actions.revoke_owner import RevokeOwner
from fleetfolk.devices.actions.revoke_share import RevokeShare, RevokeShareInput
from fleetfolk.devices.actions.share_device import ShareDevice, ShareDeviceInput
from fleetfolk.devices.models import Device, EventKind, EventNotice, Gift, Share, ShareLevel
from fleetfolk.devices.models.notices import Quiet
from fleetfolk.devices.tests.test_giving import notices
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.sampling import Sample, pending
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import Invitation, User


def done(code: str, sample: Sample) -> Outcome[Any]:
    """The sample, taken."""
    return perform(CATALOGUE[code], actor=sample.permitted, target_id=sample.target_id, data=sample.data)


@pytest.mark.parametrize("code", ["device.rename", "device.metadata.edit"])
def test_the_same_again_changes_nothing(cast: Cast, code: str) -> None:
    sample = SAMPLES[code](cast)
    assert done(code, sample).changes
    assert not done(code, sample).changes


def test_an_event_of_which_nobody_wants_to_know_is_on_the_timeline_alone(cast: Cast) -> None:
    sample = SAMPLES["device.event.create"](cast)
    with staging():
        EventKind.objects.filter(code="leak").update(notify=[])
    done("device.event.create", sample)
    assert not EventNotice.objects.exists()
    with staging():
        EventKind.objects.filter(code="leak").update(notify=["owner"])
    done("device.event.create", sample)
    assert EventNotice.objects.count() == 1


def test_whoever_wants_to_hear_everything_again_has_nothing_quiet(cast: Cast) -> None:
    less, everything = (EditNoticesInput(quiet={None: levels}) for levels in (frozenset({"info"}), frozenset[str]()))
    perform(EditNotices, actor=actor(cast.cleo), target_id=cast.cleo.pk, data=less)
    assert Quiet.objects.filter(user=cast.cleo).count() == 1
    assert perform(EditNotices, actor=actor(cast.cleo), target_id=cast.cleo.pk, data=everything).changes
    assert not Quiet.objects.filter(user=cast.cleo).exists()


def test_an_offer_of_somebody_who_is_gone_is_declined_without_a_word(cast: Cast) -> None:
    sample = SAMPLES["device.gift.end"](cast)
    with staging():
        User.objects.filter(pk=cast.ada.pk).update(disabled_at=clock.now())
    done("device.gift.end", sample)
    assert not Gift.objects.exists()
    assert notices() == []


def test_an_owner_who_is_its_only_admin_tells_nobody_of_leaving_a_device(cast: Cast) -> None:
    device, _token = device_of(cast.north, owner=cast.finn)
    perform(RevokeOwner, actor=actor(cast.finn), target_id=device.pk, data=NoInput())
    assert Device.objects.get(pk=device.pk).owner_id is None
    assert "finn" not in {name for name, _notice in notices()}


def test_of_a_device_without_an_owner_nobody_is_told_that_it_is_gone(cast: Cast) -> None:
    claimed = SAMPLES["device.claim.revoke"](cast)
    with staging():
        Device.objects.update(owner=None)
    done("device.claim.revoke", claimed)
    assert notices() == []


def test_a_share_of_those_who_are_gone_ends_without_a_word(cast: Cast) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    share = shared_with(device, cast.sue, ShareLevel.MANAGE)
    data = ShareDeviceInput(email=cast.sam.email, level=ShareLevel.VIEW)
    perform(ShareDevice, actor=actor(cast.sue), target_id=device.pk, data=data)
    before = notices()
    with staging():
        User.objects.filter(pk__in=[cast.sue.pk, cast.sam.pk]).update(disabled_at=clock.now())
    ended = perform(RevokeShare, actor=actor(cast.bob), target_id=device.pk, data=RevokeShareInput(share_id=share.pk))
    assert ended.facts["shares_ended"] == 1
    assert not Share.objects.exists()
    assert notices() == before


def test_whoever_is_invited_by_a_share_and_has_no_link_any_more_gets_another(cast: Cast) -> None:
    device, _token = device_of(cast.north)
    pia = pending(cast)
    with staging():
        Invitation.objects.filter(user=pia).update(revoked_at=clock.now())
    data = ShareDeviceInput(email=pia.email, level=ShareLevel.VIEW)
    perform(ShareDevice, actor=actor(cast.ada), target_id=device.pk, data=data)
    assert Invitation.objects.get(user=pia).is_open
    assert Share.objects.get(device=device).user == pia
