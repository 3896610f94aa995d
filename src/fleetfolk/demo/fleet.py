"""The demo world's fleet: templates, and forty devices of its people, each with a simulated inside.

Made through Actions once the story is told. The tokens go into a file that only the simulator reads.
"""

import json
import random
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.conf import settings

from fleetfolk.demo.hardware import FILE
from fleetfolk.devices import template_files
from fleetfolk.devices.actions.create_device import CreateDevice, CreateDeviceInput
from fleetfolk.devices.actions.edit_device import EditDevice, EditDeviceInput
from fleetfolk.devices.actions.import_template import ImportTemplate, ImportTemplateInput
from fleetfolk.devices.actions.rotate_token import RotateToken, RotateTokenInput
from fleetfolk.devices.models import Datastream, Device, Template
from fleetfolk.devices.tokens import Kept, new_token
from fleetfolk.kernel.actor import Actor, Client, Proof
from fleetfolk.kernel.perform import perform
from fleetfolk.users.models import User

TEMPLATES = Path(__file__).with_name("templates.json")
DEVICES = 40
OTHER_OWNERS = 24
MADE_BY = "ada@lumenhome.example"
FIRST_OWNER = "a.oberhuber@weissenberg.example"
FLEET = (
    ("Heat pump", ("Heat pump", "Heating", "Cellar heat pump")),
    ("Room thermostat", ("Living room", "Bedroom", "Office", "Kitchen")),
    ("Power meter", ("Main meter", "Garage meter")),
    ("Ventilation", ("Ventilation", "Bathroom fan")),
    ("Service van", ("Van", "Van 2")),
)
CITIES = {
    "BR": (-23.55, -46.63),
    "CN": (31.23, 121.47),
    "DE": (50.11, 8.68),
    "DK": (55.68, 12.57),
    "ES": (40.42, -3.70),
    "FR": (48.86, 2.35),
    "GB": (51.51, -0.13),
    "GR": (37.98, 23.73),
    "IL": (32.09, 34.78),
    "IN": (19.08, 72.88),
    "IS": (64.15, -21.94),
    "IT": (45.46, 9.19),
    "JP": (35.68, 139.69),
    "KR": (37.57, 126.98),
    "NG": (6.52, 3.38),
    "NL": (52.37, 4.90),
    "NO": (59.91, 10.75),
    "PL": (52.23, 21.01),
    "PT": (38.72, -9.14),
    "SE": (59.33, 18.07),
    "TR": (41.01, 28.98),
    "UA": (50.45, 30.52),
    "US": (40.71, -74.01),
    "VN": (10.82, 106.63),
}
ELSEWHERE = (50.85, 4.35)


def near(owner: User, chance: random.Random) -> tuple[float, float]:
    """Somewhere in the largest town of the owner's country, a few kilometres inland or along the coast at most."""
    latitude, longitude = CITIES.get(owner.organization.country, ELSEWHERE)
    return round(latitude + chance.uniform(-0.08, 0.08), 5), round(longitude + chance.uniform(-0.12, 0.12), 5)


def build_fleet() -> None:
    """The templates and devices are there, and the simulator's file says what is in each.

    Where the file is gone, or was never written because the build was interrupted, each device gets a new token.
    """
    maker = User.objects.select_related("tenant").get(email=MADE_BY)
    by = maker.as_actor(Client.WEB, proof=Proof.GIVEN)
    file = Path(settings.FLEETFOLK_DATA) / FILE
    if file.exists() and Device.objects.filter(tenant_id=maker.tenant_id).exists():
        return
    templates = {template.name: template for template in _templates(by, maker)}
    chance = random.Random(40)  # noqa: S311 - the same world each time
    records = [_device(by, owner, templates, number, chance) for number, owner in enumerate(_owners(maker))]
    file.touch(mode=0o600)
    file.write_text(json.dumps(records), encoding="utf-8")


def _templates(by: Actor, maker: User) -> Iterator[Template]:
    for record in json.loads(TEMPLATES.read_text(encoding="utf-8")):
        name = record["template"]["name"]
        if not Template.objects.filter(tenant_id=maker.tenant_id, name=name).exists():
            data = ImportTemplateInput(file=template_files.read(json.dumps(record)))
            perform(ImportTemplate, actor=by, target_id=maker.tenant_id, data=data)
        yield Template.objects.get(tenant_id=maker.tenant_id, name=name)


def _owners(maker: User) -> list[User]:
    """The first sign-in's customer has four devices, others one or two each."""
    people = User.objects.select_related("organization").filter(tenant_id=maker.tenant_id, is_active=True)
    first = list(people.filter(email=FIRST_OWNER))
    others = people.filter(role__builtin="user", last_sign_in_at__isnull=False).exclude(email=FIRST_OWNER)
    return list(islice(cycle([*first * 4, *list(others.order_by("pk")[:OTHER_OWNERS]) * 2]), DEVICES))


def _device(
    by: Actor, owner: User, templates: dict[str, Template], number: int, chance: random.Random
) -> dict[str, Any]:
    """One device of the person, where they live; what the simulator must know of it."""
    kind, names = FLEET[number % len(FLEET)]
    template, token = templates[kind], new_token()
    serial = f"LH{2600000 + number * 37}"
    made = Device.objects.filter(tenant_id=by.tenant_id, serial=serial).first()
    if made is not None:
        device_id = made.pk
        perform(RotateToken, actor=by, target_id=device_id, data=RotateTokenInput(token=Kept.of(token)))
    else:
        data = CreateDeviceInput(
            template_id=template.pk,
            name=names[number // len(FLEET) % len(names)],
            token=Kept.of(token),
            owner_email=owner.email,
            serial=serial,
        )
        device_id = perform(CreateDevice, actor=by, target_id=owner.organization_id, data=data).target.pk
    place = near(owner, chance)
    perform(EditDevice, actor=by, target_id=device_id, data=EditDeviceInput(place=place))
    parts = [_part(stream) for stream in Datastream.objects.filter(template=template).order_by("pin")]
    events = list(template.event_kinds.values_list("code", flat=True))
    return {"token": token, "place": (place[1], place[0]), "parts": parts, "events": events}


def _part(stream: Datastream) -> dict[str, Any]:
    return {
        "pin": stream.pin,
        "kind": stream.kind,
        "units": stream.units,
        "minimum": stream.minimum,
        "maximum": stream.maximum,
        "writable": stream.writable,
        "choices": [choice["value"] for choice in stream.choices],
        "default": stream.default_value,
    }
