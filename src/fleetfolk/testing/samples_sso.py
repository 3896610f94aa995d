"""Samples of single sign-on."""

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Client, Proof, system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, north, pending
from fleetfolk.users.actions.create_identity import IdentityInput
from fleetfolk.users.actions.edit_sso import EditSso, EditSsoInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_identity import RevokeIdentityInput
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SingleSignOn, SsoDomain, SsoIdentity, SsoKind
from fleetfolk.users.sso.claims import Claim

SAID = EditSsoInput(
    kind=SsoKind.OIDC,
    issuer="https://id.lumenhome.example",
    client_id="fleetfolk",
    secret="a client's secret",
    domains=("lumenhome.example",),
)


def set_up(cast: Cast, place: Organization, *, proved: bool = True, role_id: int | None = None) -> SingleSignOn:
    """Ada has set up a provider there; its domains are proved, where nothing else is said."""
    perform(EditSso, actor=actor(cast.ada), target_id=place.pk, data=SAID)
    sso = SingleSignOn.objects.get(organization=place)
    with staging():
        SsoDomain.objects.filter(sso=sso).update(proved_at=clock.now() if proved else None)
        SingleSignOn.objects.filter(pk=sso.pk).update(role_id=role_id)
    return sso


def linked(cast: Cast, person: User) -> SsoIdentity:
    """The person is linked with the provider of North."""
    sso = set_up(cast, cast.north)
    with staging():
        return SsoIdentity.objects.create(
            tenant=cast.lumen,
            sso=sso,
            user=person,
            issuer=sso.issuer,
            subject="their subject",
            created_at=clock.now(),
        )


def claiming(sso: SingleSignOn, email: str) -> IdentityInput:
    """The provider says so of whoever has this address."""
    return IdentityInput(sso_id=sso.pk, claim=Claim(subject="a subject", email=email, verified=True, first_name="Nora"))


def _there(cast: Cast) -> Sample:
    set_up(cast, cast.north)
    return Sample(target_id=cast.north.pk, data=NoInput(), permitted=actor(cast.ada))


def _domain(cast: Cast) -> Sample:
    sso = set_up(cast, cast.north, proved=False)
    with staging():
        SsoDomain.objects.filter(sso=sso).update(domain="proved.example")
    return Sample(target_id=sso.domains.get().pk, data=NoInput(), permitted=actor(cast.ada))


def _linking(cast: Cast) -> Sample:
    data = claiming(set_up(cast, cast.north), cast.cleo.email)
    return Sample(target_id=cast.cleo.pk, data=data, permitted=actor(cast.cleo))


def _accepting(cast: Cast) -> Sample:
    person = pending(cast)
    data = claiming(set_up(cast, cast.north), person.email)
    return Sample(target_id=person.pk, data=data, permitted=person.as_actor(Client.WEB, proof=Proof.GIVEN))


def _newcomer(cast: Cast) -> Sample:
    sso = set_up(cast, cast.north, role_id=cast.role("user").pk)
    return Sample(
        target_id=cast.north.pk,
        data=claiming(sso, "nora@lumenhome.example"),
        permitted=system_actor("doorkeeper", tenant_id=cast.lumen.pk),
    )


def _unlinking(cast: Cast) -> Sample:
    row = linked(cast, cast.cleo)
    return Sample(target_id=cast.cleo.pk, data=RevokeIdentityInput(identity_id=row.pk), permitted=actor(cast.ada))


SAMPLES: Samples = {
    "organization.sso.edit": lambda cast: north(cast, SAID),
    "organization.sso.delete": _there,
    "organization.domain.activate": _domain,
    "user.identity.create": _linking,
    "user.identity.accept": _accepting,
    "user.newcomer.accept": _newcomer,
    "user.identity.revoke": _unlinking,
}
