"""The page of reasons knows devices: found by name, and explained by owner, share and place."""

import re
from typing import Any

from django.http.response import HttpResponseBase

from fleetfolk.devices.models import Device
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User


def said(answer: HttpResponseBase) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


def asked(person: User, device: Device) -> dict[str, Any]:
    return {"person": person.pk, "action": "device.edit", "of": "devices.Device", "target": device.pk}


def test_devices_are_found_and_explained(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.south, "Cellar", owner=cast.bob)
    browser = signed_in(cast.ada)
    found = browser.get("/roles/why/found/target/", {"action": "device.edit", "whom": "cellar"}).content.decode()
    assert f'name="target" value="{device.pk}"' in found
    assert "Cellar is one’s own." in said(browser.get("/roles/why/", asked(cast.bob, device)))
    no = said(browser.get("/roles/why/", asked(cast.cleo, device)))
    assert "Cellar is in South. The role Staff is held in North, and reaches no further." in no
    assert signed_in(cast.finn).get("/roles/why/", asked(cast.cleo, device)).status_code == 404
