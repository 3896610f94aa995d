"""The cast: a tenant with two branches, a customer below one of them, and a stranger in a tenant of her own.

    Lumen Home            Ada (Admin), Dana (Auditor: sees, changes nothing), Abe (Admin)
      North               Finn (Admin), Cleo (Staff)
        Familie Berg      Bob (User), Bea (Admin)
      South               Sam (Admin), Sue (User)
    Evil Corp             Eve (Admin)

Everybody is made through Actions and has the password `PASSWORD`.
"""

from dataclasses import dataclass, replace
from typing import Any

from fleetfolk.access.actions import CreateTenant, CreateTenantInput
from fleetfolk.access.models import Role
from fleetfolk.kernel.actor import Actor, Client, Proof, system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import CreateOrganization, CreateOrganizationInput
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.accept_invitation import AcceptInvitation, AcceptInvitationInput
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.rotate_invitation import RotateInvitation, RotateInvitationInput
from fleetfolk.users.models import Invitation, User
from fleetfolk.users.secret import new_secret, secret_hash

PASSWORD = "correct horse battery"
PEOPLE = ("Ada", "Abe", "Dana", "Finn", "Cleo", "Bob", "Bea", "Sam", "Sue", "Eve")
PLACES = {"lumen": "Lumen Home", "north": "North", "south": "South", "berg": "Familie Berg", "evil": "Evil Corp"}
SEES_ONLY = [
    *("actionlog.view", "devices.own.view", "devices.view", "locations.view", "organizations.view", "roles.view"),
    *("messages.view", "segments.view", "templates.view", "users.view"),
    *("developer.tokens.view", "organizations.partners.view", "scim.view", "users.guests.view"),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """Who plays in the tests, and where they live."""

    lumen: Organization
    north: Organization
    south: Organization
    berg: Organization
    evil: Organization
    ada: User
    abe: User
    dana: User
    finn: User
    cleo: User
    bob: User
    bea: User
    sam: User
    sue: User
    eve: User

    def role(self, builtin: str, tenant: Organization | None = None) -> Role:
        """The built-in role of Lumen Home, or of another tenant."""
        return Role.objects.get(tenant=tenant or self.lumen, builtin=builtin)


def actor(user: User, client: Client = Client.WEB) -> Actor:
    """The person, acting, who has just shown that it is them."""
    return replace(user.as_actor(client, proof=Proof.GIVEN), request_id="test-request", address="192.0.2.1")


def create_tenant(name: str) -> Organization:
    """A new tenant with its default roles."""
    perform(
        CreateTenant,
        actor=system_actor("setup", tenant_id=1),
        target_id=1,
        data=CreateTenantInput(name=name, country="DE", time_zone="Europe/Berlin"),
    )
    return Organization.objects.get(parent=None, name=name)


def create_organization(parent: Organization, name: str, *, by: User) -> Organization:
    """A new organization below another."""
    return perform(
        CreateOrganization,
        actor=actor(by),
        target_id=parent.pk,
        data=CreateOrganizationInput(name=name, kind=OrganizationKind.BRANCH, time_zone="Europe/Berlin"),
    ).target


def invite(organization: Organization, name: str, role: Role, *, by: User | None = None, email: str = "") -> User:
    """A pending person: the name is “First Last”."""
    first, _, last = name.partition(" ")
    invited_by = actor(by) if by else system_actor("setup", tenant_id=organization.tenant_id)
    user: User = perform(
        InviteUser,
        actor=invited_by,
        target_id=organization.pk,
        data=InviteUserInput(
            first_name=first, last_name=last, email=email or f"{first.lower()}@lumenhome.example", role_id=role.pk
        ),
    ).target  # type: ignore[assignment]
    return fresh(user)


def accept(user: User, password: str = PASSWORD) -> User:
    """The pending person has accepted and can sign in."""
    secret = new_secret()
    perform(
        RotateInvitation,
        actor=system_actor("mailer", tenant_id=user.tenant_id),
        target_id=Invitation.objects.get(user=user).pk,
        data=RotateInvitationInput(secret_hash=secret_hash(secret)),
    )
    perform(
        AcceptInvitation,
        actor=actor(user),
        target_id=user.pk,
        data=AcceptInvitationInput(secret_hash=secret_hash(secret), password=password),
    )
    return fresh(user)


def fresh(user: User) -> User:
    """The person as the database has them now, with organization and role at hand."""
    return User.objects.select_related("organization", "role", "tenant").get(pk=user.pk)


def build_cast() -> Cast:
    """Everybody is there."""
    lumen = create_tenant("Lumen Home")
    admin, staff, plain = (Role.objects.get(tenant=lumen, builtin=key) for key in ("admin", "staff", "user"))
    with staging():
        auditor = Role.objects.create(tenant=lumen, name="Auditor", permissions=SEES_ONLY)
    ada = accept(invite(lumen, "Ada Lindqvist", admin))
    north = create_organization(lumen, "North", by=ada)
    south = create_organization(lumen, "South", by=ada)
    berg = create_organization(north, "Familie Berg", by=ada)
    evil = create_tenant("Evil Corp")
    invite_and_accept = (
        (lumen, "Abe Abel", admin),
        (lumen, "Dana Auditor", auditor),
        (north, "Finn North", admin),
        (north, "Cleo Staff", staff),
        (berg, "Bob Berg", plain),
        (berg, "Bea Berg", admin),
        (south, "Sam South", admin),
        (south, "Sue South", plain),
    )
    for organization, name, role in invite_and_accept:
        accept(invite(organization, name, role, by=ada))
    accept(invite(evil, "Eve Evil", Role.objects.get(tenant=evil, builtin="admin"), email="eve@evil.example"))
    return find_cast()


def find_cast() -> Cast:
    """The cast as it is in the database now."""
    people = {
        user.email.partition("@")[0]: user
        for user in User.objects.select_related("organization", "role", "tenant").filter(first_name__in=PEOPLE)
    }
    tenants = Organization.objects.filter(parent=None, name__in=(PLACES["lumen"], PLACES["evil"]))
    found = Organization.objects.filter(tenant__in=tenants, name__in=PLACES.values())
    keys = {name: key for key, name in PLACES.items()}
    members: dict[str, Any] = {**{keys[place.name]: place for place in found}, **people}
    return Cast(**members)
