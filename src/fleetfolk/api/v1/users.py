"""People."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from fleetfolk.api.shell import API, actor_of
from fleetfolk.api.v1.lists import Answer, Asked, Key, Named, OneOf, Page, Tagged, named, page_of, require_place
from fleetfolk.users import directory
from fleetfolk.users.developers import UserType, type_of
from fleetfolk.users.listing import ListedUser, users_listed, with_types
from fleetfolk.users.models import Status
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.directory import listing_of
from fleetfolk.users.web.directory_state import SORTS, DirectoryState


class UsersAsked(Asked):
    """As the page *Users* is asked."""

    sort: Annotated[str, OneOf(SORTS)] = Field("last_sign_in", description="By what it is sorted.")
    status: list[Status] = Field([], description="Any of these.")
    role: list[Key] = Field([], description="Any of these roles, by their keys.")
    organization: list[Key] = Field([], description="Any of these organizations, by their keys.")
    location: list[Key] = Field([], description="Any of these locations, by their keys.")
    tag: list[Key] = Field([], description="Any of these tags, by their keys.")
    type: list[UserType] = Field([], description="Any of these types.")
    segment: list[Key] = Field([], description="All of these segments, by their keys.")
    scope: Annotated[str, OneOf(["", "here"])] = Field("", description="`here`: those of one's own organization alone.")


class UserOut(Answer):
    """A person as the list shows them."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["Bob Berg"])
    email: str = Field(examples=["bob@example.com"])
    phone: str = Field(description="E.164, or empty.", examples=["+4915112345678"])
    status: Status
    type: UserType
    role: Named
    organization: str = Field(examples=["Familie Berg"])
    location: str
    tags: list[Tagged]
    devices: int
    created_at: dt.datetime
    last_sign_in_at: dt.datetime | None


class PersonOut(Schema):
    """Everything that is known of a person."""

    id: int
    first_name: str
    last_name: str
    nickname: str
    name: str
    email: str
    phone: str
    language: str
    time_zone: str
    status: Status
    type: UserType
    role: Named
    organization: Named
    location: Named | None
    tags: list[Named]
    custom: dict[str, Any] = Field(description="Values of the organization's own fields, by their keys.")
    devices: int
    created_at: dt.datetime
    activated_at: dt.datetime | None
    disabled_at: dt.datetime | None
    deactivated_at: dt.datetime | None
    deletion_requested_at: dt.datetime | None
    last_sign_in_at: dt.datetime | None


@API.get("/users", response=Page[UserOut], tags=["Users"], operation_id="listUsers", summary="List people")
def list_users(request: HttpRequest, asked: Query[UsersAsked]) -> Any:
    """The people whom the holder of the key may see, filtered, sorted and paged as the page *Users* is."""
    state = DirectoryState.of(request.GET)
    require_place(state, directory.SORTS)
    actor = actor_of(request)
    found = users_listed(replace(listing_of(actor, state), size=asked.limit))
    return page_of(found, [_listed(person) for person in with_types(actor.tenant_id, found.rows)])


@API.get("/users/{user_id}", response=PersonOut, tags=["Users"], operation_id="getUser", summary="Look at a person")
def get_user(request: HttpRequest, user_id: Key) -> Any:
    """One person, where the holder of the key may see them."""
    person = user_detail(actor_of(request), user_id)
    plain = (
        *("first_name", "last_name", "nickname", "name", "email", "phone", "language", "time_zone", "status"),
        *("custom", "created_at", "activated_at", "disabled_at", "deactivated_at", "deletion_requested_at"),
        *("id", "last_sign_in_at"),
    )
    return {
        **{name: getattr(person, name) for name in plain},
        "type": type_of(person),
        "role": named(person.role),
        "organization": named(person.organization),
        "location": named(person.location),
        "tags": [named(one.tag) for one in person.user_tags.all()],
        "devices": person.device_count,
    }


def _listed(person: ListedUser) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "status": person.status,
        "type": person.type,
        "role": {"id": person.role_id, "name": person.role},
        "organization": person.organization,
        "location": person.location,
        "tags": [{"name": name, "colour": colour} for name, colour in person.tags],
        "devices": person.device_count,
        "created_at": person.created_at,
        "last_sign_in_at": person.last_sign_in_at,
    }
