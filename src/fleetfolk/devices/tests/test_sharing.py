"""Sharing one device with anybody by their address: as far as chosen, as long as chosen, and not a moment longer."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.edit_share import EditShare, EditShareInput
from fleetfolk.devices.actions.revoke_share import RevokeShare, RevokeShareInput
from fleetfolk.devices.actions.share_device import ShareDevice, ShareDeviceInput
from fleetfolk.devices.actions.transfer_device import TransferDevice, TransferDeviceInput
from fleetfolk.devices.models import Device, Share, ShareLevel
from fleetfolk.devices.permissions import ORG_DEVICES_CONTROL, ORG_DEVICES_VIEW
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import State, User
from fleetfolk.users.models_privacy import Suppression
from fleetfolk.users.suppression import address_keys

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cellar(cast: Cast) -> Device:
    """Bob's device, in his family's organization."""
    return device_of(cast.berg, "Cellar", owner=cast.bob)[0]


def send(browser: Client, device: Device, email: str, level: str = "control", ends: str = "") -> Any:
    """The answer to the form."""
    form = {"email": email, "level": level, "ends": ends}
    return browser.post(f"/devices/{device.pk}/sharing/share/", form, headers=HTMX)


def sees(user: User, device: Device) -> bool:
    """Whether the person sees the device, asked both ways."""
    by = actor(user)
    listed = GATE.within_reach(Device.objects.all(), actor=by, permission=ORG_DEVICES_VIEW).filter(pk=device.pk)
    assert listed.exists() == GATE.decide(by, ORG_DEVICES_VIEW, device).allowed
    return listed.exists()


def last_mail() -> Any:
    return ProcrastinateJob.objects.filter(queue_name="mail").latest("id")


def test_an_owner_shares_with_somebody_of_the_tenant_who_sees_it_at_once(
    cast: Cast, signed_in: SignedIn, cellar: Device
) -> None:
    assert not sees(cast.sue, cellar)
    answer = send(signed_in(cast.bob), cellar, f" {cast.sue.email.upper()} ")
    assert answer.status_code == 204
    told = json.loads(answer["HX-Trigger"])
    assert told["toast"]["text"] == f"Cellar is shared with {cast.sue.email}. They get a mail."
    assert sees(cast.sue, cellar)
    assert GATE.decide(actor(cast.sue), ORG_DEVICES_CONTROL, cellar).allowed
    mail = last_mail()
    assert (mail.task_name, mail.args["notice"]) == ("users.send_notice", "device_shared")
    assert signed_in(cast.sue).get(f"/devices/{cellar.pk}/sharing/").status_code == 200


def test_an_address_without_an_account_is_invited_as_a_plain_user(
    cast: Cast, signed_in: SignedIn, cellar: Device
) -> None:
    send(signed_in(cast.bob), cellar, "nina@new.example")
    nina = User.objects.get(email="nina@new.example")
    assert (nina.state, nina.organization, nina.role.builtin) == (State.PENDING, cast.berg, "user")
    assert nina.invitation.invited_by_label == "Bob Berg"
    assert last_mail().task_name == "users.send_invitation"
    assert Share.objects.get(user=nina).level == ShareLevel.CONTROL


def test_nobody_learns_by_sharing_who_has_an_account(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    browser, answers = signed_in(cast.bob), []
    for email in ("nina@new.example", cast.sue.email, cast.eve.email):
        answer = send(browser, cellar, email)
        page = browser.get(f"/devices/{cellar.pk}/sharing/").content.decode()
        share = Share.objects.get(address=email)
        row = page.partition('id="shares-title"')[2].partition(email)
        shown = row[0].rpartition("<li>")[2] + row[2].partition("</li>")[0]
        shown = shown.replace(email, "…").replace(f"sharing/{share.pk}/", "sharing/…/").replace(f"-{share.pk}", "-…")
        shown = shown[: shown.index("csrfmiddlewaretoken")]
        answers.append((answer.status_code, answer["HX-Trigger"].replace(email, "…"), shown))
    assert len(set(answers)) == 1
    assert "Sue" not in browser.get(f"/devices/{cellar.pk}/sharing/").content.decode()
    assert "Sue South" in signed_in(cast.ada).get(f"/devices/{cellar.pk}/sharing/").content.decode()


def test_an_end_counts_from_that_moment(cast: Cast, cellar: Device) -> None:
    ends = clock.now() + dt.timedelta(hours=1)
    data = ShareDeviceInput(email=cast.sue.email, level=ShareLevel.VIEW, ends_at=ends)
    perform(ShareDevice, actor=actor(cast.bob), target_id=cellar.pk, data=data)
    assert sees(cast.sue, cellar)
    with clock.at(ends):
        assert not sees(cast.sue, cellar)


def test_an_end_in_the_past_is_not_taken(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    answer = send(signed_in(cast.bob), cellar, cast.sue.email, ends="2020-01-01")
    assert answer.status_code == 422
    assert "lies in the past" in answer.content.decode()
    for wrong in ("9999-12-31", "tomorrow", "0001-01-01"):
        assert send(signed_in(cast.bob), cellar, cast.sue.email, ends=wrong).status_code == 422
    assert not Share.objects.exists()


def test_what_is_revoked_is_refused_at_the_next_request(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    share, browser = shared_with(cellar, cast.sue), signed_in(cast.sue)
    assert browser.get(f"/devices/{cellar.pk}/sharing/").status_code == 200
    answer = signed_in(cast.bob).post(f"/devices/{cellar.pk}/sharing/{share.pk}/revoke/", headers=HTMX)
    assert answer.status_code == 204
    assert browser.get(f"/devices/{cellar.pk}/sharing/").status_code == 404
    assert not sees(cast.sue, cellar)
    assert last_mail().args["notice"] == "device_unshared"


def test_a_share_is_changed_and_counts_at_once(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    share = shared_with(cellar, cast.sue)
    browser = signed_in(cast.bob)
    assert "manage" in browser.get(f"/devices/{cellar.pk}/sharing/{share.pk}/", headers=HTMX).content.decode()
    answer = browser.post(f"/devices/{cellar.pk}/sharing/{share.pk}/", {"level": "control", "ends": ""}, headers=HTMX)
    assert answer.status_code == 204
    assert GATE.decide(actor(cast.sue), ORG_DEVICES_CONTROL, cellar).allowed


def test_who_manages_by_a_share_passes_on_less_and_touches_no_equal(cast: Cast, cellar: Device) -> None:
    mine, equal = shared_with(cellar, cast.sue, ShareLevel.MANAGE), shared_with(cellar, cast.sam, ShareLevel.MANAGE)
    sue = actor(cast.sue)
    ok = ShareDeviceInput(email="nina@new.example", level=ShareLevel.CONTROL)
    perform(ShareDevice, actor=sue, target_id=cellar.pk, data=ok)
    too_far = ShareDeviceInput(email="noa@new.example", level=ShareLevel.MANAGE)
    with pytest.raises(Refused, match="share_level"):
        perform(ShareDevice, actor=sue, target_id=cellar.pk, data=too_far)
    for share in (mine, equal):
        with pytest.raises(Refused, match="share_of_more"):
            perform(RevokeShare, actor=sue, target_id=cellar.pk, data=RevokeShareInput(share_id=share.pk))
    nina = Share.objects.get(address="nina@new.example")
    data = EditShareInput(share_id=nina.pk, level=ShareLevel.MANAGE)
    with pytest.raises(Refused, match="share_level"):
        perform(EditShare, actor=sue, target_id=cellar.pk, data=data)


@pytest.mark.parametrize("level", [ShareLevel.VIEW, ShareLevel.CONTROL])
def test_who_only_sees_or_controls_shares_with_nobody(
    cast: Cast, signed_in: SignedIn, cellar: Device, level: ShareLevel
) -> None:
    shared_with(cellar, cast.sue, level)
    assert send(signed_in(cast.sue), cellar, "nina@new.example").status_code == 403
    data = ShareDeviceInput(email="nina@new.example", level=ShareLevel.VIEW)
    with pytest.raises(Denied, match="share_too_low"):
        perform(ShareDevice, actor=actor(cast.sue), target_id=cellar.pk, data=data)
    page = signed_in(cast.sue).get(f"/devices/{cellar.pk}/sharing/").content.decode()
    assert "share-submit" not in page


def test_a_share_of_another_device_is_not_reached_through_ones_own(cast: Cast, cellar: Device) -> None:
    other, _token = device_of(cast.south, "Other")
    foreign = shared_with(other, cast.sue)
    with pytest.raises(Refused, match="share_gone"):
        perform(RevokeShare, actor=actor(cast.bob), target_id=cellar.pk, data=RevokeShareInput(share_id=foreign.pk))
    with pytest.raises(TargetNotFound):
        perform(RevokeShare, actor=actor(cast.bob), target_id=other.pk, data=RevokeShareInput(share_id=foreign.pk))
    assert Share.objects.filter(pk=foreign.pk).exists()


def test_whoever_is_shared_with_can_leave(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    shared_with(cellar, cast.sue)
    browser = signed_in(cast.sue)
    assert "share-leave" in browser.get(f"/devices/{cellar.pk}/sharing/").content.decode()
    assert browser.post(f"/devices/{cellar.pk}/sharing/leave/").status_code == 302
    assert not sees(cast.sue, cellar)
    assert browser.post(f"/devices/{cellar.pk}/sharing/leave/").status_code == 404


def test_nobody_invites_themselves_into_rights_by_sharing(cast: Cast) -> None:
    """The role of whoever is invited was made broader: a share from outside must not hand it out."""
    device, _token = device_of(cast.north, "Cellar")
    shared_with(device, cast.sue, ShareLevel.MANAGE)
    with staging():
        role = Role.objects.get(tenant=cast.lumen, builtin="user")
        role.permissions = sorted([*role.permissions, "users.view"])
        role.save()
    for email in ("sue.again@new.example", cast.sam.email):
        data = ShareDeviceInput(email=email, level=ShareLevel.VIEW)
        with pytest.raises(Refused, match="share_role"):
            perform(ShareDevice, actor=actor(cast.sue), target_id=device.pk, data=data)
    assert not User.objects.filter(email="sue.again@new.example").exists()
    data = ShareDeviceInput(email="nina@new.example", level=ShareLevel.VIEW)
    perform(ShareDevice, actor=actor(cast.ada), target_id=device.pk, data=data)


def test_a_new_owner_does_not_inherit_those_with_whom_the_old_one_shared(cast: Cast, cellar: Device) -> None:
    shared_with(cellar, cast.sue)
    data = TransferDeviceInput(organization_id=cast.north.pk)
    with staging():
        cellar.template.uses.create(tenant=cast.lumen, organization=cast.north)
    perform(TransferDevice, actor=actor(cast.ada), target_id=cellar.pk, data=data)
    assert not Share.objects.exists()
    cellar.refresh_from_db()
    assert not sees(cast.sue, cellar)
    assert not sees(cast.bob, cellar)


def test_a_disabled_person_has_a_share_in_vain(cast: Cast, cellar: Device) -> None:
    shared_with(cellar, cast.sue)
    with staging():
        User.objects.filter(pk=cast.sue.pk).update(disabled_at=clock.now())
    assert not sees(cast.sue, cellar)


def test_the_owner_and_whoever_has_a_share_are_said_so(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    browser = signed_in(cast.bob)
    assert "owner’s" in send(browser, cellar, cast.bob.email).content.decode()
    assert send(browser, cellar, cast.sue.email).status_code == 204
    assert "shared with this address already" in send(browser, cellar, cast.sue.email).content.decode()


def test_an_ended_share_gives_way_to_a_new_one(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    share = shared_with(cellar, cast.sue)
    with staging():
        Share.objects.filter(pk=share.pk).update(ends_at=clock.now() - dt.timedelta(days=1))
    assert send(signed_in(cast.bob), cellar, cast.sue.email, level="view").status_code == 204
    assert sees(cast.sue, cellar)


def test_without_scripts_it_is_a_page_of_its_own(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    browser = signed_in(cast.bob)
    assert "Share this device" in browser.get(f"/devices/{cellar.pk}/sharing/").content.decode()
    answer = browser.post(
        f"/devices/{cellar.pk}/sharing/share/", {"email": "nina@new.example", "level": "view"}, follow=True
    )
    assert "nina@new.example" in answer.content.decode()


def test_who_may_only_look_learns_no_addresses_of_others(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    browser = signed_in(cast.bob)
    send(browser, cellar, cast.sue.email, level="view")
    send(browser, cellar, "nina@elsewhere.example", level="control")
    address = f"/devices/{cellar.pk}/sharing/"
    assert "nina@elsewhere.example" in browser.get(address, headers=HTMX).content.decode()
    seen = signed_in(cast.sue).get(address, headers=HTMX).content.decode()
    assert cast.sue.email in seen
    assert "nina@elsewhere.example" not in seen


@pytest.fixture
def given_on(cast: Cast, cellar: Device) -> Share:
    """Sue, who manages Bob's device by a share, shared it with Sam, without an end."""
    shared_with(cellar, cast.sue, ShareLevel.MANAGE)
    data = ShareDeviceInput(email=cast.sam.email, level=ShareLevel.CONTROL)
    perform(ShareDevice, actor=actor(cast.sue), target_id=cellar.pk, data=data)
    assert sees(cast.sam, cellar)
    return Share.objects.get(device=cellar, user=cast.sue)


def test_what_was_given_on_by_a_share_ends_with_it_and_is_told(
    cast: Cast, signed_in: SignedIn, cellar: Device, given_on: Share
) -> None:
    answer = signed_in(cast.bob).post(f"/devices/{cellar.pk}/sharing/{given_on.pk}/revoke/", headers=HTMX)
    assert "1 share that they gave on has ended." in json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert not sees(cast.sam, cellar)
    assert not Share.objects.filter(device=cellar).exists()
    told = ProcrastinateJob.objects.filter(task_name="users.send_notice", args__notice="device_unshared")
    assert {mail.args["email"] for mail in told} == {cast.sue.email, cast.sam.email}


def test_whoever_leaves_takes_along_what_they_gave_on(
    cast: Cast, signed_in: SignedIn, cellar: Device, given_on: Share
) -> None:
    signed_in(cast.sue).post(f"/devices/{cellar.pk}/sharing/leave/")
    assert not sees(cast.sam, cellar)


def test_what_was_given_on_ends_when_the_share_behind_it_lets_give_no_more(
    cast: Cast, cellar: Device, given_on: Share
) -> None:
    data = EditShareInput(share_id=given_on.pk, level=ShareLevel.CONTROL)
    perform(EditShare, actor=actor(cast.bob), target_id=cellar.pk, data=data)
    assert sees(cast.sue, cellar)
    assert not sees(cast.sam, cellar)


def test_nothing_given_on_lasts_longer_than_the_share_behind_it(cast: Cast, cellar: Device, given_on: Share) -> None:
    ends = clock.now() + dt.timedelta(hours=1)
    data = EditShareInput(share_id=given_on.pk, level=ShareLevel.MANAGE, ends_at=ends)
    perform(EditShare, actor=actor(cast.bob), target_id=cellar.pk, data=data)
    theirs = Share.objects.get(user=cast.sam)
    assert theirs.ends_at == ends
    without = EditShareInput(share_id=theirs.pk, level=ShareLevel.VIEW)
    perform(EditShare, actor=actor(cast.sue), target_id=cellar.pk, data=without)
    nina = ShareDeviceInput(email="nina@new.example", level=ShareLevel.VIEW, ends_at=ends + dt.timedelta(days=9))
    perform(ShareDevice, actor=actor(cast.sue), target_id=cellar.pk, data=nina)
    assert set(Share.objects.filter(through=given_on).values_list("ends_at", flat=True)) == {ends}


def test_what_its_owner_has_changed_stays_when_the_one_who_gave_it_on_goes(
    cast: Cast, cellar: Device, given_on: Share
) -> None:
    theirs = EditShareInput(share_id=Share.objects.get(user=cast.sam).pk, level=ShareLevel.CONTROL)
    perform(EditShare, actor=actor(cast.bob), target_id=cellar.pk, data=theirs)
    perform(RevokeShare, actor=actor(cast.bob), target_id=cellar.pk, data=RevokeShareInput(share_id=given_on.pk))
    assert sees(cast.sam, cellar)


def test_an_owners_address_and_an_erased_one_are_refused_alike(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    shared_with(cellar, cast.sue, ShareLevel.MANAGE)
    with staging():
        keys = address_keys(cast.lumen.pk, "gone@old.example")
        Suppression.objects.create(tenant=cast.lumen, address_key=keys[0], at=clock.now())
    answers = set()
    for email in (cast.bob.email, "gone@old.example"):
        answer = send(signed_in(cast.sue), cellar, email)
        assert answer.status_code == 422
        said = answer.content.decode()
        assert "It cannot be shared with this address." in said
        assert "owner’s" not in said
        assert "erased" not in said
        answers.add(Entry.objects.filter(code="device.share", result="refused").latest("pk").reason)
    assert answers == {"share_address"}
    assert "owner’s" in send(signed_in(cast.ada), cellar, cast.bob.email).content.decode()
