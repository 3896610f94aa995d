"""Each guard around guests and partners by itself: who is refused what, and why."""

import datetime as dt
from dataclasses import replace

import pytest

from fleetfolk.access.actions import EditRules, EditRulesInput
from fleetfolk.access.models_guests import Membership, PartnerMode, Partnership
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.errors import NotProved, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_guests import guest, installers, invited
from fleetfolk.tree.actions import ArchiveOrganization, ArchiveOrganizationInput
from fleetfolk.users.actions.accept_guest import AcceptGuest, GuestInput
from fleetfolk.users.actions.edit_guest import EditGuest, EditGuestInput
from fleetfolk.users.actions.grant_partner import GrantPartner, GrantPartnerInput
from fleetfolk.users.actions.invite_guest import InviteGuest, InviteGuestInput
from fleetfolk.users.models import User


def invite(cast: Cast, email: str, role: str = "user", *, proof: Proof = Proof.GIVEN) -> None:
    data = InviteGuestInput(email=email, role_id=cast.role(role).pk)
    perform(InviteGuest, actor=replace(actor(cast.ada), proof=proof), target_id=cast.north.pk, data=data)


def accept(person: User, row: Membership) -> None:
    perform(AcceptGuest, actor=actor(person), target_id=person.pk, data=GuestInput(membership_id=row.pk))


def edit(
    cast: Cast, row: Membership, role: str, *, proof: Proof = Proof.GIVEN, ends: dt.datetime | None = None
) -> None:
    data = EditGuestInput(role_id=cast.role(role).pk, ends_at=ends)
    perform(EditGuest, actor=replace(actor(cast.ada), proof=proof), target_id=row.pk, data=data)


def archived(cast: Cast, place: Organization) -> None:
    perform(ArchiveOrganization, actor=actor(cast.ada), target_id=place.pk, data=ArchiveOrganizationInput())


def over(row: Membership) -> None:
    with staging():
        Membership.objects.filter(pk=row.pk).update(ends_at=clock.now())


class TestInviting:
    def test_only_addresses_that_the_rules_allow(self, cast: Cast) -> None:
        rules = EditRulesInput(email_domains=("lumenhome.example",))
        perform(EditRules, actor=actor(cast.ada), target_id=cast.north.pk, data=rules)
        with pytest.raises(Refused, match="address_domain"):
            invite(cast, "sue@elsewhere.example")
        assert not Membership.objects.exists()

    def test_no_more_than_the_plan_allows(self, cast: Cast) -> None:
        allowing(cast.lumen, invitations=0)
        with pytest.raises(Refused, match="limit_"):
            invite(cast, cast.sue.email)
        assert not Membership.objects.exists()

    def test_into_a_strong_role_only_by_who_has_shown_that_it_is_them(self, cast: Cast) -> None:
        with pytest.raises(NotProved):
            invite(cast, cast.sue.email, "admin", proof=Proof.OLD)
        invite(cast, cast.sue.email, "user", proof=Proof.OLD)

    def test_into_nothing_that_is_archived(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.ada)
        address = f"/guests/invite/?organization={cast.north.pk}"
        assert browser.get(address).status_code == 200
        archived(cast, cast.north)
        assert browser.get(address).status_code == 404


class TestAccepting:
    def test_nothing_that_is_archived(self, cast: Cast) -> None:
        row = invited(cast, cast.sue, cast.north)
        archived(cast, cast.north)
        with pytest.raises(Refused, match="guest_invitation_over"):
            accept(cast.sue, row)

    def test_nothing_whose_end_has_come(self, cast: Cast) -> None:
        row = invited(cast, cast.sue, cast.north)
        over(row)
        with pytest.raises(Refused, match="guest_invitation_over"):
            accept(cast.sue, row)

    def test_nobody_becomes_a_guest_at_home(self, cast: Cast) -> None:
        row = invited(cast, cast.sue, cast.north)
        with staging():
            User.objects.filter(pk=cast.sue.pk).update(organization=cast.north)
        with pytest.raises(Refused, match="guest_invitation_over"):
            accept(fresh(cast.sue), row)

    def test_what_was_before_gives_way(self, cast: Cast) -> None:
        over(guest(cast, cast.sue, cast.north, "staff"))
        accept(cast.sue, invited(cast, cast.sue, cast.north, "user"))
        row = Membership.objects.select_related("role").get(user=cast.sue)
        assert row.role.builtin == "user"
        assert fresh(cast.sue).guest_roles == 1


class TestChanging:
    def test_what_is_over_stays_over(self, cast: Cast) -> None:
        row = guest(cast, cast.sue, cast.north)
        over(row)
        with pytest.raises(Refused, match="guest_over"):
            edit(cast, row, "staff")
        assert not Membership.live().exists()

    @pytest.mark.parametrize("days", [0, 365 * 100])
    def test_no_end_that_has_come_or_that_nobody_means(self, cast: Cast, days: int) -> None:
        row = guest(cast, cast.sue, cast.north)
        with pytest.raises(Refused, match="guest_end"):
            edit(cast, row, "user", ends=clock.now() + dt.timedelta(days=days))

    def test_into_a_strong_role_only_by_who_has_shown_that_it_is_them(self, cast: Cast) -> None:
        row = guest(cast, cast.sue, cast.north)
        edit(cast, row, "user", proof=Proof.OLD, ends=clock.now() + dt.timedelta(days=1))
        with pytest.raises(NotProved):
            edit(cast, row, "admin", proof=Proof.OLD)


class TestLettingIn:
    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"mode": "everything"}, "partner_mode"),
            ({"partner": "north"}, "partner_unknown"),
            ({"partner": "evil"}, "partner_unknown"),
            ({"ends": 0}, "guest_end"),
            ({"starts": 5, "ends": 4}, "partner_period"),
            ({"starts": 5, "ends": 5}, "partner_period"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, cast: Cast, said: dict[str, object], reason: str) -> None:
        installers(cast)
        with staging():
            Organization.objects.filter(pk=cast.evil.pk).update(kind=OrganizationKind.INSTALLER)
        now = clock.now()
        days = {part: now + dt.timedelta(days=int(str(said[part]))) for part in ("starts", "ends") if part in said}
        data = GrantPartnerInput(
            partner_id=getattr(cast, str(said.get("partner", "south"))).pk,
            mode=str(said.get("mode", PartnerMode.VIEW.value)),
            starts_at=days.get("starts"),
            ends_at=days.get("ends"),
        )
        with pytest.raises(Refused, match=reason):
            perform(GrantPartner, actor=actor(cast.ada), target_id=cast.north.pk, data=data)
        assert not Partnership.objects.exists()

    def test_nobody_that_is_archived(self, cast: Cast, signed_in: SignedIn) -> None:
        partner = installers(cast)
        archived(cast, partner)
        data = GrantPartnerInput(partner_id=partner.pk, mode=PartnerMode.VIEW)
        with pytest.raises(Refused, match="partner_unknown"):
            perform(GrantPartner, actor=actor(cast.ada), target_id=cast.north.pk, data=data)
        browser = signed_in(cast.ada)
        assert browser.get(f"/partners/new/?organization={cast.north.pk}").status_code == 200
        archived(cast, cast.north)
        assert browser.get(f"/partners/new/?organization={cast.north.pk}").status_code == 404

    def test_only_ones_own_clients_are_listed(self, cast: Cast, signed_in: SignedIn) -> None:
        with staging():
            for client, partner in ((cast.north, cast.south), (cast.south, cast.lumen)):
                Partnership.objects.create(
                    tenant_id=cast.lumen.pk,
                    client=client,
                    partner=partner,
                    mode=PartnerMode.VIEW,
                    starts_at=clock.now(),
                    created_by_id=cast.ada.pk,
                    created_by_label=str(cast.ada),
                )
        page = signed_in(fresh(cast.ada)).get("/account/organizations/").content.decode()
        listed = page.partition("Clients that let you in")[2]
        assert "South" in listed
        assert "North" not in listed
