"""Let somebody in who has signed up and confirmed their address."""

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.kernel import clock, parts
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.actions import CreateOrganization, CreateOrganizationInput
from fleetfolk.organizations.archived import require_open
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.accept_registration import require_no_account
from fleetfolk.users.actions.invite_user import risk_of_role
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.sign_up_terms import require_role, require_terms
from fleetfolk.users.actions.taken_address import address_taken, refused_when_taken
from fleetfolk.users.mail import notify, spoken
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import Registration, SignUpInto
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.signing_up import Terms, another_name, name_for, terms_of

TRIES = 5
"""So many names are tried for an organization where the first is taken."""


class GrantRegistration(Action[Registration, NoInput]):
    """There is an account with the password that the person has chosen, in their own organization or in this one.

    An organization that is made for them has an entry of its own.
    """

    code = "user.registration.grant"
    label = _("Let in who signed up")
    said = _("let %(target)s in, who had signed up")
    permission = INVITE_USERS
    target_model = "users.Registration"
    input_type = NoInput

    def risk_of(self, *, target: Registration, data: NoInput) -> Risk:
        """Who lets somebody into a strong role shows first that it is them."""
        role = terms_of(target.organization).role
        return Risk.ORDINARY if role is None else risk_of_role(target.tenant_id, role.pk)

    def check(self, *, actor: Actor, target: Registration, data: NoInput) -> None:
        """Refuses who has not confirmed or is in already, and more than the plan allows."""
        if not target.is_waiting:
            raise Refused("sign_up_not_waiting")
        terms = require_terms(target.organization, target.email)
        if terms.approve and actor.kind is ActorKind.SYSTEM:
            raise Refused("sign_up_needs_approval")
        role = require_role(terms)
        GATE.require_giveable(actor, INVITE_USERS, target.organization, role.pk)
        require_open(target.organization)
        require_no_account(target.email)
        limits.require(target.tenant_id, "users")
        if terms.into is SignUpInto.OWN:
            parts.gate().require(CreateOrganization, actor=actor, target=target.organization)
        elif User.objects.filter(organization=target.organization, email=target.email).exists():
            raise address_taken(target.email, target.organization)

    def apply(self, *, actor: Actor, target: Registration, data: NoInput) -> Outcome[User]:  # type: ignore[override]
        """Creates the organization, where one is to be made, and the account."""
        terms = terms_of(target.organization)
        own = terms.into is SignUpInto.OWN
        home = _organization_for(target, terms, by=actor) if own else target.organization
        user = _account(target, home, require_role(terms))
        target.user, target.password = user, ""
        target.save(update_fields=["user", "password"])
        if actor.kind is not ActorKind.SYSTEM:
            notify(user, "sign_up_granted", organization=home.name)
        facts: dict[str, str | bool] = {
            "email": user.email,
            "role": user.role.name,
            "organization": home.name,
            "own": own,
        }
        return Outcome(target=user, facts=facts)


def _account(registration: Registration, home: Organization, role: Role) -> User:
    now = clock.now()
    user = User(
        tenant_id=home.tenant_id,
        organization=home,
        role=role,
        first_name=registration.first_name,
        last_name=registration.last_name,
        email=registration.email,
        password=registration.password,
        language=registration.language,
        time_zone=registration.time_zone,
        created_at=now,
        activated_at=now,
    )
    with refused_when_taken(user.email, home):
        user.save(force_insert=True)
    return User.objects.select_related(*User.comes_with).get(pk=user.pk)


def _organization_for(registration: Registration, terms: Terms, *, by: Actor) -> Organization:
    """A new organization with the person's name, below the one at which they signed up, with its own entry."""
    place = registration.organization
    # Two of one name at the same moment take one name after the other.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('users.sign_up', %s))", [place.pk])
    with spoken(registration.language):
        wanted = name_for(
            terms.pattern, first=registration.first_name, last=registration.last_name, name=registration.name
        )
    name = wanted
    for _each in range(TRIES):
        data = CreateOrganizationInput(name=name, kind=terms.kind, time_zone=registration.time_zone or place.time_zone)
        try:
            CreateOrganization().check(actor=by, target=place, data=data)
            with transaction.atomic():
                made = CreateOrganization().apply(actor=by, target=place, data=data)
        except Refused as refusal:
            if refusal.reason != "organization_name_taken":
                raise
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
        else:
            parts.log().write_set(CreateOrganization, actor=by, outcomes=[made])
            return made.target
        name = another_name(wanted)
    raise Refused("organization_name_taken", name=name)
