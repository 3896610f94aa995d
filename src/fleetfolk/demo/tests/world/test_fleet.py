"""The demo's fleet, and what is inside its simulated devices."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.demo.fleet import DEVICES, build_fleet
from fleetfolk.demo.hardware import FILE, Hardware, read
from fleetfolk.demo.models import World
from fleetfolk.devices.models import Device
from fleetfolk.devices.tokens import secret_hash

HEAT_PUMP = {
    "token": "t" * 32,
    "place": None,
    "parts": [
        {"pin": 0, "kind": "boolean", "writable": True},
        {"pin": 1, "kind": "double", "units": "°C", "minimum": 5, "maximum": 30, "writable": True, "default": 21},
        {"pin": 2, "kind": "double", "units": "°C", "minimum": -20, "maximum": 45},
        {"pin": 3, "kind": "double", "units": "W", "minimum": 0, "maximum": 3500},
        {"pin": 4, "kind": "integer", "minimum": 0, "maximum": 2_147_483_647},
    ],
}


@pytest.fixture
def heat_pump() -> Hardware:
    return Hardware.of(HEAT_PUMP)


def test_it_tends_to_what_people_set(heat_pump: Hardware) -> None:
    for target in (28, 10):
        heat_pump.obey({"v0": 1, "v1": target})
        for _ in range(60):
            heat_pump.live()
        assert abs(heat_pump.values[2] - target) < 3


def test_switched_off_it_draws_no_power(heat_pump: Hardware) -> None:
    heat_pump.obey({"v0": 0})
    for _ in range(60):
        heat_pump.live()
    assert heat_pump.values[3] < 100


def test_what_people_set_it_does_not_say_again(heat_pump: Hardware) -> None:
    assert {name for name, _ in heat_pump.report()} == {"v0", "v1", "v2", "v3", "v4"}
    heat_pump.obey({"v0": 1, "v1": 20})
    assert {name for name, _ in heat_pump.report()} == {"v2", "v3", "v4"}


def test_forty_devices_belong_to_people_and_stand_on_the_map(built: World) -> None:
    build_fleet()
    file = Path(settings.FLEETFOLK_DATA) / FILE
    assert file.stat().st_mode & 0o077 == 0, "it holds tokens"
    devices = Device.objects.filter(owner__isnull=False, latitude__isnull=False)
    inside = read(file)
    assert devices.count() == len(inside) == DEVICES
    assert {secret_hash(each.token) for each in inside} == set(devices.values_list("token_hash", flat=True))
    assert Entry.objects.filter(code="device.create", result="done").count() == DEVICES
    build_fleet()
    assert Entry.objects.filter(code="device.token.rotate").count() == 0, "the second time nothing changes"


def test_a_lost_file_is_made_anew_with_new_tokens(built: World) -> None:
    build_fleet()
    file = Path(settings.FLEETFOLK_DATA) / FILE
    before = {record["token"] for record in json.loads(file.read_text())}
    file.unlink()
    build_fleet()
    after = {record["token"] for record in json.loads(file.read_text())}
    assert len(after) == DEVICES
    assert not before & after
    assert Device.objects.filter(token_hash__in=map(secret_hash, after)).count() == DEVICES
