"""Samples of guests, partners and working elsewhere."""

from fleetfolk.access.models_guests import Membership, PartnerMode, Partnership
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, own
from fleetfolk.users.actions.accept_guest import AcceptGuest, GuestInput
from fleetfolk.users.actions.edit_guest import EditGuestInput
from fleetfolk.users.actions.end_work import EndWorkInput
from fleetfolk.users.actions.grant_partner import GrantPartnerInput
from fleetfolk.users.actions.invite_guest import InviteGuest, InviteGuestInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.start_work import StartWorkInput
from fleetfolk.users.models import User


def invited(cast: Cast, person: User, place: Organization, role: str = "user") -> Membership:
    """The person's address is invited as a guest."""
    data = InviteGuestInput(email=person.email, role_id=cast.role(role).pk)
    perform(InviteGuest, actor=actor(cast.ada), target_id=place.pk, data=data)
    return Membership.objects.get(email=person.email, organization=place, accepted_at=None)


def guest(cast: Cast, person: User, place: Organization, role: str = "user") -> Membership:
    """The person is a guest there."""
    waiting = invited(cast, person, place, role)
    perform(AcceptGuest, actor=actor(person), target_id=person.pk, data=GuestInput(membership_id=waiting.pk))
    return Membership.objects.select_related("organization", "role", "user").get(pk=waiting.pk)


def installers(cast: Cast) -> Organization:
    """A partner of the tenant: South, whose trade is to install."""
    with staging():
        cast.south.kind = OrganizationKind.INSTALLER
        cast.south.save(update_fields=["kind"])
    return cast.south


def let_in(cast: Cast, mode: PartnerMode = PartnerMode.VIEW) -> Partnership:
    """The installers were let in to North."""
    with staging():
        return Partnership.objects.create(
            tenant_id=cast.lumen.pk,
            client=cast.north,
            partner=installers(cast),
            mode=mode,
            starts_at=clock.now(),
            created_by_id=cast.ada.pk,
            created_by_label=str(cast.ada),
        )


def _adas_own(cast: Cast, data: object) -> Sample:
    """Something that Ada alone may do, to her own account."""
    return Sample(target_id=cast.ada.pk, data=data, permitted=actor(cast.ada))


def _of_north(cast: Cast, data: object) -> Sample:
    return Sample(target_id=cast.north.pk, data=data, permitted=actor(cast.ada))


SAMPLES: Samples = {
    "user.work.start": lambda cast: _adas_own(cast, StartWorkInput(organization_id=cast.north.pk)),
    "user.work.end": lambda cast: _adas_own(cast, EndWorkInput(organization_id=cast.north.pk, name="North")),
    "guest.invite": lambda cast: _of_north(cast, InviteGuestInput(email=cast.sue.email, role_id=cast.role("user").pk)),
    "guest.accept": lambda cast: own(cast, GuestInput(membership_id=invited(cast, cast.cleo, cast.south).pk)),
    "guest.cancel": lambda cast: own(cast, GuestInput(membership_id=invited(cast, cast.cleo, cast.south).pk)),
    "guest.end": lambda cast: own(cast, GuestInput(membership_id=guest(cast, cast.cleo, cast.south).pk)),
    "guest.edit": lambda cast: Sample(
        target_id=guest(cast, cast.sue, cast.north).pk,
        data=EditGuestInput(role_id=cast.role("staff").pk),
        permitted=actor(cast.ada),
    ),
    "guest.revoke": lambda cast: Sample(
        target_id=guest(cast, cast.sue, cast.north).pk, data=NoInput(), permitted=actor(cast.ada)
    ),
    "partner.grant": lambda cast: _of_north(
        cast, GrantPartnerInput(partner_id=installers(cast).pk, mode=PartnerMode.VIEW)
    ),
    "partner.revoke": lambda cast: Sample(target_id=let_in(cast).pk, data=NoInput(), permitted=actor(cast.ada)),
}
