"""Guests and partners: who gets in, what they may there, who governs the account, and that over is over at once."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models_guests import Membership, PartnerMode, Partnership
from fleetfolk.access.place import home_of
from fleetfolk.access.reach import strength_of
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_CONTROL, ORG_DEVICES_EDIT, ORG_DEVICES_VIEW
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import ActionError, Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_guests import guest, installers, invited, let_in
from fleetfolk.users.actions.accept_guest import AcceptGuest, GuestInput
from fleetfolk.users.actions.cancel_guest import CancelGuest
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_guest import EditGuest, EditGuestInput
from fleetfolk.users.actions.end_guest import EndGuest
from fleetfolk.users.actions.grant_partner import GrantPartner, GrantPartnerInput
from fleetfolk.users.actions.invite_guest import InviteGuest, InviteGuestInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.reset_password import ResetPassword
from fleetfolk.users.actions.revoke_guest import RevokeGuest
from fleetfolk.users.actions.revoke_partner import RevokePartner
from fleetfolk.users.actions.start_work import StartWork, StartWorkInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.tasks import send_guest_invitation


def sees(person: User, target: User) -> bool:
    return GATE.decide(actor(person), VIEW_USERS, fresh(target)).allowed


def may(person: User, permission: object, device: Device) -> bool:
    """Both ways alike."""
    by = actor(fresh(person))
    decided = GATE.decide(by, permission, device).allowed  # type: ignore[arg-type]
    listed = GATE.within_reach(Device.objects.filter(pk=device.pk), actor=by, permission=permission)  # type: ignore[arg-type]
    assert decided == listed.exists()
    return decided


def test_a_guest_does_there_what_the_role_there_lets_them_and_stays_at_home_where_they_are(
    cast: Cast, signed_in: SignedIn
) -> None:
    assert not sees(cast.sue, cast.cleo)
    guest(cast, cast.sue, cast.north, "staff")
    assert sees(cast.sue, cast.cleo)
    assert fresh(cast.sue).guest_roles == 1
    browser = signed_in(fresh(cast.sue))
    # At home, the people of North are no business of hers; there, those at home are not.
    assert browser.get(f"/users/{cast.cleo.pk}/").status_code == 404
    page = browser.post("/place/", {"organization": cast.north.pk}, follow=True).content.decode()
    assert "Cleo" in page
    assert browser.get(f"/users/{cast.cleo.pk}/").status_code == 200
    assert browser.get(f"/users/{cast.sam.pk}/").status_code == 404


def test_over_is_over_at_the_next_request_by_the_clock_and_by_hand(cast: Cast, signed_in: SignedIn) -> None:
    row = guest(cast, cast.sue, cast.north, "staff")
    browser = signed_in(fresh(cast.sue))
    browser.post("/place/", {"organization": cast.north.pk})
    assert browser.get(f"/users/{cast.cleo.pk}/").status_code == 200
    perform(RevokeGuest, actor=actor(cast.ada), target_id=row.pk, data=NoInput())
    assert browser.get(f"/users/{cast.cleo.pk}/").status_code == 302
    assert "You cannot work in North any more." in browser.get("/", follow=True).content.decode()
    again = guest(cast, cast.sue, cast.north, "staff")
    with connection.cursor() as cursor:
        cursor.execute("/* staged */ UPDATE access_membership SET ends_at = now() WHERE id = %s", [again.pk])
    assert not sees(fresh(cast.sue), cast.cleo)


def test_home_alone_governs_the_account(cast: Cast) -> None:
    guest(cast, cast.sue, cast.north, "user")
    for action in (DisableUser, ResetPassword):
        with pytest.raises(TargetNotFound):
            perform(action, actor=actor(cast.finn), target_id=cast.sue.pk, data=ReasonInput())
    perform(DisableUser, actor=actor(cast.sam), target_id=cast.sue.pk, data=ReasonInput())
    assert grants_of(actor(cast.sue)) == []


def test_whoever_is_strong_elsewhere_is_strong(cast: Cast) -> None:
    """Staff could reset a password and so hold what its owner holds as a guest."""
    plain = cast.bob
    assert GATE.decide(actor(cast.cleo), ResetPassword.permission, fresh(plain)).allowed
    guest(cast, plain, cast.south, "admin")
    assert strength_of(fresh(plain)) > frozenset(plain.role.permissions)
    with pytest.raises(Denied, match="target_is_stronger"):
        perform(ResetPassword, actor=actor(cast.cleo), target_id=plain.pk, data=ReasonInput())
    listed = GATE.within_reach(User.objects.all(), actor=actor(cast.cleo), permission=ResetPassword.permission)
    assert plain.pk not in set(listed.values_list("pk", flat=True))
    perform(ResetPassword, actor=actor(cast.finn), target_id=plain.pk, data=ReasonInput())


def test_nobody_gives_a_guest_more_than_they_hold_nor_changes_a_stronger_one(cast: Cast) -> None:
    data = InviteGuestInput(email=cast.sue.email, role_id=cast.role("admin").pk)
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(InviteGuest, actor=actor(cast.cleo), target_id=cast.north.pk, data=data)
    strong = guest(cast, cast.sue, cast.north, "admin")
    less = EditGuestInput(role_id=cast.role("user").pk)
    with pytest.raises(Denied, match="target_is_stronger"):
        perform(EditGuest, actor=actor(cast.cleo), target_id=strong.pk, data=less)
    # Nor does a guest raise themselves.
    weak = guest(cast, cast.sam, cast.north, "staff")
    more = EditGuestInput(role_id=cast.role("admin").pk)
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(EditGuest, actor=actor(fresh(cast.sam)), target_id=weak.pk, data=more)


def test_an_invitation_tells_nobody_which_addresses_have_accounts(cast: Cast) -> None:
    for email in (cast.sue.email, "nobody@new.example", cast.eve.email):
        data = InviteGuestInput(email=email, role_id=cast.role("user").pk)
        outcome = perform(InviteGuest, actor=actor(cast.finn), target_id=cast.north.pk, data=data)
        row = Membership.objects.get(email=email)
        assert (row.user_id, row.state) == (None, "invited")
        assert outcome.facts == {"email": email, "role": "User", "until": ""}
        send_guest_invitation(membership_id=row.pk, tenant_id=cast.lumen.pk)
    known, unknown, foreign = (str(one.body) for one in mail.outbox[-3:])
    assert "Sign in and answer here" in known
    assert "There is no account with this address yet" in unknown
    assert "There is no account with this address yet" in foreign


@pytest.mark.parametrize("action", [AcceptGuest, CancelGuest, EndGuest])
def test_somebody_elses_invitation_and_membership_are_not_ones_own(cast: Cast, action: type) -> None:
    make = guest if action is EndGuest else invited
    row = make(cast, cast.sue, cast.north)
    for other in (cast.sam, cast.eve):
        with pytest.raises(Refused):
            perform(action, actor=actor(other), target_id=other.pk, data=GuestInput(membership_id=row.pk))
    assert Membership.objects.filter(pk=row.pk).exists()
    perform(action, actor=actor(cast.sue), target_id=cast.sue.pk, data=GuestInput(membership_id=row.pk))


def test_the_pages_take_an_invitation_from_the_dialog_to_the_role(cast: Cast, signed_in: SignedIn) -> None:
    host, person = signed_in(cast.finn), signed_in(cast.sue)
    assert "To North" in host.get("/guests/invite/").content.decode()
    sent = {"email": cast.sue.email, "role": cast.role("user").pk, "until": ""}
    assert host.post("/guests/invite/", sent).status_code == 302
    row = Membership.objects.get()
    assert cast.sue.email in host.get("/guests/").content.decode()
    assert "Sue" not in host.get("/guests/").content.decode()
    assert "You are invited" in person.get("/account/organizations/").content.decode()
    assert person.post(f"/account/organizations/{row.pk}/accept/").status_code == 302
    assert "Sue" in host.get("/guests/", {"q": "sue"}).content.decode()
    until = (clock.now() + dt.timedelta(days=9)).date().isoformat()
    changed = host.post(f"/guests/{row.pk}/", {"role": cast.role("user").pk, "until": until})
    assert changed.status_code == 302
    assert Membership.objects.get().ends_at is not None
    assert "North" in person.get("/place/choose/", {"find": "nor"}).content.decode()
    assert person.post(f"/account/organizations/{row.pk}/leave/").status_code == 302
    assert not Membership.objects.exists()
    codes = list(
        Entry.objects.filter(code__startswith="guest.", result="done").order_by("at").values_list("code", flat=True)
    )
    assert codes == ["guest.invite", "guest.accept", "guest.edit", "guest.end"]


def test_a_guest_is_no_ones_guest_in_another_tenant(cast: Cast) -> None:
    row = invited(cast, cast.sue, cast.north)
    with connection.cursor() as cursor:
        cursor.execute("/* staged */ UPDATE access_membership SET email = %s WHERE id = %s", [cast.eve.email, row.pk])
    with pytest.raises(Refused):
        perform(AcceptGuest, actor=actor(cast.eve), target_id=cast.eve.pk, data=GuestInput(membership_id=row.pk))


def test_a_partner_sees_or_controls_for_a_period_and_no_more(cast: Cast) -> None:
    device, _token = device_of(cast.north)
    device = Device.objects.get(pk=device.pk)
    assert not may(cast.sam, ORG_DEVICES_VIEW, device)
    row = let_in(cast)
    assert may(cast.sam, ORG_DEVICES_VIEW, device)
    assert not may(cast.sam, ORG_DEVICES_CONTROL, device)
    assert not sees(cast.sam, cast.cleo)
    # Their own role limits them, too: a plain user of the partner sees nothing.
    assert not may(cast.sue, ORG_DEVICES_VIEW, device)
    data = GrantPartnerInput(
        partner_id=cast.south.pk, mode=PartnerMode.CONTROL, ends_at=clock.now() + dt.timedelta(days=1)
    )
    perform(GrantPartner, actor=actor(cast.finn), target_id=cast.north.pk, data=data)
    assert may(cast.sam, ORG_DEVICES_CONTROL, device)
    assert not may(cast.sam, ORG_DEVICES_EDIT, device)
    for staged in (
        "/* staged */ UPDATE access_partnership SET starts_at = now() + interval '1 hour'",
        "/* staged */ UPDATE access_partnership SET starts_at = now() - interval '1 hour', ends_at = now()",
    ):
        with connection.cursor() as cursor:
            cursor.execute(staged)
        assert not may(cast.sam, ORG_DEVICES_VIEW, device)
    perform(GrantPartner, actor=actor(cast.finn), target_id=cast.north.pk, data=data)
    assert may(cast.sam, ORG_DEVICES_VIEW, device)
    row = Partnership.objects.get()
    perform(RevokePartner, actor=actor(cast.finn), target_id=row.pk, data=NoInput())
    assert not may(cast.sam, ORG_DEVICES_VIEW, device)


def test_only_whose_trade_it_is_can_be_found_from_beside(cast: Cast) -> None:
    data = GrantPartnerInput(partner_id=cast.south.pk, mode=PartnerMode.VIEW)
    with pytest.raises(Refused, match="partner_unknown"):
        perform(GrantPartner, actor=actor(cast.finn), target_id=cast.north.pk, data=data)
    installers(cast)
    perform(GrantPartner, actor=actor(cast.finn), target_id=cast.north.pk, data=data)


def test_the_list_of_devices_spans_everything_one_may_see(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.north)
    guest(cast, cast.sam, cast.north, "staff")
    browser = signed_in(fresh(cast.sam))
    page = browser.get("/devices/").content.decode()
    assert str(device) in page
    assert "North" in page
    assert browser.get(f"/devices/{device.pk}/").status_code == 200
    here = replace(actor(fresh(cast.sam)), place=home_of(fresh(cast.sam)))
    assert GATE.decide(here, ORG_DEVICES_VIEW, Device.objects.get(pk=device.pk)).allowed
    assert not GATE.decide(here, VIEW_USERS, fresh(cast.cleo)).allowed


def test_the_partner_itself_sees_who_let_it_in_and_works_there(cast: Cast, signed_in: SignedIn) -> None:
    let_in(cast)
    browser = signed_in(cast.sam)
    assert "Clients that let us in" in browser.get("/guests/").content.decode()
    assert "Clients that let you in" in browser.get("/account/organizations/").content.decode()
    perform(StartWork, actor=actor(cast.sam), target_id=cast.sam.pk, data=StartWorkInput(organization_id=cast.north.pk))


def test_an_end_in_the_past_and_a_guest_of_ones_own_house_are_refused(cast: Cast) -> None:
    role = cast.role("user").pk
    for data in (
        InviteGuestInput(email=cast.sue.email, role_id=role, ends_at=clock.now()),
        InviteGuestInput(email=cast.cleo.email, role_id=role),
    ):
        with pytest.raises(ActionError):
            perform(InviteGuest, actor=actor(cast.ada), target_id=cast.north.pk, data=data)
    guest(cast, cast.sue, cast.north)
    with pytest.raises(Refused, match="guest_already"):
        perform(
            InviteGuest,
            actor=actor(cast.ada),
            target_id=cast.north.pk,
            data=InviteGuestInput(email=cast.sue.email, role_id=role),
        )


def test_the_partners_page_of_devices_shows_the_clients(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.north)
    let_in(cast, PartnerMode.CONTROL)
    browser = signed_in(cast.sam)
    page = browser.get("/devices/")
    assert page.status_code == 200
    assert str(device) in page.content.decode()
    assert browser.get(f"/devices/{device.pk}/").status_code == 200


def test_the_portal_shows_all_devices_and_says_of_which_organization_the_others_are(
    cast: Cast, signed_in: SignedIn
) -> None:
    there, _token = device_of(cast.north)
    guest(cast, cast.bob, cast.north, "user")
    own, _token = device_of(cast.berg, owner=cast.bob)
    with staging():
        Device.objects.filter(pk=there.pk).update(owner=cast.bob)
    tiles = signed_in(fresh(cast.bob)).get("/").content.decode()
    for device, named in ((there, True), (own, False)):
        tile = tiles.partition(f'data-device="{device.pk}"')[2].partition("</article>")[0]
        assert str(device) in tile
        assert (">North<" in tile) == named
        assert ">Familie Berg<" not in tile


def test_a_partner_is_let_in_from_a_day_on(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.north)
    partner = installers(cast)
    browser = signed_in(cast.finn)
    today = timezone.localtime(clock.now(), ZoneInfo(cast.finn.time_zone or cast.north.time_zone)).date()
    first = today + dt.timedelta(days=3)
    said = {"partner": partner.pk, "mode": "view", "lasts": "week", "starts": first.isoformat()}
    assert browser.post(reverse("guests:grant-partner"), said).status_code == 302
    let = Partnership.objects.get(client=cast.north, partner=partner)
    zone = ZoneInfo(cast.finn.time_zone or cast.north.time_zone)
    assert timezone.localtime(let.starts_at, zone) == dt.datetime.combine(first, dt.time(), tzinfo=zone)
    assert let.ends_at == let.starts_at + dt.timedelta(days=7)
    assert not may(cast.sam, ORG_DEVICES_VIEW, device)
    page = browser.get("/guests/").content.decode()
    assert "from <time" in page
    with clock.at(let.starts_at - dt.timedelta(seconds=1)):
        assert not may(cast.sam, ORG_DEVICES_VIEW, device)
    with clock.at(let.starts_at):
        assert may(cast.sam, ORG_DEVICES_VIEW, device)
    with clock.at(let.ends_at):
        assert not may(cast.sam, ORG_DEVICES_VIEW, device)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_first_day_that_is_over_or_far_away_is_said_beside_it(cast: Cast, signed_in: SignedIn, days: int) -> None:
    day = (clock.now() + dt.timedelta(days=days)).date()
    said = {"partner": installers(cast).pk, "mode": "view", "lasts": "week", "starts": day.isoformat()}
    answer = signed_in(cast.finn).post(reverse("guests:grant-partner"), said)
    assert answer.status_code == 422
    assert 'id="id_starts_error"' in answer.content.decode()
    assert not Partnership.objects.exists()
