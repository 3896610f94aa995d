"""A code on a device makes whoever claims it the owner, once; and nobody finds codes by guessing."""

from typing import Any

import pytest
from django.test import RequestFactory

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices import tasks
from fleetfolk.devices.actions.assign_owner import AssignOwner, AssignOwnerInput
from fleetfolk.devices.actions.claim_device import ClaimDevice, ClaimDeviceInput
from fleetfolk.devices.actions.create_provisioning import PROVISIONING_LASTS
from fleetfolk.devices.actions.revoke_claim import RevokeClaim
from fleetfolk.devices.actions.revoke_owner import RevokeOwner
from fleetfolk.devices.models import RESTORABLE_FOR, Claim, Device, DeviceState, Share, Template
from fleetfolk.devices.tokens import Kept, code_in, new_code, new_token
from fleetfolk.devices.web.claiming import claimed
from fleetfolk.devices.web.forms import ClaimForm
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_activation import claim_of, enabled_in
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

CODE = "sqr_yxzhvS6cuVTloK-7s1XIFb2ioAxh0Ofw"


def claim(code: str, *, by: User, at: Organization | None = None) -> Any:
    data = ClaimDeviceInput(code_hash=Kept.of(code_in(code)).hash)
    place = at or by.organization
    return perform(ClaimDevice, actor=actor(by), target_id=place.pk, data=data).target


@pytest.fixture
def boxed(cast: Cast) -> Device:
    """A device of Lumen Home in its box."""
    device, _token = device_of(cast.lumen, "Boxed")
    enabled_in(cast.lumen)
    claim_of(device, code=CODE)
    return device


@pytest.mark.parametrize(
    "scanned",
    [
        CODE,
        f"  {CODE}\n",
        CODE.removeprefix("sqr_"),
        f"{CODE}+4711",
        f"https://lumen.example/my/devices/claim/?code={CODE}",
        f"https://lumen.example/my/devices/claim/#{CODE}",
        f"https://lumen.example/c/{CODE}",
    ],
)
def test_a_code_is_read_in_every_spelling(scanned: str) -> None:
    assert code_in(scanned) == CODE


@pytest.mark.parametrize("scanned", ["", "hello", "https://[", "x" * 5000, "+", "https://lumen.example/?code="])
def test_what_is_no_code_is_read_without_harm(scanned: str) -> None:
    assert code_in(scanned) != CODE


def test_tokens_and_codes_look_as_blynks_do_and_open_in_a_spreadsheet() -> None:
    for _number in range(200):
        token, code = new_token(), new_code()
        assert len(token) == 32
        assert token[0].isalnum()
        assert (len(code), code[:4]) == (36, "sqr_")


def test_who_claims_owns_it_in_their_organization(cast: Cast, boxed: Device) -> None:
    shared_with(boxed, cast.sue)
    device = claim(CODE, by=cast.bob)
    device.refresh_from_db()
    assert (device.pk, device.owner, device.organization) == (boxed.pk, cast.bob, cast.berg)
    assert device.path == cast.berg.path
    assert not Share.objects.exists()
    entry = Entry.objects.get(code="device.claim")
    assert (entry.result, entry.target_label, entry.actor_label) == ("done", "Boxed", "Bob Berg")
    assert CODE not in str(entry.__dict__)


def test_used_unknown_and_foreign_codes_are_answered_alike(cast: Cast, boxed: Device) -> None:
    claim(CODE, by=cast.bob)
    foreign, _token = device_of(cast.evil, "Foreign")
    claim_of(foreign, code="sqr_foreign")
    deleted, _token = device_of(cast.lumen, "Deleted")
    claim_of(deleted, code="sqr_deleted")
    with staging():
        Device.objects.filter(pk=deleted.pk).update(deleted_at=clock.now())
    for code in (CODE, "sqr_nobody", "sqr_foreign", "sqr_deleted", ""):
        with pytest.raises(Refused) as refusal:
            claim(code, by=cast.sue)
        assert (refusal.value.reason, refusal.value.about) == ("claim_code", {})
    foreign.refresh_from_db()
    assert foreign.organization == cast.evil


def test_nobody_claims_into_somebody_elses_place(cast: Cast, boxed: Device) -> None:
    with pytest.raises(Refused, match="claim_home"):
        claim(CODE, by=cast.ada, at=cast.berg)
    with pytest.raises(TargetNotFound):
        claim(CODE, by=cast.bob, at=cast.lumen)
    with pytest.raises(Denied):
        claim(CODE, by=cast.dana)


def test_a_label_takes_nothing_from_whom_the_device_was_given(cast: Cast, boxed: Device) -> None:
    perform(AssignOwner, actor=actor(cast.ada), target_id=boxed.pk, data=AssignOwnerInput(email=cast.cleo.email))
    with pytest.raises(Refused) as refused:
        claim(CODE, by=cast.bob)
    assert refused.value.reason == "claim_code"
    boxed.refresh_from_db()
    assert boxed.owner_id == cast.cleo.pk
    perform(RevokeOwner, actor=actor(cast.ada), target_id=boxed.pk, data=NoInput())
    assert claim(CODE, by=cast.bob).owner_id == cast.bob.pk


def test_a_claimed_device_is_taken_back_and_its_code_is_good_again(cast: Cast, boxed: Device) -> None:
    claim(CODE, by=cast.bob)
    row = Claim.objects.get(device=boxed)
    with pytest.raises(TargetNotFound):
        perform(RevokeClaim, actor=actor(cast.bea), target_id=row.pk, data=NoInput())
    perform(RevokeClaim, actor=actor(cast.ada), target_id=row.pk, data=NoInput())
    boxed.refresh_from_db()
    assert (boxed.owner, boxed.organization) == (None, cast.lumen)
    assert claim(CODE, by=cast.sue).owner == cast.sue


def test_staff_see_the_claim_beside_the_token_and_can_take_the_device_back(
    cast: Cast, signed_in: SignedIn, boxed: Device
) -> None:
    claim(CODE, by=cast.bob)
    page = signed_in(cast.ada).get(f"/devices/{boxed.pk}/connection/").content.decode()
    assert "Bob Berg" in page.partition('id="claim"')[2].partition("</section>")[0]
    assert 'id="disclaim"' in page
    assert 'id="claim"' not in signed_in(cast.bea).get(f"/devices/{boxed.pk}/connection/").content.decode()


def ask(user: User, by: Actor, code: str) -> tuple[Device | None, str]:
    """What the page answers to a typed code."""
    request: Any = RequestFactory().post("/my/devices/claim/", {"code": code})
    request.user, request.actor = user, by
    form = ClaimForm(request.POST)
    device = claimed(request, form)
    return device, str(form.errors.get("code", ""))


def test_guesses_are_limited_and_right_codes_do_not_count(cast: Cast, boxed: Device) -> None:
    bob = cast.bob
    for number in range(12):
        device, _token = device_of(cast.lumen, f"Boxed {number}")
        claim_of(device, code=f"sqr_right-{number}")
        assert ask(bob, actor(bob), f"sqr_right-{number}")[0] is not None
    for number in range(10):
        assert "not valid here" in ask(bob, actor(bob), f"sqr_wrong-{number}")[1]
    nothing, said = ask(bob, actor(bob), CODE)
    assert nothing is None
    assert "Too many wrong codes" in said
    boxed.refresh_from_db()
    assert boxed.owner is None


def test_the_page_of_a_qr_picture_claims_nothing_by_being_looked_at(
    cast: Cast, signed_in: SignedIn, boxed: Device
) -> None:
    browser = signed_in(cast.bob)
    page = browser.get("/my/devices/claim/", {"code": CODE})
    assert f'value="{CODE}"' in page.content.decode()
    boxed.refresh_from_db()
    assert boxed.owner is None
    answer = browser.post("/my/devices/claim/", {"code": CODE}, follow=True)
    assert "Boxed is yours now." in answer.content.decode()
    assert "not valid here" in browser.post("/my/devices/claim/", {"code": CODE}).content.decode()
    assert signed_in(cast.dana).get("/my/devices/claim/").status_code == 403


def test_a_device_is_set_up_over_its_own_wifi_within_the_hour_or_not_at_all(cast: Cast, signed_in: SignedIn) -> None:
    browser, template = signed_in(cast.bob), enabled_in(cast.berg)
    for name in ("Quick", "Late"):
        answer = browser.post("/my/devices/set-up/", {"template": template, "name": name})
        assert "60 minutes" in answer.content.decode()
    quick, late = Device.objects.get(name="Quick"), Device.objects.get(name="Late")
    assert (quick.owner, quick.organization, quick.state) == (cast.bob, cast.berg, DeviceState.WAITING)
    with staging():
        Device.objects.filter(pk=quick.pk).update(activated_at=clock.now())
    tasks.erase_deleted.func(timestamp=0)
    assert Device.objects.filter(pk__in=[quick.pk, late.pk]).count() == 2
    with clock.at(clock.now() + PROVISIONING_LASTS):
        tasks.erase_deleted.func(timestamp=0)
    assert list(Device.objects.filter(pk__in=[quick.pk, late.pk])) == [quick]
    said = [
        browser.post("/my/devices/set-up/", {"template": template, "name": f"Many {number}"}) for number in range(12)
    ]
    assert "setting up 10 devices already" in said[-1].content.decode()
    assert signed_in(cast.dana).post("/my/devices/set-up/", {"template": template, "name": "X"}).status_code == 403


def test_the_caretaker_sweeps_what_cannot_be_restored(cast: Cast, boxed: Device) -> None:
    recent, _token = device_of(cast.lumen, "Recent")
    with staging():
        Device.objects.filter(pk=boxed.pk).update(deleted_at=clock.now() - RESTORABLE_FOR)
        Device.objects.filter(pk=recent.pk).update(deleted_at=clock.now())
    tasks.erase_deleted.func(timestamp=0)
    assert list(Device.objects.filter(pk__in=[boxed.pk, recent.pk])) == [recent]
    assert Entry.objects.get(code="device.erase").target_label == "Boxed"


def test_no_device_comes_where_its_template_is_not_enabled(cast: Cast, boxed: Device) -> None:
    with staging():
        boxed.template.uses.all().delete()
    with pytest.raises(Refused, match="claim_template"):
        claim(CODE, by=cast.bob)
    assert Device.objects.get(pk=boxed.pk).owner is None
    with staging():
        Template.objects.filter(pk=boxed.template_id).update(archived_at=clock.now())
    enabled_in(cast.berg)
    claim(CODE, by=cast.bob)
    assert Device.objects.get(pk=boxed.pk).owner == cast.bob
