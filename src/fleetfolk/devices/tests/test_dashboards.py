"""Dashboards: what a datastream looks like, who may set it, and what its history says."""

import json
from typing import Any

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import Datastream, Device, Reported, ShareLevel
from fleetfolk.devices.values import Stream
from fleetfolk.devices.widgets import Kind, headline, kind_for, widget_for, widgets_of
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import MODES, device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn


def stream(kind: str, **other: Any) -> Stream:
    return Stream(**{"id": 1, "pin": 1, "name": "It", "kind": kind, "writable": False, **other})


def stream_of(device: Device, pin: int) -> int:
    return int(Datastream.objects.get(template_id=device.template_id, pin=pin).pk)


@pytest.mark.parametrize(
    ("described", "kind"),
    [
        (stream("boolean", writable=True), Kind.SWITCH),
        (stream("boolean"), Kind.LED),
        (stream("double", writable=True, minimum=5.0, maximum=30.0, decimals=1), Kind.SLIDER),
        (stream("integer", writable=True, minimum=0.0, maximum=10.0), Kind.NUMBER),
        (stream("integer", writable=True), Kind.NUMBER),
        (stream("double", minimum=-40.0, maximum=120.0), Kind.GAUGE),
        (stream("integer", minimum=0.0, maximum=2147483647.0), Kind.VALUE),
        (stream("double"), Kind.VALUE),
        (stream("enumerable", writable=True, choices=MODES), Kind.SEGMENTED),
        (stream("enumerable", writable=True, choices=MODES * 2), Kind.LIST),
        (stream("enumerable", choices=MODES), Kind.VALUE),
        (stream("string", writable=True), Kind.WRITE),
        (stream("string"), Kind.TEXT),
        (stream("location"), Kind.MAP),
    ],
)
def test_a_datastream_looks_like_what_it_is(described: Stream, kind: Kind) -> None:
    assert kind_for(described) is kind


@pytest.mark.parametrize(("value", "filled"), [(None, "0"), (-50, "0.0"), (40.0, "50.0"), (500, "100.0")])
def test_a_gauge_is_full_as_far_as_its_value_goes(value: float | None, filled: str) -> None:
    known = Reported(values={} if value is None else {"1": value}, times={})
    assert widget_for(stream("double", minimum=-40.0, maximum=120.0), known).filled == filled


def test_one_gauge_is_large_and_the_controls_follow_it() -> None:
    measured = [stream("double", id=key, pin=key, minimum=0.0, maximum=9.0) for key in (1, 2)]
    widgets = widgets_of(
        [stream("string", id=3, pin=3), *measured, stream("boolean", id=4, pin=4, writable=True)], None
    )
    assert [widget.kind for widget in widgets] == [Kind.GAUGE, Kind.SWITCH, Kind.TEXT, Kind.VALUE]


def test_a_tile_says_a_measurement_that_is_known_before_one_that_is_not() -> None:
    known = Reported(values={"2": True}, times={"2": 1})
    widgets = widgets_of([stream("double", pin=1), stream("boolean", id=2, pin=2)], known)
    main = headline(widgets)
    assert main is not None
    assert main.kind is Kind.LED


def set_to(browser: Any, device: Device, pin: int, value: str) -> Any:
    path = f"/my/devices/{device.pk}/streams/{stream_of(device, pin)}/set/"
    return browser.post(path, {"value": value}, headers={"HX-Request": "true"})


def test_setting_a_datastream_answers_with_what_the_device_holds_now(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    answer = set_to(signed_in(cast.bob), device, 1, "99")
    assert answer.status_code == 204
    said = json.loads(answer["HX-Trigger"])["device:said"]["streams"][str(stream_of(device, 1))]
    assert said["text"] == "30.0 °C", "cropped to its range"
    assert Entry.objects.filter(code="device.command.send", target_id=device.pk, result="done").count() == 1


@pytest.mark.parametrize(("level", "status"), [("view", 403), ("control", 204), ("manage", 204)])
def test_a_share_lets_control_from_its_level_on(cast: Cast, signed_in: SignedIn, level: str, status: int) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    shared_with(device, cast.sue, ShareLevel(level))
    page = signed_in(cast.sue).get(f"/my/devices/{device.pk}/").content.decode()
    assert ("Its owner can let you control it" in page) is (status == 403)
    assert set_to(signed_in(cast.sue), device, 0, "1").status_code == status


def test_a_stranger_finds_no_page_no_history_and_no_control(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    for stranger in (cast.sue, cast.eve):
        browser = signed_in(stranger)
        assert browser.get(f"/my/devices/{device.pk}/").status_code == 404
        assert browser.get(f"/my/devices/{device.pk}/streams/{stream_of(device, 1)}/").status_code == 404
        assert set_to(browser, device, 0, "1").status_code == 404
        assert device.name not in browser.get("/").content.decode()


def test_the_history_of_another_templates_datastream_is_not_there(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    foreign, _token = device_of(cast.evil, owner=cast.eve)
    path = f"/my/devices/{device.pk}/streams/{stream_of(foreign, 1)}/"
    assert signed_in(cast.bob).get(path).status_code == 404


@pytest.mark.parametrize("period", ["hour", "day", "week", "month", "quarter", "nonsense", ""])
def test_a_history_says_in_words_what_it_draws(cast: Cast, signed_in: SignedIn, period: str) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    browser = signed_in(cast.bob)
    for value in ("20", "22"):
        set_to(browser, device, 1, value)
    path = f"/my/devices/{device.pk}/streams/{stream_of(device, 1)}/?period={period}"
    body = browser.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "Target was between 20.0 °C and 22.0 °C" in body
    assert "<table" in body


def test_a_name_that_is_markup_is_shown_as_it_is_written(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.berg, "<img src=x>", owner=cast.bob)
    with staging():
        Reported.objects.filter(device=device).update(values={"4": "</script><b>x"}, times={"4": 1})
    for path in ("/", f"/my/devices/{device.pk}/"):
        body = signed_in(cast.bob).get(path).content.decode()
        assert "<img src=x>" not in body
        assert "</script><b>" not in body


def test_home_reads_as_many_statements_for_thirty_devices_as_for_three(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        device_of(cast.berg, f"Lamp {number}", owner=cast.bob)
    browser = signed_in(cast.bob)
    with django_assert_max_num_queries(40):
        assert browser.get("/").content.decode().count("ff-tile ") >= 30
