"""Organizations: the key's own and those below, their tags, automations and static tokens."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from pydantic import BeforeValidator, Field

from fleetfolk.access.gate import GATE
from fleetfolk.api.fields import Phone, Zone
from fleetfolk.api.platform.doors import NO_ORGANIZATION, WRONG, Given, Wrong, home_of, missing, route
from fleetfolk.api.platform.lists import (
    OfOrganization,
    Paged,
    Searched,
    Short,
    page_of,
    place_of,
    require_any,
    sorted_by,
)
from fleetfolk.api.platform.numbers import KINDS, milliseconds
from fleetfolk.api.shell import actor_of
from fleetfolk.api.v1.actions import performed, performed_together
from fleetfolk.api.v1.lists import Key
from fleetfolk.devices.models import Claim, Device
from fleetfolk.devices.permissions import MANAGE_STATIC_TOKENS, VIEW_AUTOMATIONS
from fleetfolk.kernel.perform import Following, Step
from fleetfolk.organizations.actions.create_organization import CreateOrganization, CreateOrganizationInput
from fleetfolk.organizations.actions.edit_organization import EditOrganization, EditOrganizationInput
from fleetfolk.organizations.models import Organization, OrganizationKind, Tag, UnitSystem
from fleetfolk.organizations.permissions import VIEW_ORGANIZATIONS
from fleetfolk.tree.actions import DeleteOrganization, DeleteOrganizationInput
from fleetfolk.users.models import User

NO_PARENT: Final = "Parent organization is not found or you don't have access to it."
COUNTED: Final = {"devicecount": Device, "usercount": User, "suborganizations": Organization}
SORTS: Final = {"organizationid": "pk", "name": "name", **dict.fromkeys(COUNTED, "counted")}


def _in_small_letters(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class ToCreate(Given):
    """An organization that is to be."""

    name: Annotated[str, Field(min_length=3, max_length=100)]
    type: str
    description: Annotated[str, Field(max_length=1000)] = ""
    tz: Zone = ""
    parent_id: Key | None = None
    phone_number: Phone = ""
    unit_system: Annotated[UnitSystem, BeforeValidator(_in_small_letters)] = UnitSystem.METRIC


class SearchedOrganizations(Searched):
    """Which organizations."""

    query: Short


class OfOrganizationPaged(OfOrganization, Paged):
    """A page of what an organization has."""


def shown(organization: Organization) -> dict[str, Any]:
    """An organization as scripts read it."""
    return {
        "id": organization.pk,
        "name": organization.name,
        "description": organization.description,
        "type": organization.kind.upper(),
        "parentOrganizationId": organization.parent_id,
        "isActive": organization.archived_at is None,
        "tz": organization.time_zone,
        "unitSystem": organization.unit_system.upper(),
        "phoneNumber": organization.phone,
        "address": {
            "fullAddress": organization.address,
            "country": organization.country,
            "city": "",
            "state": "",
            "zip": "",
        },
        "lastModifiedTs": milliseconds(organization.created_at),
    }


@route("GET", "profile", Given, right="")
def profile(request: HttpRequest, given: Given) -> Any:
    """The organization of the key."""
    return shown(home_of(request))


class OneOrganization(Given):
    """Which one."""

    org_id: Key


@route("GET", "", OneOrganization, right="organizations.view")
def organization(request: HttpRequest, given: OneOrganization) -> Any:
    """One organization: the key's own or one below it."""
    return shown(place_of(request, given.org_id))


@route("GET", "search", SearchedOrganizations, right="organizations.view")
def search(request: HttpRequest, given: SearchedOrganizations) -> Any:
    """The organizations in whose name every word is found."""
    actor = actor_of(request)
    require_any(actor, VIEW_ORGANIZATIONS)
    rows = GATE.within_reach(Organization.objects.all(), actor=actor, permission=VIEW_ORGANIZATIONS)
    words = given.query.split()
    for word in words:
        rows = rows.filter(name__icontains=word)
    wanted = "".join(letter for letter in given.sort_by.lower() if letter.isalpha())
    if wanted in COUNTED:
        rows = rows.annotate(counted=_number_of(wanted))
    return page_of(sorted_by(rows if words else rows.none(), given, SORTS), given, _all)


@route(
    "POST",
    "create",
    ToCreate,
    right="organizations.create",
    differs="`ROOT` is refused. Up to 80 characters of name and 500 of description are kept; more is refused.",
)
def create(request: HttpRequest, given: ToCreate) -> Any:
    """An organization is below the parent, or below the key's own where none is named."""
    parent = place_of(request, given.parent_id, sentence=NO_PARENT)
    kind = KINDS.get(given.type.upper())
    if kind is None or len(given.name) > 80 or len(given.description) > 500:
        raise Wrong(400, WRONG)
    if parent.kind == OrganizationKind.PERSONAL:
        kind = OrganizationKind.PERSONAL
    zone = given.tz or parent.time_zone
    steps: list[Step | Following] = [
        (CreateOrganization, parent.pk, CreateOrganizationInput(name=given.name, kind=kind, time_zone=zone))
    ]
    if given.description or given.phone_number or given.unit_system != UnitSystem.METRIC:
        edited = EditOrganizationInput(
            name=given.name,
            description=given.description,
            phone=given.phone_number,
            time_zone=zone,
            unit_system=given.unit_system,
        )
        steps.append(lambda outcomes: (EditOrganization, outcomes[0].target.pk, edited))
    made: Any = performed_together(request, steps)[-1].target
    return 201, shown(made)


@route(
    "DELETE",
    "",
    OfOrganization,
    right="organizations.delete",
    differs="Takes a key that may do sensitive acts. The organization must be empty.",
)
def delete(request: HttpRequest, given: OfOrganization) -> Any:
    """The organization is gone, where nobody and nothing is in it."""
    said = f"Organization with identifier {given.org_id} is not found or you don't have access to it."
    found = place_of(request, given.org_id, sentence=said)
    performed(DeleteOrganization, request, found.pk, DeleteOrganizationInput())


@route(
    "GET",
    "static-tokens",
    OfOrganizationPaged,
    right="devices.statictokens.edit",
    differs="Codes and tokens are kept as hashes: `token` and `deviceToken` show their last characters.",
)
def static_tokens(request: HttpRequest, given: OfOrganizationPaged) -> Any:
    """The static tokens that the organization issued, and who claimed them."""
    actor, place = actor_of(request), place_of(request, given.org_id)
    require_any(actor, MANAGE_STATIC_TOKENS)
    rows = GATE.within_reach(Claim.objects.select_related("device"), actor=actor, permission=MANAGE_STATIC_TOKENS)
    return page_of(rows.filter(organization=place).order_by("pk"), given, _claims)


@route("GET", "tags", OfOrganization, right="organizations.view")
def tags(request: HttpRequest, given: OfOrganization) -> Any:
    """The tags of the organization."""
    actor, place = actor_of(request), place_of(request, given.org_id)
    require_any(actor, VIEW_ORGANIZATIONS)
    rows = GATE.within_reach(Tag.objects.all(), actor=actor, permission=VIEW_ORGANIZATIONS)
    return [
        {"id": tag.pk, "name": tag.name, "ownerUserId": tag.created_by_id}
        for tag in rows.filter(organization=place).order_by("pk")
    ]


@route(
    "GET",
    "automations",
    OfOrganization,
    right="automations.view",
    differs="There are no automations here yet, so the list is empty.",
)
def automations(request: HttpRequest, given: OfOrganization) -> Any:
    """The automations of the organization."""
    place_of(request, given.org_id, sentence=NO_ORGANIZATION)
    require_any(actor_of(request), VIEW_AUTOMATIONS)
    return []


def require_organization(request: HttpRequest, organization_id: int, sentence: str) -> Organization:
    """An organization that must be named. Raises 404 in these words."""
    found = place_of(request, organization_id, sentence=sentence)
    if found.archived_at is not None:
        raise missing(sentence)
    return found


def _all(rows: Sequence[Organization]) -> list[dict[str, Any]]:
    return [shown(one) for one in rows]


def _claims(rows: Sequence[Claim]) -> list[dict[str, Any]]:
    return [
        {
            "token": f"…{claim.code_end}",
            "orgId": claim.organization_id,
            "productId": claim.device.template_id,
            "deviceToken": f"…{claim.device.token_end}",
            "createdAt": milliseconds(claim.created_at),
            "status": "UNCLAIMED" if claim.claimed_at is None else "CLAIMED",
            "ownerId": claim.claimed_by_id,
            "deviceId": claim.device_id,
            "claimedOrgId": None if claim.claimed_at is None else claim.device.organization_id,
        }
        for claim in rows
    ]


def _number_of(wanted: str) -> Any:
    """How many are right in an organization."""
    column = "parent_id" if wanted == "suborganizations" else "organization_id"
    rows: QuerySet[Any] = COUNTED[wanted]._default_manager.filter(**{column: OuterRef("pk")})
    counted = rows.order_by().values(column).annotate(how_many=Count("pk")).values("how_many")
    return Coalesce(Subquery(counted), 0) + 0 * F("pk")
