"""Whose provider serves an address, and who must use it."""

from fleetfolk.access.models_switches import held_at_home
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SingleSignOn, SsoDomain, SsoMust
from fleetfolk.users.permissions import VIEW_USERS


def domain_of(email: str) -> str:
    """What stands behind the address's @, lower-case."""
    return email.rpartition("@")[2].strip().lower()


def provider_at(key: str) -> SingleSignOn | None:
    """The provider at this key, where people can sign in by it."""
    found = SingleSignOn.objects.select_related("organization", "role").filter(key=key, is_on=True).first()
    return None if found is None or found.organization.archived_at is not None else found


def provider_for(email: str) -> SingleSignOn | None:
    """The provider of an address's domain. Of the person, if there is one, nothing is asked."""
    found = (
        SsoDomain.objects.select_related("sso__organization")
        .filter(domain=domain_of(email), proved_at__isnull=False, sso__is_on=True)
        .first()
    )
    return None if found is None or found.sso.organization.archived_at is not None else found.sso


def serves(sso: SingleSignOn, email: str) -> bool:
    """Whether the address is of one of the provider's proved domains."""
    return SsoDomain.objects.filter(sso=sso, domain=domain_of(email), proved_at__isnull=False).exists()


def is_home(sso: SingleSignOn, organization: Organization) -> bool:
    """Whether the organization is the provider's, or below it."""
    same = sso.tenant_id == organization.tenant_id
    return same and organization.path.startswith(sso.organization.path)


def required_provider(person: User) -> SingleSignOn | None:
    """The provider by which the person has to sign in; None where a password does, too.

    It is the one of the address's domain, where that is the home organization's or one's above it.
    """
    sso = provider_for(person.email)
    if sso is None or sso.must == SsoMust.NOBODY or not is_home(sso, person.organization):
        return None
    if sso.spare_id == person.pk:
        return None
    if sso.must == SsoMust.STAFF and VIEW_USERS.code not in held_at_home(person):
        return None
    return sso


def provider_of_home(person: User) -> SingleSignOn | None:
    """The nearest provider upwards from the person's home that they are linked with; None where there is none."""
    return (
        SingleSignOn.objects.select_related("organization")
        .filter(organization__in=upwards(person.organization), is_on=True, identities__user=person)
        .order_by("-organization__path")
        .first()
    )
