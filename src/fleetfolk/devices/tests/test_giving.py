"""Giving a device away: offered, taken or declined, and nobody learns who has an account."""

import datetime as dt

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.accept_gift import AcceptGift, GiftInput
from fleetfolk.devices.actions.assign_owner import AssignOwner, AssignOwnerInput
from fleetfolk.devices.actions.create_gift import CreateGift, CreateGiftInput
from fleetfolk.devices.actions.transfer_device import TransferDevice, TransferDeviceInput
from fleetfolk.devices.models import Device, Gift, Share, ShareLevel
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_activation import enabled_in
from fleetfolk.users.models import State, User


@pytest.fixture
def cellar(cast: Cast) -> Device:
    return device_of(cast.berg, owner=cast.bob)[0]


def offer(browser: Client, device: Device, email: str) -> tuple[int, str]:
    answer = browser.post(f"/my/devices/{device.pk}/give/", {"email": email})
    page = browser.get(answer["Location"]).content.decode() if answer.status_code == 302 else answer.content.decode()
    return answer.status_code, page.replace(email, "ADDRESS")


def notices() -> list[tuple[str, str]]:
    jobs = ProcrastinateJob.objects.filter(task_name="users.send_notice").order_by("id")
    return [(job.args["email"].partition("@")[0], job.args["notice"]) for job in jobs]


def test_who_is_offered_a_device_takes_it_and_both_are_told(cast: Cast, cellar: Device, signed_in: SignedIn) -> None:
    enabled_in(cast.south)
    shared_with(cellar, cast.bea)
    status, page = offer(signed_in(cast.bob), cellar, cast.sue.email)
    assert status == 302
    assert "Take the offer back" in page
    assert Device.objects.get(pk=cellar.pk).owner_id == cast.bob.pk
    sues = signed_in(cast.sue)
    assert "Bob Berg wants to give it to you" in sues.get("/").content.decode()
    # Until she takes it she sees nothing of it.
    assert sues.get(f"/my/devices/{cellar.pk}/").status_code == 404
    assert sues.post(f"/my/devices/{cellar.pk}/offer/accept/").status_code == 302
    taken = Device.objects.get(pk=cellar.pk)
    assert (taken.owner_id, taken.organization_id) == (cast.sue.pk, cast.south.pk)
    assert not Share.objects.filter(device=cellar).exists()
    assert signed_in(cast.bob).get(f"/my/devices/{cellar.pk}/").status_code == 404
    assert notices() == [("sue", "device_offered"), ("bob", "device_gone")]
    entry = Entry.objects.filter(code="device.gift.accept", result="done").latest("at")
    assert {change["field"] for change in entry.changes} == {"organization", "owner"}


def test_the_answer_is_the_same_for_an_address_that_nobody_has(cast: Cast, signed_in: SignedIn) -> None:
    answers = []
    for email in (cast.sue.email, "nina@new.example", cast.eve.email):
        device = device_of(cast.berg, "Cellar", owner=cast.bob)[0]
        status, page = offer(signed_in(cast.bob), device, email)
        answers.append((status, page.count("ADDRESS"), "You offered it to ADDRESS" in page, "owner" in page.lower()))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][:3] == (302, answers[0][1], True)
    nina = User.objects.get(email="nina@new.example")
    assert nina.state == State.PENDING
    assert not [name for name, _ in notices() if name in ("nina", "eve")]


def test_whoever_is_invited_for_it_finds_the_offer_after_joining(
    cast: Cast, cellar: Device, signed_in: SignedIn
) -> None:
    offer(signed_in(cast.bob), cellar, "nina@new.example")
    nina = User.objects.get(email="nina@new.example")
    with staging():
        User.objects.filter(pk=nina.pk).update(activated_at=clock.now())
    assert "wants to give it to you" in signed_in(fresh(nina)).get("/").content.decode()


def test_a_decline_tells_who_offered_and_an_offer_can_be_taken_back(
    cast: Cast, cellar: Device, signed_in: SignedIn
) -> None:
    bobs = signed_in(cast.bob)
    offer(bobs, cellar, cast.sue.email)
    assert signed_in(cast.sue).post(f"/my/devices/{cellar.pk}/offer/decline/").status_code == 302
    assert notices()[-1] == ("bob", "device_declined")
    offer(bobs, cellar, cast.sue.email)
    assert bobs.post(f"/my/devices/{cellar.pk}/give/withdraw/").status_code == 302
    assert signed_in(cast.sue).post(f"/my/devices/{cellar.pk}/offer/accept/").status_code == 404
    assert Device.objects.get(pk=cellar.pk).owner_id == cast.bob.pk


@pytest.mark.parametrize("over", ["days", "hands", "deleted"])
def test_an_offer_that_is_over_gives_nothing(cast: Cast, cellar: Device, signed_in: SignedIn, over: str) -> None:
    enabled_in(cast.south)
    offer(signed_in(cast.bob), cellar, cast.sue.email)
    if over == "hands":
        email = cast.bea.email
        perform(AssignOwner, actor=actor(cast.ada), target_id=cellar.pk, data=AssignOwnerInput(email=email))
        assert not Gift.objects.exists()
    else:
        with staging():
            Gift.objects.update(ends_at=clock.now() - dt.timedelta(seconds=over == "days"))
            if over == "deleted":
                Gift.objects.update(ends_at=clock.now() + dt.timedelta(days=1))
                Device.objects.filter(pk=cellar.pk).update(deleted_at=clock.now())
    data = GiftInput(device_id=cellar.pk)
    with pytest.raises(Refused):
        perform(AcceptGift, actor=actor(cast.sue), target_id=cast.sue.pk, data=data)
    assert Device.objects.get(pk=cellar.pk).owner_id != cast.sue.pk


def test_nobody_takes_what_is_offered_to_another(cast: Cast, cellar: Device, signed_in: SignedIn) -> None:
    offer(signed_in(cast.bob), cellar, cast.sue.email)
    data = GiftInput(device_id=cellar.pk)
    with pytest.raises(Refused, match="gift_gone"):
        perform(AcceptGift, actor=actor(cast.sam), target_id=cast.sam.pk, data=data)
    with pytest.raises((Denied, TargetNotFound)):
        perform(AcceptGift, actor=actor(cast.sam), target_id=cast.sue.pk, data=data)
    assert signed_in(cast.sam).post(f"/my/devices/{cellar.pk}/offer/accept/").status_code == 404


def test_only_the_owner_gives_and_a_manager_by_a_share_does_not(
    cast: Cast, cellar: Device, signed_in: SignedIn
) -> None:
    shared_with(cellar, cast.sue, ShareLevel.MANAGE)
    sues = signed_in(cast.sue)
    assert "Give this device away" not in sues.get(f"/my/devices/{cellar.pk}/about/").content.decode()
    assert sues.post(f"/my/devices/{cellar.pk}/give/", {"email": "a@new.example"}).status_code == 403
    assert sues.post(f"/my/devices/{cellar.pk}/remove/").status_code == 403


def test_the_right_to_give_ones_own_opens_nothing_of_others(cast: Cast, cellar: Device) -> None:
    """The console's Actions are the same: of an owner they are refused what takes the sight of others."""
    for data in (TransferDeviceInput(email=cast.sue.email), TransferDeviceInput(organization_id=cast.south.pk)):
        with pytest.raises(Refused):
            perform(TransferDevice, actor=actor(cast.bob), target_id=cellar.pk, data=data)
    with pytest.raises(Refused, match="owner_unknown"):
        perform(AssignOwner, actor=actor(cast.bob), target_id=cellar.pk, data=AssignOwnerInput(email=cast.sue.email))
    other = device_of(cast.berg, "Attic", owner=cast.bea)[0]
    with pytest.raises(TargetNotFound):
        perform(CreateGift, actor=actor(cast.bob), target_id=other.pk, data=CreateGiftInput(email="a@new.example"))


def test_who_removes_their_own_device_loses_it_and_the_admins_hear_of_it(
    cast: Cast, cellar: Device, signed_in: SignedIn
) -> None:
    bobs = signed_in(cast.bob)
    asked = bobs.get(f"/my/devices/{cellar.pk}/remove/").content.decode()
    assert "who can give it back to you" in asked
    assert Device.objects.get(pk=cellar.pk).owner_id == cast.bob.pk
    assert bobs.post(f"/my/devices/{cellar.pk}/remove/").status_code == 302
    assert Device.objects.get(pk=cellar.pk).owner_id is None
    assert bobs.get(f"/my/devices/{cellar.pk}/").status_code == 404
    assert notices() == [("bea", "device_left")]
    assert Entry.objects.filter(code="device.owner.revoke", actor_id=str(cast.bob.pk), result="done").exists()


def test_whoever_helps_gives_nothing_away(cast: Cast, cellar: Device) -> None:
    assert not any(action.assistable for action in (CreateGift, AcceptGift))
