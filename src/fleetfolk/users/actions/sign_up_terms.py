"""Whether somebody may sign up at an organization: asked when they come, and again when they confirm their address."""

from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import held_anywhere
from fleetfolk.access.strength import is_strong
from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import is_allowed_address
from fleetfolk.users.actions.taken_address import require_domain
from fleetfolk.users.models_signup import SignUpInto, SignUpMode
from fleetfolk.users.signing_up import Terms, terms_of


def require_terms(organization: Organization, email: str) -> Terms:
    """What holds there for somebody with this address. Refuses where nobody, or not this address, gets in."""
    limits.require_sign_up(organization.tenant_id)
    terms = terms_of(organization)
    if terms.mode is SignUpMode.OFF or organization.archived_at is not None:
        raise Refused("sign_up_off", organization=organization.name)
    if terms.mode is SignUpMode.DOMAINS and not (terms.domains and is_allowed_address(email, terms.domains)):
        raise Refused("address_domain", domains=", ".join(terms.domains))
    require_domain(email, organization)
    return terms


def require_role(terms: Terms) -> Role:
    """The role that is given. Refuses one that has become too strong for strangers since it was chosen."""
    if terms.role is None or (terms.into is SignUpInto.HERE and is_strong(held_anywhere(terms.role))):
        raise Refused("sign_up_role", name="" if terms.role is None else terms.role.name)
    return terms.role
