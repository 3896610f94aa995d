"""Random worlds, in the database and in the oracle's words: trees, roles of any permissions, people in every state."""

import dataclasses
import datetime as dt
import itertools
import random
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership, PartnerMode, Partnership
from fleetfolk.access.models_switches import RoleSwitches
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import HOLD_OF, Device, Share, ShareLevel, Template
from fleetfolk.kernel.permissions import role_permissions
from fleetfolk.organizations.models import Location, Organization, OrganizationKind, Tag
from fleetfolk.testing import oracle
from fleetfolk.users.models import User

NOW = dt.datetime.now(dt.UTC)
ENDS = (None, NOW + dt.timedelta(days=1), NOW - dt.timedelta(seconds=1))
"""Ends of shares: none, to come, and over."""
STARTS = (NOW - dt.timedelta(seconds=1), NOW - dt.timedelta(seconds=1), NOW + dt.timedelta(days=1))
SEES = frozenset({"devices.view", "devices.reports.read", "devices.timeline.view"})
LET_IN = {PartnerMode.VIEW: SEES, PartnerMode.CONTROL: SEES | {"devices.control"}}
"""What a client lets its partner do, as the page says it."""
STATES: tuple[dict[str, dt.datetime | None], ...] = (
    {"activated_at": NOW},
    {"activated_at": NOW, "disabled_at": None},
    {"activated_at": NOW, "deactivated_at": None},
    {"activated_at": None},
    {"activated_at": NOW, "disabled_at": NOW},
    {"activated_at": NOW, "deletion_requested_at": NOW},
    {"activated_at": NOW, "deactivated_at": NOW},
)


@dataclass(kw_only=True)
class World:
    """One tenant: rows and, by the same keys, what the oracle calls them."""

    places: dict[int, oracle.Place] = field(default_factory=dict)
    sheets: dict[int, oracle.Sheet] = field(default_factory=dict)
    people: dict[int, oracle.Person] = field(default_factory=dict)
    things: dict[type[Any], dict[int, oracle.Thing]] = field(default_factory=dict)
    devices: dict[int, oracle.Device] = field(default_factory=dict)
    rows: dict[type[Any], list[Any]] = field(default_factory=dict)

    def targets(self, model: type[Any]) -> dict[int, Any]:
        """The oracle's words for the rows of a model."""
        known: dict[type[Any], dict[int, Any]] = {
            Organization: self.places,
            Role: self.sheets,
            User: self.people,
            Device: self.devices,
            **self.things,
        }
        return known[model]


def build_worlds(number: int, *, seed: int) -> list[World]:
    """So many tenants are in the database, a level at a time for all of them at once."""
    chance = random.Random(seed)
    codes = [permission.code for permission in role_permissions()]
    worlds = [World() for _ in range(number)]
    organizations = _trees(chance, worlds)
    roles = [
        Role(tenant_id=_root(world).id, name=f"Role {n}", permissions=_some(chance, codes), position=n)
        for world in worlds
        for n in range(chance.randint(1, 4))
    ]
    Role.objects.bulk_create(roles)
    for world in worlds:
        world.rows[Role] = []
    by_root = {_root(world).id: world for world in worlds}
    for role in roles:
        world = by_root[role.tenant_id]
        world.rows[Role].append(role)
        world.sheets[role.pk] = oracle.Sheet(id=role.pk, tenant=_root(world), permissions=frozenset(role.permissions))
    _switches(chance, worlds)
    _plan_anew()
    _people(chance, worlds, organizations)
    _plan_anew()
    _partners(chance, worlds)
    _guests(chance, worlds)
    for model in (Location, Tag, Entry):
        _things(chance, worlds, organizations, model)
    _devices(chance, worlds, organizations)
    _counted()
    return worlds


def _plan_anew() -> None:
    """What this connection planned while its tables had a few rows would read all of them for each new one."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _counted() -> None:
    """The database knows how many rows there are, as its caretaker tells it wherever it runs by itself."""
    models = (Organization, Role, RoleSwitches, User, Membership, Partnership, Location, Tag, Entry, Device, Share)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")


def _root(world: World) -> oracle.Place:
    return next(place for place in world.places.values() if place.parent is None)


def _some(chance: random.Random, codes: list[str]) -> list[str]:
    """Few, many, or all of the permissions: nested sets are as frequent as sets that only overlap."""
    return sorted(chance.sample(codes, chance.choice((0, 3, len(codes) // 2, len(codes) - 5, len(codes)))))


def _switches(chance: random.Random, worlds: list[World]) -> None:
    """Places where roles hold something else than above, often one such place below another."""
    made: list[RoleSwitches] = []
    codes = [permission.code for permission in role_permissions()]
    for world in worlds:
        for role in world.rows[Role]:
            for key in chance.sample(sorted(world.places), min(len(world.places), chance.choice((0, 0, 1, 2, 3)))):
                held = _some(chance, codes)
                made.append(RoleSwitches(tenant_id=role.tenant_id, organization_id=key, role=role, permissions=held))
                world.sheets[role.pk].over[key] = frozenset(held)
    RoleSwitches.objects.bulk_create(made, batch_size=2000)
    fresh = Role.objects.in_bulk([role.pk for world in worlds for role in world.rows[Role]])
    for world in worlds:
        world.rows[Role] = [fresh[role.pk] for role in world.rows[Role]]


def _trees(chance: random.Random, worlds: list[World]) -> dict[int, Organization]:
    every: dict[int, Organization] = {}
    level: list[tuple[World, Organization | None]] = [(world, None) for world in worlds]
    for depth in range(4):
        made = [
            Organization(
                name=f"{n} at {depth}",
                kind=OrganizationKind.ROOT if parent is None else OrganizationKind.BRANCH,
                parent=parent,
                tenant_id=0,
            )
            for n, (_world, parent) in enumerate(level)
        ]
        Organization.objects.bulk_create(made)
        fresh = Organization.objects.in_bulk([one.pk for one in made])
        every |= fresh
        below: list[tuple[World, Organization | None]] = []
        for (world, parent), one in zip(level, made, strict=True):
            world.places[one.pk] = oracle.Place(id=one.pk, parent=None if parent is None else world.places[parent.pk])
            world.rows.setdefault(Organization, []).append(fresh[one.pk])
            below += [(world, fresh[one.pk])] * chance.choice((0, 1, 2) if depth else (1, 2, 3))
        level = below
    return every


def _people(chance: random.Random, worlds: list[World], organizations: dict[int, Organization]) -> None:
    made: list[User] = []
    for world in worlds:
        homes, roles = list(world.places), world.rows[Role]
        for _ in range(chance.randint(3, 8)):
            home, role = organizations[chance.choice(homes)], chance.choice(roles)
            made.append(
                User(
                    tenant_id=home.tenant_id,
                    organization=home,
                    role=role,
                    first_name="A",
                    last_name="B",
                    email=f"p{len(made)}@world.example",
                    **chance.choice(STATES),
                )
            )
    User.objects.bulk_create(made, batch_size=2000)
    fresh = User.objects.select_related("organization", "role").in_bulk([one.pk for one in made])
    by_root = {_root(world).id: world for world in worlds}
    for person in fresh.values():
        world = by_root[person.tenant_id]
        world.rows.setdefault(User, []).append(person)
        world.people[person.pk] = oracle.Person(
            id=person.pk,
            home=world.places[person.organization_id],
            sheet=world.sheets[person.role_id],
            is_in=person.activated_at is not None
            and person.disabled_at is person.deletion_requested_at is person.deactivated_at is None,
        )


def _guests(chance: random.Random, worlds: list[World]) -> None:
    """Guests of any role and at any stage."""
    guests: list[Membership] = []
    for world in worlds:
        places = sorted(world.places)
        for person in world.rows[User]:
            for key in chance.sample(places, min(len(places), chance.choice((0, 0, 1, 2)))):
                accepted = chance.random() < 0.8
                role, ends_at = chance.choice(world.rows[Role]), chance.choice(ENDS)
                guests.append(
                    Membership(
                        tenant_id=person.tenant_id,
                        organization_id=key,
                        user_id=person.pk if accepted else None,
                        email=person.email,
                        role=role,
                        ends_at=ends_at,
                        accepted_at=NOW if accepted else None,
                        invited_by_id=0,
                        invited_by_label="World",
                    )
                )
                if accepted and (ends_at is None or ends_at > NOW):
                    known = world.people[person.pk]
                    more = (*known.guest, (world.places[key], world.sheets[role.pk]))
                    world.people[person.pk] = dataclasses.replace(known, guest=more)
    Membership.objects.bulk_create(guests, batch_size=2000)
    people = User.objects.select_related("organization", "role")
    fresh = people.in_bulk([person.pk for world in worlds for person in world.rows[User]])
    for world in worlds:
        world.rows[User] = [fresh[person.pk] for person in world.rows[User]]


def _partners(chance: random.Random, worlds: list[World]) -> None:
    """Partners that are, were or will be let in."""
    partners: list[Partnership] = []
    for world in worlds:
        places = sorted(world.places)
        for client, partner in itertools.islice(zip(places, chance.sample(places, len(places)), strict=True), 2):
            if client == partner:
                continue
            mode, starts_at, ends_at = chance.choice(list(PartnerMode)), chance.choice(STARTS), chance.choice(ENDS)
            partners.append(
                Partnership(
                    tenant_id=_root(world).id,
                    client_id=client,
                    partner_id=partner,
                    mode=mode,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    created_by_id=0,
                    created_by_label="World",
                )
            )
            if starts_at <= NOW and (ends_at is None or ends_at > NOW):
                for key, known in world.people.items():
                    if known.home.id == partner:
                        let_in = (*known.let_in, (world.places[client], LET_IN[mode]))
                        world.people[key] = dataclasses.replace(known, let_in=let_in)
    Partnership.objects.bulk_create(partners, batch_size=2000)


def _things(
    chance: random.Random, worlds: list[World], organizations: dict[int, Organization], model: type[Any]
) -> None:
    made: list[tuple[World, Organization, Any]] = []
    for world in worlds:
        world.rows[model], world.things[model] = [], {}
        for key in chance.sample(sorted(world.places), min(3, len(world.places))):
            organization = organizations[key]
            values: dict[str, Any] = {"tenant_id": organization.tenant_id}
            if model is Entry:
                values |= {
                    "code": "user.edit",
                    "result": "done",
                    "client": "web",
                    "actor_kind": "user",
                    "actor_id": "1",
                }
                values |= {"path": organization.path, "organization_id": organization.pk, "at": NOW}
            else:
                values |= {"organization": organization, "name": "Thing"}
            made.append((world, organization, model(**values)))
    model.objects.bulk_create([one for _world, _organization, one in made])
    for world, organization, one in made:
        world.rows[model].append(one)
        world.things[model][one.pk] = oracle.Thing(id=one.pk, place=world.places[organization.pk])


def _devices(chance: random.Random, worlds: list[World], organizations: dict[int, Organization]) -> None:
    """Devices anywhere, owned by anybody or nobody, and shared with some at every level, until now, later or never."""
    templates = [
        Template(tenant_id=_root(world).id, name="Model", public_id=f"TMPL{_root(world).id}") for world in worlds
    ]
    Template.objects.bulk_create(templates)
    made: list[tuple[World, Device]] = []
    for world, template in zip(worlds, templates, strict=True):
        people = [None, None, *world.people]
        world.rows[Device] = []
        for key in chance.choices(sorted(world.places), k=chance.randint(1, 4)):
            device = Device(
                tenant_id=template.tenant_id,
                organization=organizations[key],
                template=template,
                owner_id=chance.choice(people),
                name="Device",
                deleted_at=chance.choice((None, None, NOW)),
            )
            made.append((world, device))
    Device.objects.bulk_create([device for _world, device in made], batch_size=2000)
    shares: list[Share] = []
    for world, device in made:
        live: dict[int, int] = {}
        for person in chance.sample(sorted(world.people), min(2, len(world.people))):
            level, ends_at = chance.choice(list(ShareLevel)), chance.choice(ENDS)
            shares.append(
                Share(
                    tenant_id=device.tenant_id,
                    device=device,
                    user_id=person,
                    level=level,
                    ends_at=ends_at,
                    created_by_id=0,
                    created_by_label="World",
                )
            )
            if ends_at is None or ends_at > NOW:
                live[person] = HOLD_OF[level].value
        place = world.places[device.organization_id]
        world.devices[device.pk] = oracle.Device(id=device.pk, place=place, owner=device.owner_id, shares=live)
    Share.objects.bulk_create(shares, batch_size=2000)
    fresh = Device.objects.in_bulk([device.pk for _world, device in made])
    for world, device in made:
        world.rows[Device].append(fresh[device.pk])
