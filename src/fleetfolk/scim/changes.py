"""What a directory wants of a person or group becomes steps: Actions that are all done, or none of them."""

from collections.abc import Sequence
from typing import Any

from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import Following, Step
from fleetfolk.scim.actions.assign_address import AddressInput, AssignAddress
from fleetfolk.scim.actions.assign_identity import AssignIdentity, IdentityInput
from fleetfolk.scim.actions.create_group import CreateGroup, GroupInput, role_called
from fleetfolk.scim.actions.create_scim_user import CreateScimUser
from fleetfolk.scim.actions.edit_group import EditGroup, EditGroupInput
from fleetfolk.scim.models import Group, Identity, Member, Removal, ScimClient
from fleetfolk.scim.reading import Said
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.deactivate_user import DeactivateUser
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_email import EditEmail, EmailInput
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.models import State, User


def steps_to_create(client: ScimClient, said: Said) -> list[Step | Following]:
    """Somebody is there, is known by the directory's names, and is disabled where they are not active there."""
    person = InviteUserInput(
        first_name=said.first_name,
        last_name=said.last_name,
        email=said.email,
        role_id=client.role_id,
        phone=said.phone,
        language=said.language,
    )
    steps: list[Step | Following] = [
        (InviteUser if client.invites and said.active else CreateScimUser, client.organization_id, person),
        _about_created(AssignIdentity, _identity(client, said)),
    ]
    if said.nickname:
        steps.append(_about_created(EditUser, EditUserInput(nickname=said.nickname)))
    if not said.active:
        steps.append(_about_created(DisableUser, ReasonInput()))
    return steps


def _about_created(action: type[Any], data: Any) -> Following:
    def step(outcomes: Sequence[Outcome[Any]]) -> Step:
        return action, outcomes[0].target.pk, data

    return step


def steps_to_change(client: ScimClient, person: User, said: Said) -> list[Step | Following]:
    """What differs is changed, what does not is left alone. Shutting out is a step of its own (`step_to_disable`)."""
    steps: list[Step | Following] = []
    identity = _identity(client, said)
    if said.email != person.email or _is_news(client, person, identity):
        steps.append((AssignIdentity, person.pk, identity))
    if said.email != person.email:
        steps.append(_address(client, person, said.email))
    columns = {"nickname": said.nickname, "phone": said.phone, "language": said.language}
    # A name is told in one way however it is kept (`representing`): only another one is a change.
    if (said.first_name, said.last_name) != _names(person):
        columns |= {"first_name": said.first_name, "last_name": said.last_name}
    edited: dict[str, Any] = {name: value for name, value in columns.items() if value != getattr(person, name)}
    if edited:
        steps.append((EditUser, person.pk, EditUserInput(**edited)))
    if said.active and not is_active(person):
        steps.append((EnableUser, person.pk, NoInput()))
        if client.invites and person.activated_at is None:
            steps.append((SendInvitation, person.pk, NoInput()))
    return steps


def step_to_disable(person: User) -> Step:
    """Somebody is shut out: a step of its own, which holds whatever else is refused."""
    return DisableUser, person.pk, ReasonInput()


def is_active(person: User) -> bool:
    """Whether the person is active to a directory: has an account, or may still make one."""
    return person.state in (State.ACTIVE, State.PENDING)


def _names(person: User) -> tuple[str, str]:
    return (person.first_name, person.last_name) if person.first_name else (person.last_name, "")


def _identity(client: ScimClient, said: Said) -> IdentityInput:
    return IdentityInput(
        client_id=client.pk,
        user_name=said.user_name,
        external_id=said.external_id,
        email=said.email,
        spelling=said.spelling,
    )


def _is_news(client: ScimClient, person: User, said: IdentityInput) -> bool:
    known = Identity.objects.filter(client=client, user=person).first()
    if known is not None:
        return (known.user_name, known.external_id, known.spelling) != (said.user_name, said.external_id, said.spelling)
    ours = {"phone": {"value": person.phone, "type": "work", "primary": True, "read": person.phone}}
    return (said.user_name, said.external_id) != (person.email, "") or said.spelling not in ({}, ours)


def _address(client: ScimClient, person: User, email: str) -> Step:
    """Whoever never signed in has it at once; whoever has an account confirms it by a mail that goes there."""
    if person.activated_at is None:
        return AssignAddress, person.pk, AddressInput(client_id=client.pk, email=email)
    return EditEmail, person.pk, EmailInput(email=email)


def step_to_remove(client: ScimClient, person: User) -> Step:
    """Somebody is gone, as the directory may do it."""
    if client.removal == Removal.DELETE:
        return DeleteUser, person.pk, DeleteUserInput()
    return DeactivateUser, person.pk, ReasonInput()


def steps_to_create_group(client: ScimClient, data: GroupInput, *, come: Sequence[int]) -> list[Step | Following]:
    """The group is there with its people, who have its role, where it has one."""
    steps: list[Step | Following] = [(CreateGroup, client.pk, data)]
    if come:
        steps.append(_about_created(EditGroup, EditGroupInput(name=data.name, external_id=data.external_id, come=come)))
        planned = Group(client=client, role=role_called(client, data.name))
        steps += steps_of_roles(client, planned, come=come, go=[])
    return steps


def steps_of_roles(client: ScimClient, group: Group, *, come: Sequence[int], go: Sequence[int]) -> list[Following]:
    """Whoever comes into a group with a role, or goes, has the role that now follows from all their groups."""
    if group.role_id is None:
        return []
    people = User.objects.filter(organization=client.organization_id, pk__in=[*come, *go]).order_by("pk")
    shown = people.exclude(state__in=(State.DEACTIVATED, State.DELETION_PENDING))
    roles = _roles(client, [person.pk for person in shown], besides=group.pk or 0)
    steps: list[Following] = []
    for person in shown:
        candidates = [*roles.get(person.pk, []), *([_ranked(group)] if person.pk in come else [])]
        wanted = min(candidates)[-1] if candidates else client.role_id
        if wanted != person.role_id:
            steps.append(_role_now(client, person.pk))
    return steps


def _role_now(client: ScimClient, person_id: int) -> Following:
    """Read when it is its turn: the directory's row is locked by then, and groups are as they will be."""

    def step(_outcomes: Sequence[Outcome[Any]]) -> Step:
        candidates = _roles(client, [person_id]).get(person_id, [])
        wanted = min(candidates)[-1] if candidates else client.role_id
        return AssignRole, person_id, AssignRoleInput(role_id=wanted)

    return step


type Ranked = tuple[int, str, int]
"""A role in the order of the page Roles, the first of which counts: its place, name and key."""


def _ranked(group: Group) -> Ranked:
    assert group.role is not None  # noqa: S101 - asked by whoever calls
    return group.role.position, group.role.name, group.role.pk


def _roles(client: ScimClient, people: Sequence[int], *, besides: int = 0) -> dict[int, list[Ranked]]:
    """The roles of the groups that each of them is in."""
    rows = Member.objects.filter(group__client=client, group__role__isnull=False, user__in=people)
    found: dict[int, list[Ranked]] = {}
    for one in rows.exclude(group=besides).select_related("group__role"):
        found.setdefault(one.user_id, []).append(_ranked(one.group))
    return found
