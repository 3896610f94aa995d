"""Organizations, their roles, tags, locations and templates."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Query, Schema

from fleetfolk.access.gate import GATE
from fleetfolk.access.models_switches import held_at
from fleetfolk.access.queries import roles_held
from fleetfolk.api.shell import API, actor_of
from fleetfolk.api.v1.lists import (
    Answer,
    Asked,
    Few,
    Key,
    Named,
    OneOf,
    Page,
    Slice,
    named,
    page_of,
    require_place,
    require_somewhere,
    slice_of,
)
from fleetfolk.devices.models import Datastream, Template
from fleetfolk.devices.permissions import VIEW_TEMPLATES
from fleetfolk.devices.template_queries import templates_seen
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Location, Tag
from fleetfolk.organizations.permissions import VIEW_LOCATIONS, VIEW_ORGANIZATIONS
from fleetfolk.tree import directory
from fleetfolk.tree.listing import ListedOrganization, numbers_of, organizations_listed
from fleetfolk.tree.queries import organization_seen
from fleetfolk.tree.web.pages import listing_of
from fleetfolk.tree.web.state import KINDS, PARTS, SORTS, TreeState


class OrganizationsAsked(Asked):
    """As the page *Organizations* is asked, without branches that open."""

    sort: Annotated[str, OneOf(SORTS)] = Field("name", description="By what it is sorted.")
    kind: list[Annotated[str, OneOf(KINDS)]] = Field([], description="Any of these types.")
    part: Annotated[str, OneOf(["", *PARTS])] = Field("", description="One part of them.")


class OrganizationOut(Answer):
    """An organization with its numbers, each counted up to 1,000."""

    id: int
    name: str
    kind: str
    path: str = Field(description="The keys from the root down to it.", examples=["1.7."])
    above: list[str] = Field(description="The names of those above it, from the root down.")
    users: int
    devices: int
    below: int
    created_at: dt.datetime
    archived_at: dt.datetime | None


class RolesAsked(Schema):
    """Where the roles are asked about."""

    organization: Key | None = Field(
        None, description="What each holds there, where switches differ from the tenant's own."
    )


class RoleOut(Schema):
    """A role with what it may do."""

    id: int
    name: str
    builtin: str = Field(description="Which of the built-in ones it is, or empty.")
    permissions: list[str] = Field(description="What it holds in the whole tenant, or in the organization asked about.")
    people: int | None = Field(description="How many have it, counted up to 1,000; None for who may not see people.")


class TagOut(Schema):
    """A tag and whose it is."""

    id: int
    name: str
    colour: int
    organization: Named


class LocationOut(Schema):
    """A location and whose it is."""

    id: int
    name: str
    address: str
    latitude: float | None
    longitude: float | None
    organization: Named


class StreamOut(Schema):
    """A datastream of a template."""

    id: int
    pin: int
    name: str
    alias: str
    kind: str
    units: str
    minimum: float | None
    maximum: float | None
    writable: bool


class TemplateOut(Schema):
    """A template."""

    id: int
    public_id: str
    name: str
    manufacturer: str
    model: str
    hardware: str
    connection: str
    description: str
    version: int
    archived_at: dt.datetime | None


class OneTemplateOut(TemplateOut):
    """A template with its datastreams."""

    datastreams: list[StreamOut]


@API.get(
    "/organizations",
    response=Page[OrganizationOut],
    tags=["Organizations"],
    operation_id="listOrganizations",
    summary="List organizations",
)
def list_organizations(request: HttpRequest, asked: Query[OrganizationsAsked]) -> Any:
    """The organizations that the holder of the key may see: their own and those below."""
    state = TreeState.of(request.GET)
    if "sort" not in request.GET:
        state = replace(state, sort="name", descending=asked.dir == "desc")
    require_place(state, directory.SORTS)
    listing = replace(listing_of(actor_of(request), state), shown_below=None, size=asked.limit)
    found = organizations_listed(listing)
    return page_of(found, [_organization(one) for one in found.rows])


@API.get(
    "/organizations/{organization_id}",
    response=OrganizationOut,
    tags=["Organizations"],
    operation_id="getOrganization",
    summary="Look at an organization",
)
def get_organization(request: HttpRequest, organization_id: Key) -> Any:
    """One organization, where the holder of the key may see it."""
    return _organization(numbers_of(organization_seen(actor_of(request), organization_id)))


@API.get("/roles", response=list[RoleOut], tags=["Roles"], operation_id="listRoles", summary="List roles")
def list_roles(request: HttpRequest, asked: Query[RolesAsked]) -> Any:
    """Every role of the tenant, the strongest first."""
    actor = actor_of(request)
    place = None if asked.organization is None else organization_seen(actor, asked.organization)
    return [
        {
            "id": one.role.pk,
            "name": one.role.name,
            "builtin": one.role.builtin,
            "permissions": sorted(one.role.permissions if place is None else held_at(one.role, place.path)),
            "people": one.people,
        }
        for one in roles_held(actor)
    ]


@API.get("/tags", response=Slice[TagOut], tags=["Organizations"], operation_id="listTags", summary="List tags")
def list_tags(request: HttpRequest, asked: Query[Few]) -> Any:
    """The tags of the organizations that the holder of the key may see."""
    tags = _seen(request, Tag.objects.select_related("organization"), VIEW_ORGANIZATIONS)
    rows, following = slice_of(tags, asked)
    items = [
        {"id": tag.pk, "name": tag.name, "colour": tag.colour, "organization": named(tag.organization)} for tag in rows
    ]
    return {"items": items, "next": following}


@API.get(
    "/locations",
    response=Slice[LocationOut],
    tags=["Organizations"],
    operation_id="listLocations",
    summary="List locations",
)
def list_locations(request: HttpRequest, asked: Query[Few]) -> Any:
    """The locations that the holder of the key may see."""
    places = _seen(request, Location.objects.select_related("organization"), VIEW_LOCATIONS)
    rows, following = slice_of(places, asked)
    plain = ("id", "name", "address", "latitude", "longitude")
    items = [
        {**{name: getattr(place, name) for name in plain}, "organization": named(place.organization)} for place in rows
    ]
    return {"items": items, "next": following}


@API.get(
    "/templates",
    response=Slice[TemplateOut],
    tags=["Templates"],
    operation_id="listTemplates",
    summary="List templates",
)
def list_templates(request: HttpRequest, asked: Query[Few]) -> Any:
    """The templates that the holder of the key may see."""
    actor = actor_of(request)
    require_somewhere(actor, VIEW_TEMPLATES)
    rows, following = slice_of(templates_seen(actor), asked)
    return {"items": rows, "next": following}


@API.get(
    "/templates/{template_id}",
    response=OneTemplateOut,
    tags=["Templates"],
    operation_id="getTemplate",
    summary="Look at a template",
)
def get_template(request: HttpRequest, template_id: Key) -> Any:
    """One template with its datastreams."""
    template: Template | None = templates_seen(actor_of(request)).filter(pk=template_id).first()
    if template is None:
        raise TargetNotFound
    plain = TemplateOut.model_fields
    return {
        **{name: getattr(template, name) for name in plain},
        "datastreams": list(Datastream.objects.filter(template=template).order_by("pin")),
    }


def _seen(request: HttpRequest, rows: QuerySet[Any], permission: Permission) -> QuerySet[Any]:
    actor = actor_of(request)
    require_somewhere(actor, permission)
    return GATE.within_reach(rows, actor=actor, permission=permission)


def _organization(one: ListedOrganization) -> dict[str, Any]:
    plain = ("id", "name", "kind", "path", "created_at", "archived_at")
    return {
        **{name: getattr(one, name) for name in plain},
        "above": list(one.above),
        "users": one.users.count,
        "devices": one.devices.count,
        "below": one.below.count,
    }
