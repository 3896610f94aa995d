"""What became of the fleet before the demo begins: weeks of values, shares, silent, waiting and unclaimed devices.

All through Actions at their own time but the values, which are written as the gateway writes them.
"""

import datetime as dt
import math
import random
from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import Q

from fleetfolk.demo.fleet import FLEET, MADE_BY, near
from fleetfolk.devices.actions.activate_device import ActivateDevice
from fleetfolk.devices.actions.create_device import CreateDevice, CreateDeviceInput
from fleetfolk.devices.actions.deactivate_device import DeactivateDevice
from fleetfolk.devices.actions.edit_device import EditDevice, EditDeviceInput
from fleetfolk.devices.actions.share_device import ShareDevice, ShareDeviceInput
from fleetfolk.devices.actions.start_tokens import TOKENS, StartTokens, StartTokensInput
from fleetfolk.devices.intake import Report, columns, history
from fleetfolk.devices.models import Datastream, Device, Minute, Share, ShareLevel, StreamKind, Template
from fleetfolk.devices.tokens import Kept, new_token
from fleetfolk.devices.values import Stream
from fleetfolk.jobs.models import Job
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, Client, Proof
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import EditLocation, EditLocationInput
from fleetfolk.organizations.models import Location
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.models import State, User

OTHERS = 64
"""Devices besides the simulated ones, of other customers."""
UNCLAIMED = 16
WEEKS = 3
STEP = dt.timedelta(minutes=30)
REASONS = ("Bill unpaid", "Returned for repair", "Moved out")
COUNTERS = frozenset({"Energy", "Compressor starts"})
USUAL: dict[str, tuple[float, float]] = {
    "Target": (21, 0.6),
    "Room": (20.6, 1.1),
    "Temperature": (21, 1.4),
    "Consumption": (1250, 900),
    "Humidity": (46, 7),
    "Battery": (82, 9),
    "Power": (620, 420),
    "Voltage": (230, 2.4),
    "Speed": (35, 30),
    "Carbon dioxide": (720, 260),
}
"""By the name of a datastream: what it usually is, and how far it swings in a day."""
SITES = {
    "Augsburg": (48.37, 10.90),
    "Barcelona": (41.39, 2.17),
    "Bergen": (60.39, 5.32),
    "Bergheim": (50.96, 6.64),
    "Bordeaux": (44.84, -0.58),
    "Bremen": (53.08, 8.80),
    "Göteborg": (57.71, 11.97),
    "Hamburg": (53.55, 9.99),
    "København": (55.68, 12.57),
    "Köln": (50.94, 6.96),
    "Leeds": (53.80, -1.55),
    "Lisboa": (38.72, -9.14),
    "Lyon": (45.76, 4.84),
    "Madrid": (40.42, -3.70),
    "Malmö": (55.60, 13.00),
    "München": (48.14, 11.58),
    "Nürnberg": (49.45, 11.08),
    "Porto": (41.15, -8.61),
    "Poznań": (52.41, 16.93),
    "Reykjavík": (64.15, -21.94),
    "Rostock": (54.09, 12.14),
    "Umeå": (63.83, 20.26),
    "Utrecht": (52.09, 5.12),
    "Wrocław": (51.11, 17.04),
}


_LAST = """
UPDATE devices_reported reported
SET reported_at = said.at, reported_minute = date_trunc('minute', said.at), protocol = 'https'
FROM unnest(%s::bigint[], %s::timestamptz[]) AS said(device_id, at)
WHERE reported.device_id = said.device_id
"""


def tell_of_fleet(now: dt.datetime) -> None:
    """All of it has happened. Told again it changes nothing, interrupted it goes on; the order of tokens comes last."""
    maker = User.objects.get(email=MADE_BY)
    if Job.objects.filter(tenant_id=maker.tenant_id, kind=TOKENS).exists():
        return
    by, chance = _as(maker), random.Random(7)  # noqa: S311 - the same world each time
    _sites(by, maker, now=now)
    simulated = list(
        Device.objects.filter(tenant_id=maker.tenant_id, serial__startswith="LH26")
        .select_related("owner")
        .order_by("pk")
    )
    _homes(by, simulated, now=now)
    _history(simulated, now=now)
    _others(by, maker, chance, now=now)
    _shares(simulated, now=now)
    with connection.cursor() as cursor:  # Mails of weeks ago are no longer in the demo's mailbox.
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'mail' AND status = 'todo'")
    _order_tokens(by, maker, now=now)


def _as(person: User) -> Actor:
    return person.as_actor(Client.WEB, proof=Proof.GIVEN)


def _sites(by: Actor, maker: User, *, now: dt.datetime) -> None:
    """Job sites in known towns stand on the map."""
    for site in Location.objects.filter(tenant_id=maker.tenant_id, latitude=None).exclude(address="").order_by("pk"):
        place = next((place for town, place in SITES.items() if town in site.address), None)
        if place is not None:
            data = EditLocationInput(name=site.name, address=site.address, place=place)
            with clock.at(now - dt.timedelta(days=40)):
                perform(EditLocation, actor=by, target_id=site.pk, data=data)


def _homes(by: Actor, devices: list[Device], *, now: dt.datetime) -> None:
    """Who has a job site has their devices there."""
    for device in devices:
        if device.owner is not None and device.owner.location_id != device.location_id:
            with clock.at(now):
                data = EditDeviceInput(location_id=device.owner.location_id)
                perform(EditDevice, actor=by, target_id=device.pk, data=data)


def _history(devices: list[Device], *, now: dt.datetime) -> None:
    """Each of the simulated devices has reported for weeks, an average every half hour."""
    _months(now)
    streams: dict[int, list[Stream]] = {}
    for row in Datastream.objects.filter(template_id__in={device.template_id for device in devices}):
        if row.kind in (StreamKind.INTEGER, StreamKind.DOUBLE) and row.name not in COUNTERS:
            streams.setdefault(row.template_id, []).append(Stream.of(row))
    with connection.cursor() as cursor:
        for device in devices:
            if not Minute.objects.filter(device_id=device.pk).exists():
                for reports in batched(_reports(device, streams.get(device.template_id, []), now=now), 20_000):
                    for sql, params in history(reports):
                        cursor.execute(sql, params)


def _months(now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        for weeks in range(WEEKS + 1):
            cursor.execute("SELECT devices_ensure_month(%s)", [(now - dt.timedelta(weeks=weeks)).date()])


def _reports(device: Device, streams: list[Stream], *, now: dt.datetime) -> Iterator[Report]:
    chance = random.Random(device.pk)  # noqa: S311 - the same world each time
    steps = int(dt.timedelta(weeks=WEEKS) / STEP)
    for stream in streams:
        usual, swing = USUAL.get(stream.name, (_middle(stream), 5.0))
        shift = chance.uniform(-0.3, 0.3) * swing
        for step in range(steps, 0, -1):
            at = now - step * STEP
            day = math.sin((at.hour + at.minute / 60 - 9) / 24 * 2 * math.pi)
            value = usual + shift + 0.7 * swing * day + chance.gauss(0, 0.15) * swing
            least, most = stream.minimum, stream.maximum
            value = max(value, least) if least is not None else value
            value = min(value, most) if most is not None else value
            kept = int(value) if stream.kind == StreamKind.INTEGER else round(value, 2)
            yield Report(device_id=device.pk, stream=stream, value=kept, at_ms=int(at.timestamp() * 1000))


def _middle(stream: Stream) -> float:
    if stream.minimum is None or stream.maximum is None:
        return 10.0
    return (stream.minimum + stream.maximum) / 2


def _others(by: Actor, maker: User, chance: random.Random, *, now: dt.datetime) -> None:
    """Devices that nobody simulates: most fell silent some time ago, some never came, a few were cut off."""
    templates = {template.name: template for template in Template.objects.filter(tenant_id=maker.tenant_id)}
    owners = list(
        User.objects.filter(tenant_id=maker.tenant_id, state=State.ACTIVE, role__builtin="user", devices=None)
        .select_related("organization")
        .order_by("pk")[:OTHERS]
    )
    silent: list[tuple[int, dt.datetime]] = []
    for number, owner in enumerate(owners):
        serial = f"LH31{number * 41:05d}"
        if Device.objects.filter(tenant_id=maker.tenant_id, serial=serial).exists():
            continue
        since = max(owner.activated_at or now, now - dt.timedelta(days=60))
        kind, names = FLEET[chance.randrange(len(FLEET) - 1)]
        made = since + (now - since) * chance.uniform(0.1, 0.5)
        data = CreateDeviceInput(
            template_id=templates[kind].pk,
            name=chance.choice(names),
            token=Kept.of(new_token()),
            owner_email=owner.email,
            serial=serial,
        )
        with clock.at(made):
            key = perform(CreateDevice, actor=by, target_id=owner.organization_id, data=data).target.pk
            place = near(owner, chance)
            perform(
                EditDevice, actor=by, target_id=key, data=EditDeviceInput(place=place, location_id=owner.location_id)
            )
        if number % 8 == 7:
            continue  # It never connected.
        with clock.at(made + dt.timedelta(hours=2)):
            perform(ActivateDevice, actor=by, target_id=key, data=NoInput())
        silent.append((key, made + (now - made) * chance.uniform(0.3, 0.98)))
        if number % 16 == 3:
            with clock.at(silent[-1][1] + dt.timedelta(minutes=40)):
                reason = ReasonInput(reason=chance.choice(REASONS))
                perform(DeactivateDevice, actor=by, target_id=key, data=reason)
    _last_heard_of(silent)


def _last_heard_of(silent: list[tuple[int, dt.datetime]]) -> None:
    """When each was last heard of, as the gateway notes it."""
    if not silent:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LAST, columns(silent))


def _shares(devices: list[Device], *, now: dt.datetime) -> None:
    """Some owners share with others: to look, to control for a fortnight, to manage."""
    owned: list[Any] = [device for device in devices if device.owner is not None and device.owner.is_active]
    levels = (ShareLevel.VIEW, ShareLevel.CONTROL, ShareLevel.MANAGE)
    people = list(User.objects.filter(pk__in={device.owner_id for device in owned}).order_by("pk"))
    for number, device in enumerate(owned[:12]):
        friend = people[(people.index(device.owner) + 1 + number) % len(people)]
        if friend == device.owner or Share.objects.filter(device=device).exists():
            continue
        ends_at = now + dt.timedelta(days=14) if number % 3 == 1 else None
        data = ShareDeviceInput(email=friend.email, level=levels[number % 3], ends_at=ends_at)
        perform(ShareDevice, actor=_as(device.owner), target_id=device.pk, data=data)


def _order_tokens(by: Actor, maker: User, *, now: dt.datetime) -> None:
    """A batch of thermostats waits to be claimed; the worker makes it when it starts."""
    template = Template.objects.filter(tenant_id=maker.tenant_id).get(Q(name="Room thermostat"))
    data = StartTokensInput(template_id=template.pk, count=UNCLAIMED)
    with clock.at(now):
        perform(StartTokens, actor=by, target_id=maker.tenant_id, data=data)
