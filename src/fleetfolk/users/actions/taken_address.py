"""An organization has an address once, also when two people enter it at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import is_allowed_address, rules_of
from fleetfolk.users.suppression import is_suppressed

_ONCE = "users_email_in_organization"


def address_taken(email: str, organization: Organization) -> Refused:
    """The refusal of an address that the organization has already."""
    return Refused("email_in_organization", email=email, organization=organization.name)


def require_addable(email: str, organization: Organization) -> None:
    """Refuses an address whose person was erased and asked not to be added again, and one of a domain not allowed."""
    require_domain(email, organization)
    if is_suppressed(organization.tenant_id, email):
        raise Refused("address_suppressed", email=email)


def require_domain(email: str, organization: Organization) -> None:
    """Refuses an address of a domain that the organization's rules do not name."""
    domains = rules_of(organization).email_domains
    if not is_allowed_address(email, domains):
        raise Refused("address_domain", domains=", ".join(domains))


@contextmanager
def refused_when_taken(email: str, organization: Organization) -> Iterator[None]:
    """What is saved inside is refused where somebody else was quicker with the same address.

    The check before it cannot see what another transaction has not committed; the database's constraint does.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, UniqueViolation) and cause.diag.constraint_name == _ONCE:
            raise address_taken(email, organization) from error
        raise
