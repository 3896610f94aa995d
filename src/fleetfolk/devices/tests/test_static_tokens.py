"""Batches of devices for the shelf: tokens and codes in one file, and nowhere else."""

import csv
import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.console.qr import qr_png
from fleetfolk.devices.actions.claim_device import ClaimDevice, ClaimDeviceInput
from fleetfolk.devices.actions.enable_template import EnableTemplate, TemplateUseInput
from fleetfolk.devices.actions.start_tokens import StartTokens, StartTokensInput
from fleetfolk.devices.models import Claim, Device, DeviceState, Reported
from fleetfolk.devices.runs import run_tokens
from fleetfolk.devices.tokens import Kept, code_in, secret_hash
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn


def order(cast: Cast, count: int = 3) -> Job:
    """Ada's batch in Lumen Home, which waits for the worker."""
    data = StartTokensInput(template_id=template_of(cast.lumen).pk, count=count)
    perform(StartTokens, actor=actor(cast.ada), target_id=cast.lumen.pk, data=data)
    return Job.objects.latest("pk")


def downloaded(browser: Client, job: Job) -> zipfile.ZipFile:
    answer: Any = browser.post(f"/devices/tokens/{job.pk}/file/")
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def rows_of(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read("tokens.csv").decode("utf-8-sig"))))


def test_a_batch_is_made_downloaded_and_claimed(cast: Cast, signed_in: SignedIn) -> None:
    job = order(cast)
    run_tokens(job.pk)
    job.refresh_from_db()
    assert (job.state, job.counts) == (JobState.DONE, {"new": 3})
    archive = downloaded(signed_in(cast.ada), job)
    rows = rows_of(archive)
    assert len(rows) == Claim.objects.filter(job=job, claimed_at=None).count() == 3
    for row in rows:
        device = Device.objects.get(token_hash=secret_hash(row["Auth token"]))
        assert (device.name, device.state, device.owner) == (row["Name"], DeviceState.WAITING, None)
        assert Reported.objects.filter(device=device).exists()
        assert device.claim.code_hash == secret_hash(row["Claim code"])
        assert code_in(row["Claim address"]) == row["Claim code"]
        assert archive.read(f"qr/{row['Auth token']}.png") == qr_png(row["Claim address"])
    everywhere = TemplateUseInput(organization_id=cast.lumen.pk)
    perform(EnableTemplate, actor=actor(cast.ada), target_id=template_of(cast.lumen).pk, data=everywhere)
    kept = ClaimDeviceInput(code_hash=Kept.of(rows[0]["Claim code"]).hash)
    perform(ClaimDevice, actor=actor(cast.bob), target_id=cast.berg.pk, data=kept)
    assert "1 of 3 claimed" in signed_in(cast.ada).get("/devices/tokens/").content.decode()
    assert Entry.objects.filter(code="device.tokens.create", target_type="devices.Device").count() == 3
    everything = str([entry.__dict__ for entry in Entry.objects.filter(code__startswith="device.")])
    assert not [secret for row in rows for secret in (row["Auth token"], row["Claim code"]) if secret in everything]
    assert Entry.objects.get(code="device.tokens.read").actor_label == "Ada Lindqvist"


def test_a_batch_that_was_killed_after_its_commit_makes_nothing_twice(cast: Cast) -> None:
    job = order(cast)
    run_tokens(job.pk)
    again = Job.objects.get(pk=job.pk)
    assert again.cursor == 3
    run_tokens(job.pk)
    assert Device.objects.filter(claim__job=job).count() == 3


@pytest.mark.parametrize("count", [0, -1, 1001, 10**9])
def test_only_so_many_at_a_time(cast: Cast, signed_in: SignedIn, count: int) -> None:
    with pytest.raises(Refused, match="tokens_count"):
        order(cast, count)
    form = {"template": template_of(cast.lumen).pk, "count": count, "organization": "Lumen Home"}
    assert signed_in(cast.ada).post("/devices/tokens/", form).status_code == 422


def test_who_lost_the_right_meanwhile_gets_no_batch(cast: Cast) -> None:
    job = order(cast)
    with staging():
        cast.ada.disabled_at = cast.ada.created_at
        cast.ada.save(update_fields=["disabled_at"])
    run_tokens(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not Claim.objects.exists()


def test_a_picture_is_a_png_of_black_and_white_squares() -> None:
    picture = qr_png("https://lumen.example/my/devices/claim/?code=sqr_yxzhvS6cuVTloK-7s1XIFb2ioAxh0Ofw")
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width = int.from_bytes(picture[16:20])
    assert width == int.from_bytes(picture[20:24])
    assert width % 8 == 0
    assert len(picture) < 5000
