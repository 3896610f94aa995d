"""Every endpoint of the device HTTPS API, asked with curl: each line a case with its exact status and body."""

import datetime as dt
import io
import json
import re
import shlex
import time
import urllib.request
import zipfile
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db.models import F

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.send_command import SendCommand, SendCommandInput
from fleetfolk.devices.models import Datastream, Device, Event, MetadataField, Provisioning, Reported, Template
from fleetfolk.gateway.tests.conftest import Hardware, Running
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 100
INVALID = '{"error":{"message":"Invalid token."}}'
PIN = '{"error":{"message":"Wrong pin format."}}'
TYPE = '{"error":{"message":"Value doesn\'t match the Datastream data type."}}'
STREAM_TYPE = '{"error":{"message":"Value doesn\'t match the Datastream data type"}}'
NO_STREAM = '{"error":{"message":"No datastream setup for that pin."}}'
NOT_OF_PRODUCT = '{"error":{"message":"Requested dataStream doesn\'t exist in the product Heat pump"}}'
WRONG_STREAM = '{"error":{"message":"Wrong dataStreamId format."}}'
PARAMETERS = '{"error":{"message":"Request with incorrect parameters"}}'
CONTENT = '{"error":{"message":"Unknown content type."}}'
BATCH = '{"error":{"message":"Too much data in batch. Maximum batch size is 10000 points."}}'
TIME = '{"error":{"message":"Timestamp is out of range. Points must be at most 3 months old."}}'
NO_CODE = '{"error":{"message":"Event code is not provided."}}'
DESCRIPTION = '{"error":{"message":"Event description is too long. It may have 300 characters."}}'
CODE = '{"error":{"message":"Can\'t find Event with this code in Product template"}}'
NO_FIELD = '{"error":{"message":"MetaField doesn\'t exist."}}'
FIELD = '{"error":{"message":"Wrong metaField format."}}'
NO_TOKEN = '{"error":{"message":"No token provided."}}'
PERIOD = '{"error":{"message":"No enum constant Period.YEAR"}}'
NO_DATA = '{"error":{"message":"No data"}}'
TEMPLATE = '{"error":{"message":"Template is not found."}}'
PROPERTY = '{"error":{"message":"Wrong property format."}}'
FILE = '{"error":{"message":"Only PNG, JPEG, GIF and WebP pictures can be uploaded."}}'
NOT_FOUND = '{"error":{"message":"Not found."}}'
METHOD = '{"error":{"message":"Method not allowed."}}'

BEFORE = "/batch/update?token={token}&v0=1&v1=21.5&v3=7&v4=hello&v5=2"
ALL = '{"v0":1,"v1":21.5,"v3":7,"v4":"hello","v5":2}'
JSON = "-H 'Content-Type: application/json'"

# What curl is told, the status, the body.
LINES = [
    # Tokens
    ("/get?token=nobody&v1", 400, INVALID),
    ("/get?v1", 400, INVALID),
    ("/get?token=&v1", 400, INVALID),
    ("/get?TOKEN={token}&v1", 400, INVALID),
    ("/update?token=nobody&v1=nonsense", 400, INVALID),
    ("/get?token={token}&v1&token=another", 400, INVALID),
    ("/isHardwareConnected?token=nobody", 400, INVALID),
    # Reading
    ("/get?token={token}&v1", 200, "21.5"),
    ("/get?token={token}&pin=v1", 200, "21.5"),
    ("/get?token={token}&pin=V1", 200, "21.5"),
    ("/get?token={token}&v0", 200, "1"),
    ("/get?token={token}&v4", 200, "hello"),
    ("/get?token={token}&v2", 200, ""),
    ("/get?token={token}&v1&v3&v4&v2", 200, '{"v1":21.5,"v3":7,"v4":"hello"}'),
    ("/get?token={token}&dataStreamId={stream1}", 200, "21.5"),
    ("/get?token={token}&dataStreamId=one", 400, PIN),
    ("/get?token={token}&dataStreamId=0", 400, NOT_OF_PRODUCT),
    ("/get?token={token}&dataStreamId=99999999999999999999", 400, PIN),
    ("/get?token={token}&V1", 400, PIN),
    ("/get?token={token}&v256", 400, PIN),
    ("/get?token={token}&v01x", 400, PIN),
    ("/get?token={token}&v", 400, PIN),
    ("/get?token={token}", 400, PIN),
    ("/get?token={token}&v200", 400, NO_STREAM),
    ("/get?token={token}&d1", 400, NO_STREAM),
    ("/getAll?token={token}", 200, ALL),
    ("/getall?token={token}", 404, NOT_FOUND),
    ("/isHardwareConnected?token={token}", 200, "true"),
    # Writing
    ("/update?token={token}&v1=22", 200, "", "/get?token={token}&v1", "22.0"),
    ("/update?token={token}&v1=99", 200, "", "/get?token={token}&v1", "30.0"),
    ("/update?token={token}&v1=-99", 200, "", "/get?token={token}&v1", "5.0"),
    ("/update?token={token}&v4=a+b%26%C3%A4", 200, "", "/get?token={token}&v4", "a b&ä"),
    ("/update?token={token}&v4=", 200, "", "/get?token={token}&v4", ""),
    ("/update?token={token}&v6=13.4&v6=52.5", 200, "", "/get?token={token}&v6", "13.4,52.5"),
    ("/update?token={token}&pin=V6&value=13.4&value=52.5", 200, "", "/get?token={token}&v6", "13.4,52.5"),
    ("/update?token={token}&pin=v1&value=18", 200, "", "/get?token={token}&v1", "18.0"),
    ("/update?token={token}&dataStreamId={stream1}&value=19", 200, "", "/get?token={token}&v1", "19.0"),
    ("/update?token={token}&dataStreamId={stream6}&value=13&value=52", 200, "", "/get?token={token}&v6", "13.0,52.0"),
    ("/update?token={token}&dataStreamId=x&value=19", 400, WRONG_STREAM),
    ("/update?token={token}&dataStreamId={stream1}&value=warm", 400, STREAM_TYPE),
    ("/update?token={token}&dataStreamId={stream1}", 400, STREAM_TYPE),
    ("/update?token={token}&dataStreamId=0&value=1", 400, NOT_OF_PRODUCT),
    ("/update?token={token}&v1=warm", 400, TYPE),
    ("/update?token={token}&v1", 400, TYPE),
    ("/update?token={token}&v1=nan", 400, TYPE),
    ("/update?token={token}&v1=1&v1=2", 400, TYPE),
    ("/update?token={token}&v3=1.5", 400, TYPE),
    ("/update?token={token}&v5=7", 400, TYPE),
    ("/update?token={token}&v6=200&v6=0", 400, TYPE),
    ("/update?token={token}&v4=%00", 400, TYPE),
    ("/update?token={token}&v4={long}", 400, TYPE),
    ("/update?token={token}&v200=1", 400, NO_STREAM),
    ("/update?token={token}&a0=1", 400, NO_STREAM),
    ("/update?token={token}&V1=1", 400, PIN),
    ("/update?token={token}&x1=1", 400, PIN),
    ("/update?token={token}", 400, PIN),
    ("/Update?token={token}&v1=1", 404, NOT_FOUND),
    # Several pins: all or none
    ("/batch/update?token={token}&v1=20&v3=8", 200, "OK", "/get?token={token}&v1&v3", '{"v1":20.0,"v3":8}'),
    ("/batch/update?token={token}&v1=20&v3=x", 400, TYPE, "/getAll?token={token}", ALL),
    ("/batch/update?token={token}&v1=20&w3=8", 400, PIN, "/getAll?token={token}", ALL),
    ("/batch/update?token={token}", 400, PIN),
    # Points with their times
    (
        "/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now},1],[{old},2]]'",
        *(200, "OK", "/get?token={token}&v3", "1"),
    ),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{old},99]]'", 200, "OK", "/get?token={token}&v3", "7"),
    ("/batch/update?token={token}&pin=v6 " + JSON + " -d '[[{now},[13.4,52.5]]]'", 200, "OK"),
    ("/batch/update?token={token}&pin=v0 " + JSON + " -d '[[{now},false]]'", 200, "OK", "/get?token={token}&v0", "0"),
    ("/batch/update?token={token}&pin=v4 " + JSON + " -d '[[{now},\"x\"]]'", 200, "OK"),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[]'", 200, "OK"),
    ("/batch/update?token={token}&pin=v3 -H 'Content-Type: application/json; charset=utf-8' -d '[]'", 200, "OK"),
    ("/batch/update?token={token}&pin=v3 -H 'Content-Type: text/plain' -d '[]'", 400, CONTENT),
    ("/batch/update?token={token}&pin=v3 -d '[]'", 400, CONTENT),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now},\"x\"]]'", 400, TYPE),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now},true]]'", 400, TYPE),
    (
        "/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now},1],[{now},\"x\"]]'",
        400,
        TYPE,
        "/getAll?token={token}",
        ALL,
    ),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{ancient},1]]'", 400, TIME),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{future},1]]'", 400, TIME),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[\"now\",1]]'", 400, PARAMETERS),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now}]]'", 400, PARAMETERS),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '{{\"a\":1}}'", 400, PARAMETERS),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d 'no json'", 400, PARAMETERS),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d @{many}", 400, BATCH),
    ("/batch/update?token={token}&pin=x3 " + JSON + " -d '[]'", 400, PIN),
    ("/batch/update?token={token} " + JSON + " -d '[]'", 400, PIN),
    ("/batch/update?token=nobody&pin=v3 " + JSON + " -d '[]'", 400, INVALID),
    # Looks of a widget
    ("/update/property?token={token}&pin=v1&label=Warmth&color=%23ff0000", 200, ""),
    ("/update/property?token={token}&pin=v1", 400, PROPERTY),
    ("/update/property?token={token}&pin=v1&secret=1", 400, PROPERTY),
    ("/update/property?token={token}&pin=1&label=x", 400, PIN),
    ("/update/property?token={token}&pin=v200&label=x", 400, NO_STREAM),
    # Events
    ("/logEvent?token={token}&code=leak", 200, ""),
    ("/logevent?token={token}&code=leak&description=under+the+sink", 200, ""),
    ("/logEvent?token={token}", 400, NO_CODE),
    ("/logEvent?token={token}&code=leak&description=%00", 400, DESCRIPTION),
    ("/logEvent?token={token}&code=leak&description={long}", 400, DESCRIPTION),
    ("/logEvent?token={token}&code=fire", 400, CODE),
    # Metadata
    ("/device/meta?token={token}&metaFieldId=0", 400, NO_FIELD),
    ("/device/meta?token={token}&metaFieldId=loc.latlon", 200, '{"type":"Coordinates","value":""}'),
    ("/device/meta?token={token}", 400, FIELD),
    ("/device/meta?token={token}&metaFieldId={room}", 200, '{"type":"Text","value":"Cellar"}'),
    ("/device/meta?token={token}&metaFieldId=Room", 200, '{"type":"Text","value":"Cellar"}'),
    (
        "/device/meta/update?token={token}&metaFieldId={room}&value=Attic",
        *(200, "OK", "/device/meta?token={token}&metaFieldName=Room", '{"type":"Text","value":"Attic"}'),
    ),
    ("/device/meta/update?token={token}&metaFieldName=Power&value=7.5", 200, "OK"),
    ("/device/meta/update?token={token}&metaFieldName=Power&value=much", 400, '{"error":{"message":"Wrong value"}}'),
    ("/device/meta/update?token={token}&metaFieldName=Power", 400, '{"error":{"message":"Wrong value"}}'),
    (
        "/device/meta/update?token={token}&metaFieldId=0&value=1",
        400,
        '{"error":{"message":"MetaField doesn\'t exist"}}',
    ),
    ("/device/meta/update?token={token}&value=1", 400, '{"error":{"message":"Wrong metaField format"}}'),
    ("/device/meta/update?token=nobody&metaFieldId=1&value=1", 400, INVALID),
    # Setting up
    ("/provision?token={token}&templateId={template}&ver=1.0.1", 200, "OK"),
    ("/provision?token={token}&templateId=TMPLnobody", 400, TEMPLATE),
    ("/provision?token={token}", 400, TEMPLATE),
    ("/provision?token=nobody&templateId={template}", 400, INVALID),
    # Data as a file
    ("/data/get", 400, NO_TOKEN),
    ("/data/get?token=nobody", 400, INVALID),
    ("/data/get?token={token}&period=YEAR", 500, PERIOD),
    ("/data/get?token={token}&granularityType=WEEKLY", 400, PARAMETERS),
    ("/data/get?token={token}&sourceType=MEDIAN", 400, PARAMETERS),
    ("/data/get?token={token}&format=ISO", 400, PARAMETERS),
    ("/data/get?token={token}&tzName=Nowhere", 400, PARAMETERS),
    ("/data/get?token={token}&sendEvents=perhaps", 400, PARAMETERS),
    ("/data/get?token={token}&period=THREE_MONTHS", 400, PARAMETERS),
    ("/data/get?token={token}&pin=1", 400, PIN),
    ("/data/get?token={token}&pin=v200", 400, NO_STREAM),
    ("/data/get?token={token}&pin=v2", 500, NO_DATA),
    ("/data/file/device_data_1_nothing.zip", 404, NOT_FOUND),
    # Pictures
    ("/upload?token={token} -F upfile=@{text}", 400, FILE),
    ("/upload?token={token} -d nothing", 400, PARAMETERS),
    ("/upload?token=nobody -F upfile=@{picture}", 400, INVALID),
    # What is not there
    ("/nothing?token={token}", 404, NOT_FOUND),
    ("/get?token={token}&v1 -X POST", 405, METHOD),
    ("/upload?token={token}", 405, METHOD),
    ("/get?token={token}&v1 -X DELETE", 405, METHOD),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What curl sends."""
    folder = tmp_path_factory.mktemp("files")
    contents = {
        "many": json.dumps([[int(time.time() * 1000), 1]] * 10_001).encode(),
        "text": b"<script>alert(1)</script>",
        "picture": PICTURE,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: str(folder / name) for name in contents}


@pytest.fixture(scope="module")
def fields(copy: Cast) -> dict[str, MetadataField]:
    """The template has two metadata fields."""
    template = template_of(copy.lumen)
    with staging():
        for name, kind, default in (("Room", "text", "Cellar"), ("Power", "number", None)):
            MetadataField.objects.create(
                tenant=copy.lumen, template=template, name=name, kind=kind, default_value=default
            )
        Template.objects.filter(pk=template.pk).update(version=F("version") + 1)
    return {field.name: field for field in MetadataField.objects.filter(template=template)}


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line[1]} {line[0]}")
def test_the_line(
    gateway: Running, hardware: Hardware, files: dict[str, str], fields: dict[str, MetadataField], line: Any
) -> None:
    known: dict[str, object] = {"token": hardware.token}

    def ask(said: str) -> tuple[int, str]:
        path, *options = shlex.split(said.format(**known))
        return gateway.curl(f"{gateway.base}{path}", *options)

    assert ask(BEFORE) == (200, "OK")
    now = int(time.time() * 1000)
    known |= {
        **files,
        "template": hardware.device.template.public_id,
        "long": "x" * 1025,
        "now": now,
        "old": now - 3_600_000,
        "ancient": now - 93 * 86_400_000,
        "future": now + 3_600_000,
        "room": fields["Room"].pk,
        **{f"stream{pin}": hardware.stream(pin) for pin in (1, 6)},
    }
    then: tuple[str, ...] = line[3:]
    said, status, body = line[:3]
    assert ask(said) == (status, body)
    if then:
        asked, expected = then
        assert ask(asked) == (200, expected)


def test_devices_out_of_use_and_old_tokens_are_refused_at_the_next_request(
    gateway: Running, hardware: Hardware
) -> None:
    assert gateway.ask("/update", token=hardware.token, v1="20") == (200, "")
    for change in ({"deactivated_at": clock.now()}, {"deleted_at": clock.now()}, {"token_hash": "0" * 64}):
        before = {name: getattr(hardware.device, name) for name in change}
        with staging():
            Device.objects.filter(pk=hardware.device.pk).update(**change)
        assert gateway.ask("/update", token=hardware.token, v1="21") == (400, INVALID), change
        assert gateway.ask("/get", token=hardware.token, v1="") == (400, INVALID), change
        assert gateway.ask("/provision", token=hardware.token, templateId="x") == (400, INVALID), change
        with staging():
            Device.objects.filter(pk=hardware.device.pk).update(**before)
    assert gateway.ask("/get", token=hardware.token, v1="") == (200, "20.0")


def test_a_device_that_waits_is_active_with_its_first_report_and_its_log_says_so(
    gateway: Running, hardware: Hardware
) -> None:
    with staging():
        Device.objects.filter(pk=hardware.device.pk).update(activated_at=None)
    assert gateway.ask("/isHardwareConnected", token=hardware.token) == (200, "false")
    assert Device.objects.get(pk=hardware.device.pk).activated_at is not None
    entry = Entry.objects.get(code="device.connection.start", target_id=hardware.device.pk)
    assert (entry.actor_kind, entry.actor_id, entry.result) == ("device", str(hardware.device.pk), "done")


def test_a_device_that_was_not_set_up_in_time_stays_outside(gateway: Running, hardware: Hardware, copy: Cast) -> None:
    with staging():
        Device.objects.filter(pk=hardware.device.pk).update(activated_at=None)
        Provisioning.objects.create(
            tenant=copy.lumen, device=hardware.device, user=copy.bob, expires_at=clock.now() - dt.timedelta(seconds=1)
        )
    assert gateway.ask("/update", token=hardware.token, v1="20") == (400, INVALID)
    assert Device.objects.get(pk=hardware.device.pk).activated_at is None


def test_what_people_set_is_what_the_device_reads_next(gateway: Running, hardware: Hardware, copy: Cast) -> None:
    data = SendCommandInput(stream_id=hardware.stream(1), texts=("24",))
    perform(SendCommand, actor=actor(copy.bob), target_id=hardware.device.pk, data=data)
    assert gateway.ask("/get", token=hardware.token, v1="") == (200, "24.0")


def test_a_change_of_the_template_counts_from_the_next_request_on(gateway: Running, copy: Cast) -> None:
    template = template_of(copy.lumen, "Boiler")
    token = device_of(copy.berg, template=template)[1]
    assert gateway.ask("/update", token=token, v1="35") == (200, "")
    assert gateway.ask("/get", token=token, v1="") == (200, "30.0")
    with staging():
        Datastream.objects.filter(template=template, pin=1).update(maximum=40.0)
        Template.objects.filter(pk=template.pk).update(version=F("version") + 1)
    assert gateway.ask("/update", token=token, v1="35") == (200, "")
    assert gateway.ask("/get", token=token, v1="") == (200, "35.0")


def test_the_address_and_the_way_of_the_report_are_kept(gateway: Running, hardware: Hardware) -> None:
    gateway.ask("/update", token=hardware.token, v1="20")
    reported = Reported.objects.get(device=hardware.device)
    assert (reported.protocol, reported.address, reported.online) == ("https", "127.0.0.1", True)
    assert Event.objects.get(device=hardware.device).code == "online"


def test_looking_alone_does_not_make_a_device_present(gateway: Running, hardware: Hardware) -> None:
    gateway.ask("/getAll", token=hardware.token)
    assert not Reported.objects.get(device=hardware.device).online


def test_events_are_on_the_timeline_and_a_hundred_a_day_are_enough(gateway: Running, hardware: Hardware) -> None:
    gateway.ask("/logEvent", token=hardware.token, code="leak", description="under the sink")
    event = Event.objects.get(device=hardware.device, code="leak")
    assert (event.level, event.title, event.description) == ("critical", "Leak", "under the sink")
    Reported.objects.filter(device=hardware.device).update(events=100, events_on=clock.now().date())
    limit = '{"error":{"message":"Event limit has been reached. A device may log 100 events a day."}}'
    assert gateway.ask("/logEvent", token=hardware.token, code="leak") == (400, limit)
    assert refusals_of(hardware) == 1


def test_fifty_requests_a_second_are_enough(gateway: Running, hardware: Hardware) -> None:
    statuses = set()
    with closing(HTTPConnection("127.0.0.1", gateway.port, timeout=20)) as asked:
        for _ in range(1000):
            asked.request("GET", f"/external/api/isHardwareConnected?token={hardware.token}")
            answer = asked.getresponse()
            answer.read()
            statuses.add(answer.status)
            if statuses == {200, 429}:
                break
    assert statuses == {200, 429}
    assert refusals_of(hardware) >= 1


def test_what_is_too_large_is_refused_before_it_is_read(gateway: Running, hardware: Hardware) -> None:
    with closing(HTTPConnection("127.0.0.1", gateway.port, timeout=20)) as asked:
        asked.putrequest("POST", f"/external/api/batch/update?token={hardware.token}&pin=v3")
        asked.putheader("Content-Type", "application/json")
        asked.putheader("Content-Length", "3000000")
        asked.endheaders()
        assert asked.getresponse().status == 413
    assert gateway.ask("/update", token=hardware.token, v4="x" * 20_000)[0] == 413


def test_nobody_keeps_others_waiting_with_large_bodies(gateway: Running, hardware: Hardware, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"[" + b"[1,2]," * 150_000)
    parts = tmp_path / "parts"
    parts.write_bytes(b"--b\r\n\r\n" * 100_000)

    def post(path: str, token: str, file: Path, kind: str) -> tuple[int, str]:
        url = f"{gateway.base}{path}?token={token}&pin=v3"
        return gateway.curl(url, "-H", f"Content-Type: {kind}", "--data-binary", f"@{file}")

    began = time.monotonic()
    wrong = (400, '{"error":{"message":"Request with incorrect parameters"}}')
    assert post("/upload", hardware.token, parts, "multipart/form-data; boundary=b") == wrong
    assert time.monotonic() - began < 3
    stranger = post("/batch/update", "n" * 32, large, "application/json")
    assert stranger == (400, '{"error":{"message":"Invalid token."}}')
    statuses = [post("/batch/update", hardware.token, large, "application/json")[0] for _ in range(6)]
    assert 429 in statuses
    assert set(statuses) <= {400, 429}


def test_properties_do_not_grow_without_end(gateway: Running, hardware: Hardware) -> None:
    def change(pin: str, *names: str) -> int:
        return gateway.ask("/update/property", token=hardware.token, pin=pin, **dict.fromkeys(names, "x" * 1000))[0]

    some, others = ("label", "color", "url", "min", "max", "step"), ("onLabel", "offLabel", "urls", "scale", "page")
    statuses = [change(pin, *names) for pin in ("v1", "v2", "v3") for names in (some, others)]
    assert statuses == [200] * 5 + [400]
    assert change("v1", "label") == 200


def test_a_link_is_gone_with_its_device(gateway: Running, hardware: Hardware, files: dict[str, str]) -> None:
    gateway.ask("/update", token=hardware.token, v1="20")
    link = urlsplit(json.loads(gateway.ask("/data/get", token=hardware.token, period="DAY")[1])["link"]).path
    url = f"{gateway.base}/upload?token={hardware.token}"
    picture = urlsplit(gateway.curl(url, "-F", f"upfile=@{files['picture']}")[1]).path
    with staging():
        Device.objects.filter(pk=hardware.device.pk).update(deactivated_at=hardware.device.created_at)
    for path in (link, picture):
        assert gateway.curl(f"http://127.0.0.1:{gateway.port}{path}")[0] == 404


def test_data_comes_as_a_zip_once(gateway: Running, hardware: Hardware) -> None:
    now = int(time.time() * 1000)
    points = json.dumps([[now - 120_000, 5], [now - 60_000, 6]])
    gateway.curl(
        f"{gateway.base}/batch/update?token={hardware.token}&pin=v3",
        *("-H", "Content-Type: application/json", "-d", points),
    )
    gateway.ask("/logEvent", token=hardware.token, code="leak", description="=danger")
    status, body = gateway.ask("/data/get", token=hardware.token, period="DAY", sendEvents="true")
    assert status == 200
    link = urlsplit(json.loads(body)["link"]).path
    assert re.fullmatch(rf"/external/api/data/file/device_data_{hardware.device.pk}_[\w-]{{32}}\.zip", link)
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}{link}") as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    assert archive.namelist() == ["v3.csv", "events.csv"]
    assert archive.read("v3.csv").decode() == f"{now - 120_000},5\r\n{now - 60_000},6\r\n"
    assert "'=danger" in archive.read("events.csv").decode()
    assert gateway.ask(link.removeprefix("/external/api"))[0] == 404


def test_numbers_stay_numbers_in_a_file_and_texts_run_as_no_formula(gateway: Running, hardware: Hardware) -> None:
    with staging():
        Datastream.objects.filter(pk__in=[hardware.stream(2), hardware.stream(4)]).update(keep_raw=True)
        Template.objects.filter(pk=hardware.device.template_id).update(version=F("version") + 1)
    gateway.ask("/batch/update", token=hardware.token, v2="-21.5", v4=" =HYPERLINK(1)")
    status, body = gateway.ask("/data/get", token=hardware.token, period="HOUR")
    assert status == 200
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}{urlsplit(json.loads(body)['link']).path}") as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    assert archive.read("v2.csv").decode().strip().endswith(",-21.5")
    assert archive.read("v4.csv").decode().strip().endswith(",' =HYPERLINK(1)")


def test_ten_files_a_day(gateway: Running, hardware: Hardware) -> None:
    gateway.ask("/update", token=hardware.token, v1="20")
    statuses = [gateway.ask("/data/get", token=hardware.token, period="HOUR")[0] for _ in range(11)]
    assert statuses == [200] * 10 + [400]


def test_ten_pictures_are_kept_and_shown_as_pictures(
    gateway: Running, hardware: Hardware, files: dict[str, str]
) -> None:
    def upload() -> tuple[int, str]:
        return gateway.curl(f"{gateway.base}/upload?token={hardware.token}", "-F", f"upfile=@{files['picture']}")

    status, address = upload()
    assert status == 200
    path = urlsplit(address).path
    assert re.fullmatch(rf"/device_uploads/{hardware.device.pk}/[\w-]{{32}}\.png", path)
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}{path}") as answer:
        assert answer.read() == PICTURE
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {upload()[0] for _ in range(9)} == {200}
    assert upload() == (403, '{"error":{"message":"File uploads limit has been reached."}}')
    assert gateway.curl(f"http://127.0.0.1:{gateway.port}/device_uploads/1/../../secret-key")[0] == 404


def refusals_of(hardware: Hardware) -> int:
    """How often the limits have refused something today; counted within the second."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if found := Reported.objects.get(device=hardware.device).refusals:
            return found
        time.sleep(0.1)
    return 0
