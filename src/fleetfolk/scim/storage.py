"""Where a directory reads and writes: people of its organization, and its own groups. Every change is an Action."""

from collections.abc import Sequence
from typing import Any, cast

from django.db.models import QuerySet
from scim2_models import (
    ConflictException,
    ForbiddenException,
    InvalidFilterException,
    InvalidValueException,
    MutabilityException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import ActionError, Denied, NotProved, Refused, TargetNotFound
from fleetfolk.kernel.perform import Following, Step, perform_together
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.scim import resources
from fleetfolk.scim.actions.create_group import GroupInput
from fleetfolk.scim.actions.delete_group import DeleteGroup
from fleetfolk.scim.actions.edit_group import EditGroup, EditGroupInput
from fleetfolk.scim.changes import (
    is_active,
    step_to_disable,
    step_to_remove,
    steps_of_roles,
    steps_to_change,
    steps_to_create,
    steps_to_create_group,
)
from fleetfolk.scim.filters import GroupFilter, PeopleFilter, condition_of
from fleetfolk.scim.models import Group, Member, ScimClient
from fleetfolk.scim.reading import person_said
from fleetfolk.scim.representing import groups_shown, people_shown
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import VIEW_USERS

_HIDDEN = (State.DEACTIVATED, State.DELETION_PENDING)
_TAKEN = frozenset({"email_in_organization", "scim_user_name_taken", "scim_external_id_taken", "scim_group_taken"})
_UNFIT = frozenset(
    {"scim_members", "scim_text", "name_missing", "address_domain", "address_suppressed", "scim_elsewhere"}
)


class Directory(ScimStorage):
    """What one directory may read and write, as one actor."""

    def __init__(self, client: ScimClient, actor: Actor) -> None:
        self.client, self.actor = client, actor

    # What is there

    def people(self) -> QuerySet[User]:
        """Who has their home in the directory's organization, as far as it may see; nobody of those below it."""
        home = User.objects.filter(tenant_id=self.client.tenant_id, organization=self.client.organization_id)
        return GATE.within_reach(home.exclude(state__in=_HIDDEN), actor=self.actor, permission=VIEW_USERS)

    def groups(self) -> QuerySet[Group]:
        """The directory's own groups."""
        rows = Group.objects.filter(tenant_id=self.client.tenant_id, client=self.client)
        return rows.select_related("role", "client__organization")

    def person(self, resource_id: str | None) -> User:
        """One of the people. Raises `NotFoundException`."""
        key = _key(resource_id)
        found = self.people().select_related("organization", "role").filter(pk=key).first()
        if found is None:
            raise NotFoundException(detail=f"There is no user {key}.")
        return found

    def group(self, resource_id: str | None) -> Group:
        """One of the groups. Raises `NotFoundException`."""
        key = _key(resource_id)
        found = self.groups().filter(pk=key).first()
        if found is None:
            raise NotFoundException(detail=f"There is no group {key}.")
        return found

    # What the library asks

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """One person or group. A group's people are not read where nobody asked for them."""
        if resource_type.name == "User":
            return people_shown(self.client, [self.person(resource_id)])[0]
        return self._groups_shown([self.group(resource_id)], members=_keeps_members(response_parameters))[0]

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """A page of people, or of groups, in the order in which they came."""
        first = max(search_request.start_index or 1, 1) - 1
        left = resources.MOST_FOUND if search_request.count is None else max(search_request.count, 0)
        total = 0
        page: list[Resource[Any]] = []
        for each in resource_types:
            rows = self._matching(each, search_request, alone=len(resource_types) == 1)
            here = rows.count()
            begin = max(first - total, 0)
            if left and begin < here:
                found = list(rows.order_by("pk")[begin : begin + left])
                page += self._shown(each, found, members=_keeps_members(search_request))
                left -= len(found)
            total += here
        return SearchPage(total, page)

    def _matching(self, kind: ResourceType, asked: SearchRequest[Any], *, alone: bool) -> QuerySet[Any]:
        """The people, or groups, whom a filter finds. Where both are searched, one that is of the others finds none."""
        rows: QuerySet[Any] = self.people() if kind.name == "User" else self.groups()
        if asked.filter is None:
            return rows
        visitor = PeopleFilter if kind.name == "User" else GroupFilter
        try:
            return rows.filter(condition_of(asked.filter.ast, visitor, self.client))
        except InvalidFilterException:
            if alone:
                raise
            return rows.none()

    def _shown(self, kind: ResourceType, rows: Sequence[Any], *, members: bool) -> Sequence[Resource[Any]]:
        return people_shown(self.client, rows) if kind.name == "User" else self._groups_shown(rows, members=members)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Somebody is invited or added, or a group is there with its people."""
        if resource_type.name == "User":
            said = person_said(cast("resources.User", resource), self.client.organization)
            made = self._perform(steps_to_create(self.client, said))[0].target
            return people_shown(self.client, [self.person(str(made.pk))])[0]
        group = cast("resources.Group", resource)
        data = GroupInput(name=group.display_name or "", external_id=group.external_id or "")
        made = self._perform(steps_to_create_group(self.client, data, come=self._keys(group)))[0].target
        return self._groups_shown([self.group(str(made.pk))], members=True)[0]

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """What differs is changed, all of it or nothing."""
        if resource_type.name == "User":
            person = self.person(resource.id)
            _require_version(people_shown(self.client, [person])[0], expected_version)
            self._change(person, cast("resources.User", resource))
            return people_shown(self.client, [self.person(resource.id)])[0]
        group = self.group(resource.id)
        before = self._groups_shown([group], members=True)[0]
        _require_version(before, expected_version)
        wanted, present = set(self._keys(cast("resources.Group", resource))), set(self._keys(before))
        after = cast("resources.Group", resource)
        data = GroupInput(name=after.display_name or "", external_id=after.external_id or "")
        self._put(group, data, come=sorted(wanted - present), go=sorted(present - wanted))
        return self._groups_shown([self.group(resource.id)], members=True)[0]

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Somebody is deactivated or deleted; a group is forgotten, and its people lose its role."""
        if resource_type.name == "User":
            self._perform([step_to_remove(self.client, self.person(resource_id))])
            return
        group = self.group(resource_id)
        go = list(Member.objects.filter(group=group).values_list("user_id", flat=True))
        # Its people leave first, so that what role they have follows from the groups that remain.
        data = EditGroupInput(name=group.name, external_id=group.external_id, go=go)
        steps: list[Step | Following] = [(EditGroup, group.pk, data)]
        steps += steps_of_roles(self.client, group, come=[], go=go)
        self._perform([*steps, (DeleteGroup, group.pk, NoInput())])

    def _change(self, person: User, wanted: resources.User) -> None:
        """Whoever is to be shut out is, also where something else of the same request is refused."""
        try:
            steps = steps_to_change(self.client, person, person_said(wanted, self.client.organization))
            if steps:
                self._perform(steps)
        finally:
            if wanted.active is False and is_active(person):
                self._perform([step_to_disable(person)])

    def _put(self, group: Group, data: GroupInput, *, come: Sequence[int], go: Sequence[int]) -> None:
        edited = EditGroupInput(name=data.name, external_id=data.external_id, come=come, go=go)
        self._perform([(EditGroup, group.pk, edited), *steps_of_roles(self.client, group, come=come, go=go)])

    def _groups_shown(self, groups: Sequence[Group], *, members: bool) -> list[resources.Group]:
        return groups_shown(groups, members=members, people=self.people())

    def _keys(self, group: resources.Group) -> list[int]:
        """Who is in a group. Raises `InvalidValueException` for what is no key; whose it is, is asked later."""
        try:
            return [_key(one.value) for one in group.members or []]
        except NotFoundException as error:
            raise InvalidValueException(detail="members: at least one is nobody of this organization.") from error

    def _perform(self, steps: Sequence[Step | Following]) -> list[Any]:
        try:
            return perform_together(steps, actor=self.actor)
        except ActionError as error:
            raise refusal_of(error) from error


def refusal_of(error: ActionError) -> SCIMException:
    """What a directory is told of an Action that did not happen."""
    sentence = str(sentence_for(error))
    match error:
        case TargetNotFound():
            return NotFoundException(detail=sentence)
        case Denied() | NotProved():
            return ForbiddenException(detail=sentence)
        case Refused() if error.reason in _TAKEN:
            return UniquenessException(detail=sentence)
        case Refused() if error.reason == "scim_address_stays":
            return MutabilityException(detail=sentence)
        case Refused() if error.reason in _UNFIT:
            return InvalidValueException(detail=sentence)
        case _:
            return ConflictException(detail=sentence)


def _require_version(present: Resource[Any], expected: str | None) -> None:
    """Whoever changed it a moment ago is not undone."""
    version = present.meta.version if present.meta else None
    if expected is not None and version != expected:
        raise PreconditionFailedException(detail="It was changed by somebody else at this moment. Ask again.")


def _keeps_members(asked: ResponseParameters[Any] | SearchRequest[Any] | None) -> bool:
    """Whether the answer says who is in a group."""
    if asked is None:
        return True
    left_out = {str(one).casefold().rpartition(":")[2] for one in asked.excluded_attributes or []}
    wanted = {str(one).casefold().rpartition(":")[2].partition(".")[0] for one in asked.attributes or []}
    return "members" not in left_out and (not wanted or "members" in wanted)


def _key(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFoundException(detail="There is no such resource.")
    return int(text)
