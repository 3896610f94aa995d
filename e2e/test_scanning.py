"""Claiming a device with the camera, in a browser that knows no QR pictures by itself, as Safari does not."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, expect

from e2e.browsers import Browsers, Watch
from e2e.camera import film_of, looking_at
from e2e.people import House
from e2e.templates import enabled
from e2e.world import Installation
from fleetfolk.devices.models import Device
from fleetfolk.devices.tokens import claim_address, new_code
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.samples_activation import claim_of

PHONE = 390
Watching = Callable[[str], AbstractContextManager[Browsers]]


@pytest.fixture
def watching(
    installation: Installation,
    watch: Watch,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> Watching:
    """`watching(text)` opens browsers whose camera sees the text as a QR picture."""

    @contextmanager
    def browsers(text: str) -> Iterator[Browsers]:
        film = film_of(text, tmp_path / "box.y4m")
        how = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *looking_at(film)]}
        with browser_type.launch(**how) as browser:
            yield Browsers(new_context=browser.new_context, origin=installation.origin, watch=watch)

    return browsers


def test_a_customer_scans_the_picture_on_the_box_and_the_device_is_theirs(house: House, watching: Watching) -> None:
    bob, code = house.customer("Bob Berg"), new_code()
    device, _token = device_of(house.root, "Boxed heat pump")
    enabled(house, device.template)
    claim_of(device, code=code)
    with watching(claim_address(code)) as browse:
        page = browse(bob, width=PHONE)
        page.goto("/my/devices/claim/")
        assert page.evaluate("!window.BarcodeDetector"), "this browser reads QR pictures by itself: nothing is tried"
        page.get_by_role("button", name="Scan with the camera").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Boxed heat pump")
    assert Device.objects.get(pk=device.pk).owner == bob


def test_who_keeps_the_camera_to_themselves_is_told_to_type(house: House, browse: Browsers) -> None:
    page = browse(house.customer("Bob Berg"), width=PHONE)
    page.goto("/my/devices/claim/")
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.get_by_text("The camera cannot be used.")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_visible()
