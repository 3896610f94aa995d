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
from fleetfolk.gateway.tests.https_lines import BEFORE, INVALID, LINES, PICTURE
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging


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
