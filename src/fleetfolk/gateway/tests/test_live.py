"""Live updates of open pages, from the process that gives them in earnest: who is told what, and when no more."""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from fleetfolk.assistance.actions.end_assistance import EndAssistance, EndAssistanceInput
from fleetfolk.assistance.actions.send_request import SendRequest
from fleetfolk.assistance.actions.start_assistance import StartAssistance
from fleetfolk.assistance.models import Assistance
from fleetfolk.config.runtime.children import spawn
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.config.runtime.services import live_command
from fleetfolk.devices.actions.revoke_share import RevokeShare, RevokeShareInput
from fleetfolk.devices.actions.send_command import SendCommand, SendCommandInput
from fleetfolk.devices.models import Datastream, Device, ShareLevel
from fleetfolk.gateway.tests.conftest import LONGEST_START
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.testing.cast import Cast, accept, actor, invite
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import REASON, asking, consented, customer, rule, starting
from fleetfolk.testing.samples_guests import guest
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.revoke_guest import RevokeGuest
from fleetfolk.users.models import User

SOON = 3.0
"""Seconds in which a change must have arrived. It takes a quarter of one; the machine may be busy."""


@dataclass(kw_only=True)
class Page:
    """A stream of updates that is open."""

    answer: HTTPResponse
    asked: HTTPConnection
    socket: socket

    def next(self, seconds: float = SOON) -> tuple[str, dict[str, Any]]:
        """The next event that says something. Fails where none comes in time."""
        self.socket.settimeout(seconds)
        name, data = "", ""
        while True:
            line = self.answer.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = line[6:]
            elif not line and name and name != "alive":
                return name, json.loads(data)

    def ends(self) -> bool:
        """Whether nothing comes any more."""
        self.socket.settimeout(SOON)
        return self.answer.read() == b""


type Open = Callable[..., Page]


@pytest.fixture(scope="module")
def port(copy: Cast, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The process, on the copy of the database."""
    folder: Path = tmp_path_factory.mktemp("live")
    port = free_port()
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
        "DATABASE_URL": url,
        "FLEETFOLK_DATA": str(folder),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    child = spawn("live", live_command(port=port), log=folder / "live.log", environment=environment)
    deadline = time.monotonic() + LONGEST_START
    while not _ready(port):
        if not child.alive or time.monotonic() > deadline:
            pytest.fail(f"The process did not start: {child.output()}")
        time.sleep(0.05)
    yield port
    child.stop(seconds=5)
    assert "Traceback" not in child.output(), child.output()


def _ready(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
        try:
            asked.request("GET", "/readyz")
            return asked.getresponse().status == 200
        except (OSError, HTTPException):
            return False


@pytest.fixture
def open_page(port: int) -> Iterator[Open]:
    """`open_page(browser, device)` is the stream that the browser's page of the device would get."""
    opened: list[Page] = []

    def open_one(browser: Client, *devices: Device, below: str = "", support: bool = False) -> Page:
        asked = HTTPConnection("127.0.0.1", port, timeout=SOON)
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.cookies.values())
        query = "&".join([*(f"device={device.pk}" for device in devices), *(["support=1"] if support else [])])
        asked.connect()
        connected: socket = asked.sock
        asked.request("GET", f"{below}/live/devices?{query}", headers={"Cookie": cookies})
        opened.append(Page(answer=asked.getresponse(), asked=asked, socket=connected))
        return opened[-1]

    yield open_one
    for page in opened:
        page.answer.close()
        page.asked.close()


def _set(cast: Cast, device: Device, value: str) -> None:
    stream = Datastream.objects.get(template_id=device.template_id, pin=1)
    data = SendCommandInput(stream_id=stream.pk, texts=(value,))
    perform(SendCommand, actor=actor(cast.ada), target_id=device.pk, data=data)


def _target(event: tuple[str, dict[str, Any]], device: Device) -> str:
    stream = Datastream.objects.get(template_id=device.template_id, pin=1)
    name, told = event
    assert name == "device"
    assert told["device"] == device.pk
    return str(told["streams"][str(stream.pk)]["text"])


def test_a_page_is_told_what_holds_and_then_what_changes(copy: Cast, open_page: Open) -> None:
    device, _token = device_of(copy.berg, owner=copy.bob)
    page = open_page(SignedIn()(copy.bob), device)
    assert page.answer.status == 200
    assert _target(page.next(), device) == ""
    began = time.monotonic()
    _set(copy, device, "21.5")
    assert _target(page.next(), device) == "21.5 °C"
    assert time.monotonic() - began < 1.0


def test_a_page_is_not_told_of_what_it_may_not_see(copy: Cast, open_page: Open) -> None:
    device, _token = device_of(copy.berg, owner=copy.bob)
    for stranger in (copy.sue, copy.eve):
        page = open_page(SignedIn()(stranger), device)
        assert page.next() == ("gone", {"device": device.pk})
        assert page.ends()


def test_nobody_who_is_signed_out_is_told_anything(copy: Cast, open_page: Open) -> None:
    device, _token = device_of(copy.berg, owner=copy.bob)
    page = open_page(Client(), device)
    assert page.next() == ("gone", {})
    assert page.ends()


def test_a_revoked_share_ends_the_page_at_once(copy: Cast, open_page: Open) -> None:
    device, _token = device_of(copy.berg, owner=copy.bob)
    share = shared_with(device, copy.sue, ShareLevel.CONTROL)
    page = open_page(SignedIn()(copy.sue), device)
    assert _target(page.next(), device) == ""
    perform(RevokeShare, actor=actor(copy.bob), target_id=device.pk, data=RevokeShareInput(share_id=share.pk))
    assert page.next(1.5) == ("gone", {"device": device.pk})
    assert page.ends()


def test_one_device_goes_and_the_page_stays_for_the_others(copy: Cast, open_page: Open) -> None:
    own, _token = device_of(copy.south, "Own", owner=copy.sue)
    device, _token = device_of(copy.berg, owner=copy.bob)
    share = shared_with(device, copy.sue)
    page = open_page(SignedIn()(copy.sue), own, device)
    assert {page.next()[1]["device"], page.next()[1]["device"]} == {own.pk, device.pk}
    perform(RevokeShare, actor=actor(copy.bob), target_id=device.pk, data=RevokeShareInput(share_id=share.pk))
    assert page.next() == ("gone", {"device": device.pk})
    _set(copy, own, "19")
    assert _target(page.next(), own) == "19.0 °C"


def test_signing_out_ends_the_page_at_once(copy: Cast, open_page: Open) -> None:
    device, _token = device_of(copy.berg, owner=copy.bob)
    browser = SignedIn()(copy.bob)
    page = open_page(browser, device)
    assert _target(page.next(), device) == ""
    browser.session.flush()
    assert page.next(1.5) == ("gone", {})


def test_disabling_somebody_ends_their_pages_at_once(copy: Cast, open_page: Open) -> None:
    device, _token = device_of(copy.north, owner=copy.cleo)
    page = open_page(SignedIn()(copy.cleo), device)
    assert _target(page.next(), device) == ""
    perform(DisableUser, actor=actor(copy.ada), target_id=copy.cleo.pk, data=ReasonInput(reason="left"))
    assert page.next(1.5) == ("gone", {})
    assert page.ends()


def test_a_guests_page_is_told_of_the_place_in_which_they_work(copy: Cast, open_page: Open) -> None:
    """Sam of South is a guest in North. At home there is one list of all devices; in North there is North alone."""
    membership = guest(copy, copy.sam, copy.north, "admin")
    own, _token = device_of(copy.south, "Own")
    theirs, _token = device_of(copy.north, "Theirs")
    browser = SignedIn()(copy.sam)
    page = open_page(browser, own, theirs)
    assert {page.next()[1]["device"], page.next()[1]["device"]} == {own.pk, theirs.pk}
    assert browser.post("/place/", {"organization": copy.north.pk}).status_code == 302
    page = open_page(browser, own, theirs)
    assert max([page.next(), page.next()], key=lambda event: event[0]) == ("gone", {"device": own.pk})
    _set(copy, own, "21")
    _set(copy, theirs, "19")
    assert _target(page.next(), theirs) == "19.0 °C"
    perform(RevokeGuest, actor=actor(copy.ada), target_id=membership.pk, data=NoInput())
    page = open_page(browser, theirs)
    assert page.next() == ("gone", {"device": theirs.pk})


@pytest.mark.parametrize("query", ["", "device=", "device=x", "device=" + "9" * 20, "support=", "support=2"])
def test_an_address_that_makes_no_sense_is_not_there(port: int, query: str) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=SOON)) as asked:
        asked.request("GET", f"/live/devices?{query}")
        assert asked.getresponse().status == 404


def test_an_assistance_has_its_own_stream_which_ends_with_it(copy: Cast, open_page: Open) -> None:
    customer = consented(copy)
    device, _token = device_of(copy.north, owner=customer)
    browser = SignedIn()(copy.ada)
    form = {"mode": "view", "reason": REASON, "minutes": "30"}
    answer = browser.post(f"/assistance/of/{customer.pk}/start/", form)
    started = Assistance.objects.get(user=customer, ended_at=None)
    below = re.sub(r"/$", "", f"/as/{started.public_id}/")
    assert answer.status_code == 302, answer.content
    page = open_page(browser, device, below=below)
    assert _target(page.next(), device) == ""
    _set(copy, device, "20")
    assert _target(page.next(), device) == "20.0 °C"
    browser.post(f"/assistance/{started.public_id}/end/")
    assert page.next(1.5) == ("gone", {})
    assert settings.SESSION_COOKIE_NAME in browser.cookies


def _uninvolved(copy: Cast, name: str) -> User:
    """A customer whom nobody has asked or helped yet."""
    rule(copy, AssistanceRule.ASK)
    return accept(invite(copy.north, name, copy.role("user"), by=copy.ada))


def _starts(copy: Cast, customer: User) -> None:
    agent = replace(actor(copy.ada), proof=Proof.GIVEN)
    perform(StartAssistance, actor=agent, target_id=customer.pk, data=starting())


def test_a_customer_who_is_not_asked_is_told_at_once_and_nobody_else_is(copy: Cast, open_page: Open) -> None:
    person = _uninvolved(copy, "Wanda Waived")
    rule(copy, AssistanceRule.WAIVED)
    page, others = open_page(SignedIn()(person), support=True), open_page(SignedIn()(copy.sue), support=True)
    (name, before), (_name, quiet) = page.next(), others.next()
    assert name == "support"
    _starts(copy, person)
    name, told = page.next(1.5)
    assert name == "support"
    assert told != before
    row = Assistance.objects.get(user=person, ended_at=None)
    over = EndAssistanceInput(assistance_id=row.pk)
    perform(EndAssistance, actor=actor(copy.ada), target_id=person.pk, data=over)
    assert page.next(1.5)[1] == before == quiet
    with pytest.raises(TimeoutError):
        others.next(1.0)


def test_a_customer_who_is_asked_is_told_at_once_beside_their_devices(copy: Cast, open_page: Open) -> None:
    person = _uninvolved(copy, "Asta Asked")
    device, _token = device_of(copy.north, owner=person)
    page = open_page(SignedIn()(person), device, support=True)
    assert [page.next()[0], page.next()[0]] == ["support", "device"]
    perform(SendRequest, actor=actor(copy.ada), target_id=person.pk, data=asking())
    assert page.next(1.5)[0] == "support"


def test_signing_out_ends_a_page_that_waits_for_support(copy: Cast, open_page: Open) -> None:
    browser = SignedIn()(customer(copy))
    page = open_page(browser, support=True)
    assert page.next()[0] == "support"
    browser.session.flush()
    assert page.next(1.5) == ("gone", {})
    assert page.ends()


def test_the_customers_cookie_opens_no_stream_of_an_assistance(copy: Cast, open_page: Open) -> None:
    customer = consented(copy)
    device, _token = device_of(copy.north, owner=customer)
    with staging():
        Assistance.objects.filter(user=customer).delete()
    page = open_page(SignedIn()(customer), device, below="/as/00000000-0000-4000-8000-000000000000")
    assert page.next() == ("gone", {})
