"""A device that speaks the public HTTP API, and its owner's page: what is set gets there, what it reports is seen."""

import json
import re
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.people import House
from e2e.test_assistance import filled, opened, turned_on
from e2e.test_portal_devices import is_live, stream_of
from e2e.world import Installation
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.testing.devices import device_of

POWER, TARGET, TEMPERATURE = 0, 1, 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Firmware:
    """What runs on a device: it knows its token and the address of the installation, and nothing else."""

    token: str
    origin: str

    def reports(self, **values: object) -> None:
        """It says `v2=21.5`."""
        self._asks("/batch/update", [(name, str(value)) for name, value in values.items()])

    def polls(self) -> dict[str, Any]:
        """What it is told when it asks what has been set."""
        told: dict[str, Any] = json.loads(self._asks("/getAll", []))
        return told

    def _asks(self, path: str, parameters: list[tuple[str, str]]) -> bytes:
        query = urlencode([("token", self.token), *parameters])
        address = f"{self.origin}/external/api{path}?{query}"
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own server
            return bytes(answer.read())


def shows(page: Page, key: int, text: str) -> None:
    """The value of this datastream on the page, without loading it anew."""
    expect(page.locator(f"[data-stream='{key}'] [data-say]").first).to_have_text(text)


@pytest.mark.feature("B9")
def test_a_switch_reaches_the_device_at_its_next_poll_and_its_report_moves_the_tile(
    house: House, browse: Browsers, installation: Installation
) -> None:
    bob = house.customer("Bob Berg")
    device, token = device_of(bob.organization, "Heat pump", owner=bob)
    firmware = Firmware(token=token, origin=installation.origin)
    page = browse(bob, width=390)
    page.goto("/")
    is_live(page)
    tile = page.locator(f"[data-device='{device.pk}']")
    expect(tile).to_contain_text("Not connected yet")
    firmware.reports(v0=0, v2=20.5)
    expect(tile.locator("[data-say=figure]")).to_have_text("20.5")
    expect(tile).not_to_have_class(re.compile(r"\boff\b"))
    assert firmware.polls()["v0"] == 0
    switch = tile.get_by_role("switch", name="Heat pump: Power")
    with page.expect_response(re.compile(r"/set/$")):
        switch.click()
    assert firmware.polls()["v0"] == 1
    firmware.reports(v2=21.4)
    expect(tile.locator("[data-say=figure]")).to_have_text("21.4")
    firmware.reports(v0=0)
    expect(switch).to_have_attribute("aria-checked", "false")


@pytest.mark.parametrize("act", [True, False], ids=["acting", "looking"])
def test_an_assistant_reaches_the_device_only_where_they_may_act(
    house: House, browse: Browsers, installation: Installation, act: bool
) -> None:
    turned_on(house, AssistanceRule.WAIVED)
    bob = house.customer("Bob Berg")
    device, token = device_of(bob.organization, "Heat pump", owner=bob)
    firmware = Firmware(token=token, origin=installation.origin)
    firmware.reports(v0=0, v1=20, v2=19.5)
    agent = browse(house.ada)
    opened(agent, bob)
    filled(agent, "Start", act=act)
    agent.get_by_role("link", name="Heat pump", exact=True).click()
    is_live(agent)
    command = f"{urlsplit(agent.url).path}streams/{stream_of(device, POWER)}/set/"
    if act:
        with agent.expect_response(re.compile(r"/set/$")):
            agent.get_by_role("switch", name="Power").click()
    else:
        expect(agent.get_by_role("switch", name="Power")).to_be_disabled()
        token_of_page = agent.locator("meta[name=csrf-token]").get_attribute("content") or ""
        answer = agent.request.post(command, form={"value": "1"}, headers={"X-CSRFToken": token_of_page})
        assert answer.status == 403, "and not by hand either"
    assert firmware.polls()["v0"] == int(act)
    firmware.reports(v2=22.5)
    shows(agent, stream_of(device, TEMPERATURE), "22.5")
