"""Devices come from a file, a hundred thousand at a time, each row standing or falling alone."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices import runs
from fleetfolk.devices.models import Device, MetadataField, MetadataKind, Reported
from fleetfolk.devices.tokens import secret_hash
from fleetfolk.jobs.models import Job, JobState, Problem
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_activation import enabled_in

TOKEN = "xw7ITVneg1DifRRQuPGcA7fJvV8-FAVl"


def send(browser: Client, text: str, **typed: Any) -> Any:
    """The answer to the upload of a file with this text."""
    file = SimpleUploadedFile("fleet.csv", text.encode())
    return browser.post("/devices/import/", {"file": file, "organization": "Lumen Home", "template": "", **typed})


def imported(browser: Client, text: str, **typed: Any) -> Job:
    """The job of that file when it has ended."""
    answer = send(browser, text, **typed)
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.latest("pk")
    runs.run_import(job.pk)
    return Job.objects.get(pk=job.pk)


def problems(job: Job) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in Problem.objects.filter(job=job).order_by("line")]


def test_a_file_of_devices_with_everything(cast: Cast, signed_in: SignedIn) -> None:
    template = template_of(cast.lumen)
    with staging():
        field = MetadataField.objects.create(
            tenant=cast.lumen, template=template, name="Rooms", kind=MetadataKind.NUMBER
        )
    enabled_in(cast.north)
    job = imported(
        signed_in(cast.ada),
        "Device name;Template;Serial number;Auth Token;Owner;Organization;Lat;Lon;rooms;Colour\n"
        f"Cellar;Heat pump;SN-1;{TOKEN};bob@lumenhome.example;Familie Berg;47,37;8.54;4;red\n"
        f"Attic;{template.public_id};;;;;;;;\n",
    )
    assert (job.state, job.counts) == (JobState.DONE, {"new": 2, "problem": 0})
    cellar = Device.objects.get(name="Cellar")
    assert (cellar.organization, cellar.owner, cellar.serial) == (cast.berg, cast.bob, "SN-1")
    assert (cellar.token_hash, cellar.token_end) == (secret_hash(TOKEN), TOKEN[-4:])
    assert (cellar.latitude, cellar.longitude, cellar.metadata) == (47.37, 8.54, {str(field.pk): 4.0})
    assert Reported.objects.filter(device=cellar).exists()
    assert Device.objects.get(name="Attic").organization == cast.lumen
    assert Entry.objects.filter(code="device.import", target_type="devices.Device").count() == 2
    page = signed_in(cast.ada).get(f"/jobs/{job.pk}/").content.decode()
    assert "Nothing was read from these columns: Colour." in page
    assert TOKEN not in str([entry.__dict__ for entry in Entry.objects.filter(code__startswith="device.")])


def test_no_device_comes_into_an_archived_organization(cast: Cast, signed_in: SignedIn) -> None:
    enabled_in(cast.north)
    with staging():
        Organization.objects.filter(pk=cast.north.pk).update(archived_at=clock.now())
    job = imported(signed_in(cast.ada), "Name,Template,Organization\nA,Heat pump,North\n")
    assert problems(job) == [(2, "organization_unknown")]


def test_wrong_rows_are_kept_with_their_reasons_and_disturb_no_other(cast: Cast, signed_in: SignedIn) -> None:
    device, token = device_of(cast.north)
    with staging():
        Device.objects.filter(pk=device.pk).update(serial="SN-0")
    job = imported(signed_in(cast.finn), "Name,Template\nA,Heat pump\nB,Toaster\n", organization="North")
    assert problems(job) == [(2, "template_not_here"), (3, "template_unknown")]
    enabled_in(cast.north)
    job = imported(
        signed_in(cast.finn),
        "Name,Template,Serial,Token,Owner,Organization,Latitude,Longitude\n"
        ",Heat pump,,,,,,\n"
        "C,Heat pump,,,sam@lumenhome.example,,,\n"
        "D,Heat pump,,,,South,,\n"
        "E,Heat pump,,,,,95,8\n"
        "F,Heat pump,,short,,,,\n"
        f"G,Heat pump,,{token},,,,\n"
        f"H,Heat pump,SN-1,{TOKEN},,,,\n"
        f"I,Heat pump,SN-2,{TOKEN},,,,\n"
        "J,Heat pump,SN-1,,,,,\n"
        "K,Heat pump,SN-0,,,,,\n",
        organization="North",
    )
    assert problems(job) == [
        (2, "name"),
        (3, "owner_unknown"),
        (4, "organization_unknown"),
        (5, "position"),
        (6, "token_shape"),
        (7, "token_taken"),
        (9, "token_taken"),
        (10, "serial_there"),
        (11, "serial_there"),
    ]
    assert list(
        Device.objects.filter(organization=cast.north).exclude(pk=device.pk).values_list("name", flat=True)
    ) == ["H"]
    report = signed_in(cast.finn).get(f"/jobs/{job.pk}/problems.csv")
    text = b"".join(report.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Auth token: This token cannot be used" in text


def test_a_check_adds_nothing(cast: Cast, signed_in: SignedIn) -> None:
    template = template_of(cast.lumen)
    job = imported(signed_in(cast.ada), "Name\nCellar\n", template=template.pk, only_check="on")
    assert (job.state, job.counts, job.title) == (JobState.DONE, {"new": 1, "problem": 0}, "Check of fleet.csv")
    assert not Device.objects.filter(name="Cellar").exists()


def test_a_job_that_was_killed_goes_on_where_it_stopped(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleetfolk.users.import_run.CHUNK", 2)
    template = template_of(cast.lumen)
    text = "Name\n" + "".join(f"Device {number}\n" for number in range(5))
    assert send(signed_in(cast.ada), text, template=template.pk).status_code == 302
    job = Job.objects.latest("pk")

    def killed(job: Job) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.run_import(job.pk, tell=killed)
    assert Job.objects.get(pk=job.pk).done == 2
    runs.run_import(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.counts) == (JobState.DONE, 5, {"new": 5, "problem": 0})
    assert Device.objects.filter(name__startswith="Device ").count() == 5


def test_a_file_that_breaks_off_brings_the_rows_before(cast: Cast, signed_in: SignedIn) -> None:
    template = template_of(cast.lumen)
    job = imported(signed_in(cast.ada), 'Name\nCellar\n"Attic\n', template=template.pk)
    assert (job.state, job.failure, job.counts) == (
        JobState.FAILED,
        "device_import_unreadable",
        {"new": 1, "problem": 0},
    )
    assert "never closed" in signed_in(cast.ada).get(f"/jobs/{job.pk}/").content.decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [("Serial\nSN-1\n", "No column is called Name"), ("Name\n", "below"), ("PK\x03\x04zip", "CSV")],
)
def test_what_is_no_file_of_devices_is_said_and_not_kept(cast: Cast, signed_in: SignedIn, text: str, says: str) -> None:
    jobs = Job.objects.count()
    answer = send(signed_in(cast.ada), text)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Job.objects.count() == jobs
