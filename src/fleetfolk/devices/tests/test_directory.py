"""Searching and paging devices, against a slow, obvious answer: every sort, direction, reach, filter and word."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from fleetfolk.console.directory import limits as machinery
from fleetfolk.console.directory.asked import Key, Page
from fleetfolk.devices import directory
from fleetfolk.devices.directory import SORTS, Listing
from fleetfolk.devices.models import Device, DeviceTag, Reported, Template
from fleetfolk.devices.models.reports import NEVER
from fleetfolk.organizations.models import Location, Organization, OrganizationKind, Tag
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User

NAMES = ("Cellar", "Boiler 2", "Küche", "Kitchen", "佐藤家", "Heat pump", "cellar", "Ölofen", "A/B test")
TYPED = (
    *("", "cel", "küche", "KUCHE", "heat pump", "佐藤", "sn 12", "sn-12", "4711", "3f", "nord", "cleo", "berlin"),
    *("roof", "%", "_", "zzz", "1.2", "1.10.0", "sn12", "boiler nord", "a/b", "bet", "beta cel"),
)
LIMITS = {"as they are": (500, 3000, 400, 0.1, 1000), "small": (7, 20, 40, 0.1, 50), "tiny": (3, 9, 10, 0.9, 5)}


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    tenant_id: int
    branches: Sequence[str]
    keys: dict[str, list[int]]


@pytest.fixture
def world(cast: Cast) -> World:
    """Some hundred devices of two tenants; many share what they are sorted by."""
    chance = random.Random(5)
    now = datetime.now(UTC)
    with staging():
        lumen, evil = cast.lumen, cast.evil
        below = Organization(parent=cast.north, name="Nord Depot", kind=OrganizationKind.BRANCH)
        below.save(force_insert=True)
        below.refresh_from_db()
        homes = [lumen, cast.north, below]
        templates = [
            Template.objects.create(tenant=lumen, public_id=f"TMPL{number}", name=name)
            for number, name in enumerate(("Heat pump", "Thermostat", "Valve"))
        ]
        foreign = Template.objects.create(tenant=evil, public_id="TMPLx", name="Heat pump")
        places = [Location.objects.create(tenant=lumen, organization=lumen, name=name) for name in ("Berlin", "Köln")]
        tags = [Tag.objects.create(tenant=lumen, organization=lumen, name=name) for name in ("beta", "roof")]
        owners = [None, None, *User.objects.filter(tenant=lumen).order_by("pk")[:3]]
        devices = [
            Device(
                tenant=lumen if number % 9 else evil,
                organization=chance.choice(homes) if number % 9 else evil,
                template=chance.choice(templates) if number % 9 else foreign,
                owner=chance.choice(owners) if number % 9 else None,
                location=chance.choice([None, *places]) if number % 9 else None,
                name=chance.choice(NAMES),
                serial=chance.choice(["", f"SN-12{number}", "4711"]),
                firmware=chance.choice(["", "1.2.0", "1.10.0"]),
                token_end=chance.choice(["3f9a", "ab12"]),
                metadata=chance.choice([{}, {"1": "roof west"}, {"1": 4711, "2": True}]),
                activated_at=chance.choice([None, now - timedelta(days=chance.randrange(3))]),
                deactivated_at=chance.choice([None] * 6 + [now]),
                deleted_at=chance.choice([None] * 6 + [now]),
                latitude=(latitude := chance.choice([None, 50.1])),
                longitude=None if latitude is None else 8.6,
                created_at=now - timedelta(days=chance.randrange(5)),
            )
            for number in range(400)
        ]
        Device.objects.bulk_create(devices)
        Reported.objects.bulk_create(
            Reported(
                device=device,
                tenant_id=device.tenant_id,
                online=chance.random() < 0.3,
                reported_minute=chance.choice([NEVER, now - timedelta(minutes=chance.randrange(4))]),
            )
            for device in devices
        )
        DeviceTag.objects.bulk_create(
            DeviceTag(tenant=lumen, device=device, tag=tag)
            for device in devices
            for every, tag in enumerate(tags, 3)
            if device.tenant_id == lumen.pk and device.pk % every == 0
        )
        # Names change after the devices were written: the copies must follow.
        Template.objects.filter(pk=templates[2].pk).update(name="Ventil")
        Location.objects.filter(pk=places[1].pk).update(name="Bern")
        Organization.objects.filter(pk=below.pk).update(name="Süd Depot")
        User.objects.filter(pk=cast.cleo.pk).update(first_name="Clea")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE devices_device; ANALYZE devices_reported")
    return World(
        tenant_id=lumen.pk,
        branches=(cast.north.path, below.path),
        keys={
            "template_ids": [one.pk for one in templates],
            "organization_ids": [one.pk for one in homes],
            "location_ids": [one.pk for one in places],
            "tag_ids": [one.pk for one in tags],
        },
    )


def expected(listing: Listing) -> list[Key]:
    """Every matching key in order: matched, sorted and cut in Python."""
    columns = [f"d.{name}".replace("d.coalesce(", "coalesce(d.") for name, _ in SORTS[listing.sort]]
    columns = [name.replace("d.reported_minute", "r.reported_minute") for name in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)}, d.id, d.tenant_id, o.path, d.template_id, d.organization_id, d.location_id,"  # noqa: S608
            " d.state, r.online, d.latitude, ARRAY(SELECT tag_id FROM devices_devicetag x WHERE x.device_id = d.id),"
            " ' ' || concat_ws(' ', fold(d.name), nullif(fold(d.serial), ''), nullif(fold(d.firmware), ''),"
            " replace(fold(d.serial), ' ', ''), replace(fold(d.firmware), ' ', ''), nullif(fold(d.token_end), ''),"
            " (SELECT nullif(string_agg(fold(value), ' ' ORDER BY key), '') FROM jsonb_each_text(d.metadata)),"
            " fold(t.name), nullif(u.name_key, ''), nullif(fold(l.name), ''), fold(o.name)),"
            " ARRAY(SELECT ' ' || fold(tag.name) FROM devices_devicetag x"
            " JOIN organizations_tag tag ON tag.id = x.tag_id WHERE x.device_id = d.id)"
            " FROM devices_device d JOIN organizations_organization o ON o.id = d.organization_id"
            " JOIN devices_template t ON t.id = d.template_id JOIN devices_reported r ON r.device_id = d.id"
            " LEFT JOIN users_user u ON u.id = d.owner_id LEFT JOIN organizations_location l ON l.id = d.location_id"
        )
        rows = cursor.fetchall()
    width = len(SORTS[listing.sort]) + 1
    words = [word for token in listing.typed.split() if (word := folded(token))]
    found = [row[:width] for row in rows if fits(listing, row[width:], words)]
    return sorted(found, key=in_order, reverse=listing.descending)


def folded(token: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold(%s)", (token,))
        ((word,),) = cursor.fetchall()
    digits = word.replace(" ", "")
    return str(digits if digits.isdecimal() else word)


def in_order(key: Key) -> tuple[Any, ...]:
    return tuple(part.encode() if isinstance(part, str) else part for part in key)


def fits(listing: Listing, device: Sequence[Any], words: Sequence[str]) -> bool:
    tenant, path, template, organization, location, state, online, latitude, tags, text, named = device
    texts = [text, *named]
    status = {2: "waiting", 3: "deactivated", 4: "deleted"}.get(state) or ("online" if online else "offline")
    chosen = (
        (listing.template_ids, [template]),
        (listing.organization_ids, [organization]),
        (listing.location_ids, [location]),
        (listing.tag_ids, tags),
    )
    return (
        tenant == listing.tenant_id
        and (listing.branches is None or any(path.startswith(branch) for branch in listing.branches))
        and (listing.homes is None or organization in listing.homes)
        and all(not wanted or set(wanted) & set(there) for wanted, there in chosen)
        and (status in listing.statuses if listing.statuses else status != "deleted")
        and not (listing.located and latitude is None)
        and all(
            any((word if len(word.split(" ", maxsplit=1)[0]) > 2 else f" {word}") in text for text in texts)
            for word in words
        )
    )


def listings(world: World, chance: random.Random) -> list[Listing]:
    scopes: list[dict[str, Any]] = [{}, {"branches": (world.branches[0],)}, {"branches": (world.branches[1],)}]
    scopes += [{"branches": ()}, {"homes": tuple(world.keys["organization_ids"][1:])}, {"homes": ()}]
    filters: list[dict[str, Any]] = [{}, {}, {"located": True}, {"statuses": ("online",)}, {"statuses": ("offline",)}]
    filters += [{"statuses": ("waiting", "online")}, {"statuses": ("deleted", "deactivated")}]
    filters += [{name: tuple(chance.sample(keys, 2))} for name, keys in world.keys.items()]
    every = [
        Listing(tenant_id=world.tenant_id, sort=sort, descending=falling, size=size, typed=typed, **scope, **only)
        for sort in SORTS
        for falling in (False, True)
        for size in (5, 16, 100)
        for typed in chance.sample(TYPED, 4)
        for scope in chance.sample(scopes, 2)
        for only in chance.sample(filters, 3)
    ]
    return chance.sample(every, 80)


@pytest.mark.parametrize("limits", LIMITS)
def test_pages_there_and_back_are_the_slow_answers(world: World, monkeypatch: pytest.MonkeyPatch, limits: str) -> None:
    for name, value in zip(("WALK", "WALK_ON", "SAMPLE", "DENSE", "COUNT_CAP"), LIMITS[limits], strict=True):
        monkeypatch.setattr(machinery, name, value)
    for listing in listings(world, random.Random(limits)):
        check(listing)


def check(listing: Listing) -> None:
    """All pages there and back again, and the count, are exactly the slow answer's."""
    everything = expected(listing)
    with connection.cursor() as cursor:
        number, capped = directory.count(cursor, listing)
        assert number == min(len(everything), machinery.COUNT_CAP), listing
        assert capped == (len(everything) > machinery.COUNT_CAP), listing
        pages: list[Page] = []
        at, after = 0, None
        while len(pages) < 6:
            got = directory.page(cursor, replace(listing, after=after))
            assert list(got.keys) == everything[at : at + listing.size], (listing, got.route)
            assert got.has_next == (at + listing.size < len(everything)), listing
            pages.append(got)
            at += listing.size
            if not got.has_next:
                break
            after = got.keys[-1]
        for later, earlier in itertools.pairwise(reversed(pages)):
            back = directory.page(cursor, replace(listing, after=later.keys[0], backward=True))
            assert back.keys == earlier.keys, (listing, back.route)
