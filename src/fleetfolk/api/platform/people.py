"""People: lists, one of them, invitations, roles and moves."""

import base64
from collections.abc import Sequence
from typing import Annotated, Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from pydantic import AfterValidator, Field

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.api.fields import Email, Name, Phone, Zone
from fleetfolk.api.platform.doors import WRONG, Given, Wrong, home_of, missing, route
from fleetfolk.api.platform.lists import (
    Paged,
    Searched,
    page_of,
    place_of,
    require_any,
    sorted_by,
    with_words,
)
from fleetfolk.api.platform.numbers import STATUSES, language_of, locale_of, milliseconds, number_of, role_of
from fleetfolk.api.platform.organizations import require_organization
from fleetfolk.api.shell import actor_of
from fleetfolk.api.v1.actions import performed, performed_together
from fleetfolk.api.v1.lists import Key, Text
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import Following, Step
from fleetfolk.organizations import limits
from fleetfolk.organizations.actions.create_organization import CreateOrganization, CreateOrganizationInput
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput
from fleetfolk.users.developers import could_develop
from fleetfolk.users.importing.names import split_name
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.queries import user_detail

CLIENTS: Final = "Clients"
NO_ROLE: Final = "Role is not found."
NO_TARGET: Final = "Target organization is not found."
SHOWN: Final = (State.ACTIVE, State.PENDING, State.DISABLED)
SORTS: Final = {
    "userid": "pk",
    "name": "name_key",
    "email": "email",
    "status": "state",
    "role": "role_key",
    "organizationname": "organization_key",
    "devicescount": "device_count",
    "country": "organization__country",
    "registeredat": "created_at",
    "phonenumber": "phone",
}
LINK_INSTEAD: Final = (
    "`passwordHash` is looked at and not kept: the person has a mail with a link and chooses a password themselves, "
    "so that nobody gets an account for an address that is somebody else's."
)
NOT_KEPT: Final = "`title` and `address` are not kept."


def _hash(text: str) -> str:
    try:
        long_enough = len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        long_enough = False
    if not long_enough:
        raise ValueError("not the Base64 of 32 bytes")
    return text


PasswordHash = Annotated[str, Field(max_length=64), AfterValidator(_hash)]
FullName = Annotated[Name, Field(min_length=1, max_length=50)]
Little = Annotated[Text, Field(max_length=50)]


class ListedPeople(Paged):
    """Of the key's organization alone, or also of those below."""

    include_sub_org_users: bool = False


class OnePerson(Given):
    """Who."""

    user_id: Key


class NewRole(OnePerson):
    """Who, and which role."""

    role_id: int


class Transfer(NewRole):
    """Who, where to, and as what."""

    target_org_id: Key


class ToRegister(Given):
    """An address."""

    email: Email
    locale: Little = ""


class ToInvite(ToRegister):
    """Whom, as what, and where."""

    name: FullName
    role_id: int
    org_id: Key | None = None


class ToCreate(Given):
    """Somebody with an organization of their own."""

    email: Email
    password_hash: PasswordHash
    name: FullName
    title: Little = ""
    nick_name: Annotated[Name, Field(max_length=40)] = ""
    phone_number: Phone = ""
    organization_name: Annotated[str, Field(min_length=3, max_length=80)] | None = None
    time_zone: Zone = ""


class ToCreateInside(Given):
    """Somebody in an organization."""

    email: Email
    password_hash: PasswordHash
    name: FullName
    org_id: Key
    role_id: int
    title: Little = ""
    nick_name: Annotated[Name, Field(max_length=40)] = ""
    phone_number: Phone = ""
    tz: Zone = ""


def shown(person: User) -> dict[str, Any]:
    """Somebody as scripts read them."""
    return {
        **_listed(person, not limits.is_limited(person.tenant_id, "developers")),
        "title": "",
        "nickName": person.nickname,
        "phoneNumber": person.phone,
        "tz": person.time_zone,
        "locale": locale_of(person.language),
        "status": STATUSES.get(person.status, "Suspended"),
        "lastModifiedTs": milliseconds(person.activated_at or person.created_at),
        "lastLoggedAt": milliseconds(person.last_sign_in_at),
        "registeredAt": milliseconds(person.created_at),
    }


def people_in(actor: Actor) -> QuerySet[User]:
    """Everybody whom the actor may see, with their roles."""
    require_any(actor, VIEW_USERS)
    people = User.objects.select_related("role").filter(state__in=SHOWN)
    return GATE.within_reach(people, actor=actor, permission=VIEW_USERS)


@route("GET", "users", ListedPeople, right="users.view")
def users(request: HttpRequest, given: ListedPeople) -> Any:
    """The people of the key's organization, with `includeSubOrgUsers` also of those below."""
    home = home_of(request)
    where = {"path__startswith": home.path} if given.include_sub_org_users else {"organization": home}
    return page_of(people_in(actor_of(request)).filter(**where).order_by("pk"), given, _all)


@route("GET", "search/users", Searched, right="users.view")
def search(request: HttpRequest, given: Searched) -> Any:
    """The people of whom every word is found, as the console's search finds them."""
    rows = with_words(people_in(actor_of(request)), given.query)
    return page_of(sorted_by(rows, given, SORTS), given, _all)


@route("GET", "user", OnePerson, right="users.view")
def user(request: HttpRequest, given: OnePerson) -> Any:
    """One person."""
    return shown(require_person(request, given.user_id))


@route(
    "POST",
    "users/create",
    ToCreate,
    right="users.invite, organizations.create",
    differs=f"{LINK_INSTEAD} They have the role User in an organization of their own: below the one called “{CLIENTS}” "
    "where there is one, else below the key's own. " + NOT_KEPT,
)
def create(request: HttpRequest, given: ToCreate) -> Any:
    """A client: an organization of their own, and a mail with a link. Nothing happens where the address is there."""
    home = home_of(request)
    data = _invitation(given, given.time_zone, _builtin(home, BuiltinRole.USER))
    _client(request, data, given.organization_name, nickname=given.nick_name)


@route(
    "POST",
    "users/register",
    ToRegister,
    right="users.invite, organizations.create",
    differs="As `users/create`, with the first part of the address for a name, which the person can change.",
)
def register(request: HttpRequest, given: ToRegister) -> Any:
    """A mail with a link; an organization of their own is there. Nothing happens where the address is there."""
    data = InviteUserInput(
        first_name=given.email.partition("@")[0][:60],
        last_name="",
        email=given.email,
        role_id=_builtin(home_of(request), BuiltinRole.USER).pk,
        language=language_of(given.locale),
    )
    _client(request, data, None)


@route(
    "POST",
    "users/create-in-org",
    ToCreateInside,
    right="users.invite, users.edit for `nickName`",
    differs=f"{LINK_INSTEAD} {NOT_KEPT}",
)
def create_inside(request: HttpRequest, given: ToCreateInside) -> Any:
    """Somebody is in the organization, with the role, and has a mail with a link."""
    place = place_of(request, given.org_id)
    data = _invitation(given, given.tz, _role(place, given.role_id))
    return 201, shown(_invited(request, place, data, nickname=given.nick_name))


@route("POST", "users/invite", ToInvite, right="users.invite")
def invite(request: HttpRequest, given: ToInvite) -> Any:
    """Somebody is invited into the organization, by mail."""
    place = place_of(request, given.org_id)
    first, last = split_name(given.name)
    data = InviteUserInput(
        first_name=first,
        last_name=last,
        email=given.email,
        role_id=_role(place, given.role_id).pk,
        language=language_of(given.locale),
    )
    return 201, shown(_invited(request, place, data))


@route(
    "PUT",
    "users/role",
    NewRole,
    right="users.edit",
    differs="1, 2 and 3 are Admin, Staff and User; any other role is 100 and its key. A strong role takes a key that "
    "may do sensitive acts.",
)
def assign_role(request: HttpRequest, given: NewRole) -> Any:
    """The person has the role."""
    person = require_person(request, given.user_id)
    role = _role(person.organization, given.role_id)
    performed(AssignRole, request, person.pk, AssignRoleInput(role_id=role.pk))
    return shown(require_person(request, person.pk))


@route(
    "POST",
    "users/transfer",
    Transfer,
    right="users.transfer",
    differs="Takes a key that may do sensitive acts. The target needs an Admin, who is told.",
)
def transfer(request: HttpRequest, given: Transfer) -> Any:
    """The person is in the target organization, with the role."""
    try:
        person = require_person(request, given.user_id)
    except Wrong:
        raise Wrong(400, f"User with identifier {given.user_id} is not found.") from None
    target = require_organization(request, given.target_org_id, NO_TARGET)
    role = role_of(target.tenant_id, given.role_id)
    if role is None:
        raise Wrong(400, WRONG)
    admins = GATE.within_reach(
        User.objects.filter(organization=target, role__builtin=BuiltinRole.ADMIN, is_active=True),
        actor=actor_of(request),
        permission=VIEW_USERS,
    )
    admin = admins.order_by("pk").first()
    if admin is None:
        raise Refused("transfer_admin")
    performed(TransferUser, request, person.pk, TransferUserInput(admin_email=admin.email, role_id=role.pk))
    return 201, shown(require_person(request, person.pk))


def require_person(request: HttpRequest, user_id: int) -> User:
    """Somebody whom the holder of the key may see."""
    try:
        return user_detail(actor_of(request), user_id)
    except TargetNotFound:
        raise missing(f"User with identifier {user_id} is not found or belong to another organization.") from None


def _listed(person: User, unlimited: bool) -> dict[str, Any]:
    """``unlimited``: whoever's role may build templates is a developer unless that was switched off."""
    develops = could_develop(person) and (unlimited if person.developer is None else person.developer)
    return {
        "id": person.pk,
        "name": person.name,
        "email": person.email,
        "roleId": number_of(person.role),
        "orgId": person.organization_id,
        "isDev": develops,
    }


def _all(people: Sequence[User]) -> list[dict[str, Any]]:
    unlimited = bool(people) and not limits.is_limited(people[0].tenant_id, "developers")
    return [_listed(person, unlimited) for person in people]


def _role(place: Organization, number: int) -> Role:
    role = role_of(place.tenant_id, number)
    if role is None:
        raise missing(NO_ROLE)
    return role


def _builtin(place: Organization, builtin: BuiltinRole) -> Role:
    return Role.objects.get(tenant_id=place.tenant_id, builtin=builtin)


def _invitation(given: ToCreate | ToCreateInside, zone: str, role: Role) -> InviteUserInput:
    first, last = split_name(given.name)
    return InviteUserInput(
        first_name=first,
        last_name=last,
        email=given.email,
        role_id=role.pk,
        phone=given.phone_number,
        time_zone=zone,
    )


def _invited(request: HttpRequest, place: Organization, data: InviteUserInput, *, nickname: str = "") -> User:
    steps: list[Step | Following] = [(InviteUser, place.pk, data), *_called(nickname, 0)]
    try:
        made = performed_together(request, steps)[0].target
    except Refused as refused:
        if refused.reason.startswith("email_in_"):
            raise Wrong(400, f"{data.email} is already in use") from None
        raise
    return User.objects.select_related("role").get(pk=made.pk)


def _called(nickname: str, invited: int) -> list[Step | Following]:
    """The step that gives the nickname to whom an earlier step invited."""
    if not nickname:
        return []
    return [lambda outcomes: (EditUser, outcomes[invited].target.pk, EditUserInput(nickname=nickname))]


def _client(request: HttpRequest, data: InviteUserInput, name: str | None, *, nickname: str = "") -> None:
    """Whoever has the address already stays as they are."""
    home = home_of(request)
    if people_in(actor_of(request)).filter(email=data.email).exists():
        return
    above = Organization.objects.filter(parent=home, name=CLIENTS, archived_at=None).first() or home
    made = CreateOrganizationInput(
        name=name or _free_name(above, f"{data.first_name} {data.last_name}".strip()),
        kind=OrganizationKind.CLIENT,
        time_zone=data.time_zone or home.time_zone,
    )
    performed_together(
        request,
        [
            (CreateOrganization, above.pk, made),
            lambda outcomes: (InviteUser, outcomes[0].target.pk, data),
            *_called(nickname, 1),
        ],
    )


def _free_name(above: Organization, name: str) -> str:
    """The name, with a number behind it where it is taken."""
    taken = set(Organization.objects.filter(parent=above, name__startswith=name[:70]).values_list("name", flat=True))
    names = (name if number == 1 else f"{name} {number}" for number in range(1, len(taken) + 2))
    return next(each for each in names if each not in taken)
