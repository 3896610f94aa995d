"""A tenant with devices in every state, for the scenes of devices: looked at by all of them, changed by none."""

import datetime as dt
import functools
import math
from dataclasses import dataclass
from typing import Any

from django.db import connection

from e2e.crowd import LONG, LONG_PLACE
from e2e.people import House, build_house
from e2e.templates import HEAT_PUMP, made
from fleetfolk.devices.actions.share_device import ShareDevice, ShareDeviceInput
from fleetfolk.devices.intake import Report, history, latest_of
from fleetfolk.devices.models import Device, Event, EventComment, Level, Reported, ShareLevel, StreamKind, Template
from fleetfolk.devices.template_files import TemplateFile
from fleetfolk.devices.template_parts import StreamFacts, TemplateFacts
from fleetfolk.devices.values import Stream, Value
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import (
    CreateField,
    CreateFieldInput,
    CreateLocation,
    CreateLocationInput,
    EditLocationWord,
    EditLocationWordInput,
)
from fleetfolk.organizations.models import FieldKind, Location, LocationWord, Organization
from fleetfolk.testing.cast import actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.users.actions.assign_location import AssignLocation, AssignLocationInput
from fleetfolk.users.models import User

LONG_DEVICE = "Wärmepumpenfernüberwachungsanlage Donaudampfschifffahrt Süd"
JAPANESE_DEVICE = "浴室の換気扇とヒートポンプ給湯器（二階・北側）"
LONG_SITE = "Betriebsgelände Wärmepumpenwerk, Halle Nordwest"
HOURS = 24
VAN = TemplateFile(
    facts=TemplateFacts(name="Service van", manufacturer="Lumen", model="VAN-3", icon="car", offline_after=300),
    datastreams=(
        StreamFacts(name="Place", pin=0, kind=StreamKind.LOCATION, keep_raw=True),
        StreamFacts(name="Speed", pin=1, kind=StreamKind.INTEGER, units="km/h", minimum=0, maximum=200),
        StreamFacts(name="Locked", pin=2, kind=StreamKind.BOOLEAN, writable=True),
    ),
    metadata=(),
    events=(),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fleet:
    """The tenant, which calls its locations job sites; Bob and Sue, its customers; and devices by what they show."""

    house: House
    bob: User
    sue: User
    template: Template
    pump: Device
    asleep: Device
    van: Device
    long: Device
    japanese: Device
    site: Location


@functools.cache
def fleet() -> Fleet:
    """Everything is there. Once for the whole run."""
    house = build_house("Lumen Flotte")
    heat, vans = made(house, HEAT_PUMP), made(house, VAN)
    bob, sue = house.customer("Bob Berg"), house.customer("Sue Süd")
    south = house.branch(LONG_PLACE)
    max_, yui = house.person(LONG, at=south), house.customer("結衣 佐藤")
    house.does(EditLocationWord, house.root.pk, EditLocationWordInput(word=LocationWord.SITE))
    site = _site(house, south, LONG_SITE, "Industriestraße 12, 85049 Ingolstadt", (48.76, 11.42))
    _site(house, house.root, "Hamburg", "Am Sandtorkai 7, 20457 Hamburg", (53.54, 9.99))
    _site(house, house.root, "Ohne Koordinaten", "", None)
    house.does(AssignLocation, max_.pk, AssignLocationInput(location_id=site.pk))
    home: dict[str, Any] = {"owner": bob, "template": heat, "firmware": "2.4.1", "place": (50.11, 8.68)}
    pump = _device(bob.organization, "Heat pump", serial="SN-4700", **home)
    asleep = _device(bob.organization, "Wärmepumpe im Gartenhaus", serial="SN-4701", **home)
    van = _device(bob.organization, "Van", owner=bob, template=vans, place=(50.2, 8.6))
    long = _device(
        south, LONG_DEVICE, owner=max_, template=heat, site=site, serial="SERIENNUMMER-2026-11-000000004711-DE-BY"
    )
    japanese = _device(yui.organization, JAPANESE_DEVICE, owner=yui, template=heat, place=(35.68, 139.69))
    sauna = _device(sue.organization, "Sauna", owner=sue, template=heat)
    _device(house.root, "Not connected yet", template=heat, activated_at=None)
    now = dt.datetime.now(dt.UTC)
    _device(house.root, "Returned", template=heat, deactivated_at=now - dt.timedelta(days=9))
    _device(house.root, "Thrown away", template=heat, deleted_at=now - dt.timedelta(days=2))
    for device in (pump, long, japanese, sauna):
        _said(device, {0: True, 1: 21.5, 2: 20.9, 3: 1204, 5: 1, 6: "Filter changed"}, at=now)
    _said(asleep, {0: False, 1: 18.0, 2: 12.4, 3: 87, 5: 0}, at=now - dt.timedelta(days=3), online=False)
    _said(van, {0: [8.68, 50.11], 1: 42, 2: True}, at=now)
    _history(pump, pin=2, now=now)
    for person, device, other, level in (
        (bob, pump, sue, ShareLevel.CONTROL),
        (bob, pump, max_, ShareLevel.VIEW),
        (sue, sauna, bob, ShareLevel.VIEW),
    ):
        perform(
            ShareDevice, actor=actor(person), target_id=device.pk, data=ShareDeviceInput(email=other.email, level=level)
        )
    field = CreateFieldInput(name="Vertrag", kind=FieldKind.CHOICE, choices=("Komfort", "Komfort Plus"), required=True)
    house.does(CreateField, house.root.pk, field)
    house.tagged(bob, vip := house.tag("VIP", 1))
    with staging():
        pump.device_tags.create(tenant_id=pump.tenant_id, tag=vip)
        pump.device_tags.create(tenant_id=pump.tenant_id, tag=house.tag("Wartung überfällig", 4))
    _events(pump, by=house.ada, now=now)
    return Fleet(
        house=house,
        bob=bob,
        sue=sue,
        template=heat,
        pump=pump,
        asleep=asleep,
        van=van,
        long=long,
        japanese=japanese,
        site=site,
    )


def _site(house: House, at: Organization, name: str, address: str, place: tuple[float, float] | None) -> Location:
    house.does(CreateLocation, at.pk, CreateLocationInput(name=name, address=address, place=place))
    return Location.objects.get(organization=at, name=name)


def _device(
    at: Organization,
    name: str,
    *,
    template: Template,
    owner: User | None = None,
    place: tuple[float, float] | None = None,
    site: Location | None = None,
    **columns: Any,
) -> Device:
    device, _token = device_of(at, name, owner=owner, template=template)
    latitude, longitude = place or (None, None)
    with staging():
        Device.objects.filter(pk=device.pk).update(latitude=latitude, longitude=longitude, location=site, **columns)
    return device


def _said(device: Device, values: dict[int, Value], *, at: dt.datetime, online: bool = True) -> None:
    """The device has reported these values by their pins; where it is online, it stays so for the whole run."""
    streams = {stream.pin: Stream.of(stream) for stream in device.template.datastreams.all()}
    moment = int(at.timestamp() * 1000)
    reports = [
        Report(device_id=device.pk, stream=streams[pin], value=value, at_ms=moment) for pin, value in values.items()
    ]
    latest = latest_of(reports)[device.pk]
    with staging():
        Reported.objects.filter(device=device).update(
            values={str(pin): value for pin, value in latest.values.items()},
            times={str(pin): time for pin, time in latest.times.items()},
            online=online,
            online_until=at + dt.timedelta(hours=6),
            reported_at=at,
            reported_minute=(at + dt.timedelta(hours=6) if online else at).replace(second=0, microsecond=0),
            protocol="https",
            address="203.0.113.7",
        )


def _history(device: Device, *, pin: int, now: dt.datetime) -> None:
    """A day of this datastream, a value every quarter of an hour."""
    stream = Stream.of(device.template.datastreams.get(pin=pin))
    quarters = (now - dt.timedelta(minutes=15 * step) for step in range(HOURS * 4, 0, -1))
    reports = [
        Report(
            device_id=device.pk,
            stream=stream,
            value=round(20.9 + 1.4 * math.sin(at.hour / 24 * 2 * math.pi), 2),
            at_ms=int(at.timestamp() * 1000),
        )
        for at in quarters
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT devices_ensure_month(%s)", [(now - dt.timedelta(hours=HOURS)).date()])
        for statement, parameters in history(reports):
            cursor.execute(statement, parameters)


def _events(device: Device, *, by: User, now: dt.datetime) -> None:
    about: dict[str, Any] = {"tenant_id": device.tenant_id, "device": device}
    with staging():
        Event.objects.create(
            code="leak",
            level=Level.CRITICAL,
            title="Leak",
            description="Water was found in the tray.",
            at=now - dt.timedelta(minutes=12),
            **about,
        )
        done = Event.objects.create(
            code="filter_dirty",
            level=Level.WARNING,
            title="Filter dirty",
            at=now - dt.timedelta(days=2),
            resolved_at=now - dt.timedelta(days=1),
            resolved_by_label=str(by),
            **about,
        )
        EventComment.objects.create(
            tenant_id=device.tenant_id,
            event=done,
            by_id=by.pk,
            by_label=str(by),
            text="Ersatzfilter bestellt, kommt am Donnerstag mit dem Wartungstechniker.",
            at=now - dt.timedelta(days=1, hours=3),
        )
        Event.objects.create(code="started", level=Level.INFO, title="Started", at=now - dt.timedelta(days=3), **about)
