"""An export is complete and true to its manifest, and its link works once, for a day, for who asked."""

import csv
import datetime as dt
import hashlib
import io
import json
import tracemalloc
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.actions import CancelJob, CancelJobInput, StartJob, StartJobInput
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.progress import tell_progress
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import exporting, tasks
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.export_data import ExportData
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.read_export import ExportSecretInput, ReadExport
from fleetfolk.users.exporting import NotWanted, build, folder, path_of
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Export
from fleetfolk.users.personal import LAYOUT, registered
from fleetfolk.users.runs_export import EXPORT_KIND, run_export
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.tests.exports import download, lines, link, made, opened

pytestmark = pytest.mark.usefixtures("data_folder")


def test_the_file_is_what_its_manifest_says(cast: Cast, signed_in: SignedIn) -> None:
    export = made(cast, by=cast.bob)
    assert mail.outbox[-1].to == [cast.bob.email]
    archive = opened(download(signed_in(cast.bob), link()))
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["format"] == "fleetfolk.export/1"
    assert (manifest["subject"]["id"], manifest["tenant"]["name"]) == (cast.bob.pk, "Lumen Home")
    assert manifest["requested_by"] == "the person themselves"
    assert {file["name"] for file in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
    for file in manifest["files"]:
        content = archive.read(file["name"])
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file["sha256"], file["bytes"])
        if file["name"].endswith(".jsonl"):
            assert len(content.splitlines()) == file["records"]
        elif file["name"].endswith(".csv"):
            assert max(0, len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1) == file["records"]
    assert hashlib.sha256(path_of(export.file).read_bytes()).hexdigest() == export.sha256


def test_the_file_holds_every_part_of_the_layout_and_says_what_is_left_out(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.bob)
    archive = opened(download(signed_in(cast.bob), link()))
    stems = {name.partition(".")[0] for name in archive.namelist()}
    assert set(LAYOUT) <= stems
    assert {part.file for part in registered() if part.export} <= stems
    excluded = {each["table"] for each in json.loads(archive.read("manifest.json"))["excluded"]}
    assert excluded == {part.model for part in registered() if part.excluded}
    profile = json.loads(archive.read("profile.json"))
    assert (profile["email"], profile["created"][-1]) == (cast.bob.email, "Z")
    assert json.loads(archive.read("memberships.json"))[0]["role"] == "User"
    mine = lines(archive, "action_log.jsonl")
    assert {entry["code"] for entry in mine} >= {"user.invite", "user.invitation.accept", "user.data.export"}


def test_no_secret_is_in_the_file(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.bob)
    everything = b"".join(
        archive.read(name) for archive in [opened(download(signed_in(cast.bob), link()))] for name in archive.namelist()
    ).decode()
    assert User.objects.get(pk=cast.bob.pk).password not in everything
    assert not [hashed for hashed in Export.objects.values_list("secret_hash", flat=True) if hashed in everything]


def test_names_of_others_are_left_out(cast: Cast, signed_in: SignedIn) -> None:
    """Finn edited Cleo; in Finn's own data Cleo has no name, in hers Finn has his, and no address."""
    data = EditUserInput(first_name="Cleo", last_name="Secretive", phone="+4915155500123", location_id=None)
    perform(EditUser, actor=actor(cast.finn), target_id=cast.cleo.pk, data=data)
    made(cast, by=cast.finn, of=cast.finn)
    text = opened(download(signed_in(cast.finn), link())).read("action_log.jsonl").decode()
    assert '"user.edit"' in text
    assert "Secretive" not in text
    assert "+4915155500123" not in text
    made(cast, by=cast.ada, of=cast.cleo)
    edited = [
        entry
        for entry in lines(opened(download(signed_in(cast.ada), link())), "action_log.jsonl")
        if entry["code"] == "user.edit"
    ]
    assert [(entry["by"], entry["address"]) for entry in edited] == [("Finn North", None)]
    assert edited[0]["changes"]


def test_cells_run_no_formula(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(nickname="=1+1", last_name="@SUM(A1)")
        cast.berg.name = "=HYPERLINK(1)"
        cast.berg.save(update_fields=["name"])
    made(cast, by=cast.bob)
    archive = opened(download(signed_in(cast.bob), link()))
    assert "'=HYPERLINK(1)" in archive.read("memberships.csv").decode()
    for name in archive.namelist():
        if name.endswith(".csv"):
            rows = csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))
            assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]


# The job


def test_request_and_download_are_in_the_log(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.ada)
    opened(download(signed_in(cast.ada), link()))
    about = Entry.objects.filter(target_type="users.User", target_id=cast.bob.pk, result="done")
    assert set(about.values_list("code", flat=True)) >= {"user.export", "user.export.read"}


def test_one_at_a_time(cast: Cast) -> None:
    perform(ExportData, actor=actor(cast.bob), target_id=cast.bob.pk, data=NoInput())
    with pytest.raises(Refused) as refusal:
        perform(ExportData, actor=actor(cast.bob), target_id=cast.bob.pk, data=NoInput())
    assert refusal.value.reason == "export_running"
    perform(ExportUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=NoInput())


def test_a_killed_job_begins_anew_and_ends_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    perform(ExportData, actor=actor(cast.bob), target_id=cast.bob.pk, data=NoInput())
    export = Export.objects.get()
    with monkeypatch.context() as killed:
        killed.setattr(exporting, "_flat", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_export(export.job_id)
    assert list(folder().iterdir()) == []
    run_export(export.job_id)
    run_export(export.job_id)
    assert Job.objects.get(pk=export.job_id).state == JobState.DONE
    assert Entry.objects.filter(code="user.export.end", result="done").count() == 1


def test_a_cancelled_export_leaves_no_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "LOOK_UP", 1)
    perform(ExportUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=NoInput())
    export = Export.objects.get()
    with staging():
        Job.objects.filter(pk=export.job_id).update(state=JobState.RUNNING)
    perform(CancelJob, actor=actor(cast.ada), target_id=export.job_id, data=CancelJobInput())
    run_export(export.job_id)
    assert Job.objects.get(pk=export.job_id).state == JobState.CANCELLED
    assert list(folder().iterdir()) == []


def test_files_go_after_they_were_taken_or_when_nobody_came(cast: Cast, signed_in: SignedIn) -> None:
    taken, waiting = made(cast, by=cast.bob), made(cast, by=cast.ada)
    path_of(taken.file).with_suffix(".stray").write_bytes(b"")
    with staging():
        Export.objects.filter(pk=taken.pk).update(taken_at=clock.now() - dt.timedelta(minutes=50))
    EXPORT_KIND.sweep()
    assert {path.name for path in folder().iterdir()} == {path_of(each.file).name for each in (taken, waiting)}
    with staging():
        Export.objects.filter(pk=taken.pk).update(taken_at=clock.now() - dt.timedelta(minutes=70))
    EXPORT_KIND.sweep()
    assert [path.name for path in folder().iterdir()] == [path_of(waiting.file).name]
    with clock.at(clock.now() + dt.timedelta(days=8)):
        EXPORT_KIND.sweep()
    assert list(folder().iterdir()) == []


def test_files_are_readable_by_nobody_else(cast: Cast) -> None:
    export = made(cast, by=cast.bob)
    assert path_of(export.file).stat().st_mode & 0o077 == 0
    assert folder().stat().st_mode & 0o077 == 0


def test_who_was_disabled_meanwhile_gets_no_mail(cast: Cast) -> None:
    perform(ExportData, actor=actor(cast.bob), target_id=cast.bob.pk, data=NoInput())
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(disabled_at=clock.now())
    export = Export.objects.get()
    run_export(export.job_id)
    tasks.send_export_link(export_id=export.pk, tenant_id=export.tenant_id)
    assert not [sent for sent in mail.outbox if "exports" in str(sent.body)]


def test_memory_stays_flat_however_long_the_log_is(cast: Cast) -> None:
    person = User.objects.select_related("organization", "tenant", "role", "location").get(pk=cast.bob.pk)
    peaks = []
    for number in (4_000, 16_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO actionlog_entry (tenant_id, at, code, result, client, actor_kind, actor_id, actor_label,"
                " target_type, target_id, target_label, path, facts) SELECT %s, now() - n * interval '1 second',"
                " 'user.session.start', 'done', 'web', 'user', %s, 'Bob Berg', 'users.User', %s, 'Bob Berg', '2.',"
                " jsonb_build_object('words', repeat('long ', 50)) FROM generate_series(1, %s) n",
                [cast.lumen.pk, str(cast.bob.pk), cast.bob.pk, number],
            )
        export = Export(file="00000000-0000-4000-8000-000000000000")
        tracemalloc.start()
        built = build(person, export.file, own=True)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert built.records > number
    assert peaks[1] < peaks[0] + 3_000_000, f"12,000 more entries, held at once, are more than 15 MB: {peaks}"


@pytest.mark.parametrize(("who", "sees"), [("ada", True), ("finn", True), ("dana", False), ("bob", False)])
def test_the_job_is_seen_by_who_asked_and_who_may_see_jobs(
    cast: Cast, signed_in: SignedIn, who: str, sees: bool
) -> None:
    export = made(cast, by=cast.ada)
    browser = signed_in(getattr(cast, who))
    assert ("All data of Bob Berg" in browser.get("/jobs/").content.decode()) == sees
    page = browser.get(reverse("jobs:detail", args=[export.job_id]))
    assert page.status_code == (200 if sees else 404)
    assert not sees or "in a mail to Ada Lindqvist" in page.content.decode()


def test_a_staff_member_may_not_and_nobody_reaches_up(cast: Cast, signed_in: SignedIn) -> None:
    with pytest.raises(Denied):
        perform(ExportUser, actor=actor(cast.cleo), target_id=cast.bob.pk, data=NoInput())
    for who, status in (("cleo", 403), ("bea", 404), ("eve", 404)):
        assert signed_in(getattr(cast, who)).get(reverse("users:export", args=[cast.finn.pk])).status_code == status


def test_building_stops_when_it_is_not_wanted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "LOOK_UP", 1)
    person = User.objects.select_related("organization", "tenant", "role", "location").get(pk=cast.bob.pk)
    with pytest.raises(NotWanted):
        build(person, "00000000-0000-4000-8000-000000000001", own=True, wanted=lambda: False)  # type: ignore[arg-type]
    assert list(folder().iterdir()) == []


def test_staff_read_the_export_by_its_own_action(cast: Cast, signed_in: SignedIn) -> None:
    made(cast, by=cast.ada)
    data = ExportSecretInput(secret_hash=secret_hash(link().rstrip("/").rpartition("/")[2]))
    with pytest.raises(Denied):
        perform(ReadExport, actor=actor(cast.abe), target_id=cast.bob.pk, data=data)
    perform(ReadExport, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)


# How far it is.

HTMX = {"HX-Request": "true"}
PART = HTMX | {"HX-Target": "making"}


def half_way(export: Export) -> None:
    """The worker is at it."""
    perform(
        StartJob,
        actor=system_actor("worker", tenant_id=export.tenant_id),
        target_id=export.job_id,
        data=StartJobInput(),
    )
    tell_progress(export.job_id, done=30, total=60)


def test_it_is_told_how_far_the_file_is_and_the_last_word_is_all_of_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "TELL_AFTER", 1)
    monkeypatch.setattr(exporting, "TELL_EVERY", 0)
    for number in range(20):
        data = EditUserInput(nickname=f"Bobby {number}")
        perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)
    told: list[tuple[int, int]] = []
    build(cast.bob, UUID(int=1), own=True, tell=lambda done, total: told.append((done, total)))
    done = [one for one, _total in told]
    (total,) = {total for _done, total in told}
    assert total >= 20 + len(LAYOUT)
    assert done == list(range(total + 1))


def test_a_job_that_is_over_is_told_nothing(cast: Cast) -> None:
    export = made(cast, by=cast.bob)
    before = Job.objects.get(pk=export.job_id).done
    tell_progress(export.job_id, done=1, total=99)
    assert Job.objects.get(pk=export.job_id).done == before


def test_the_page_that_asked_for_ones_own_data_shows_how_far_it_is(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    page = "/account/data/"
    assert browser.post("/account/data/export/", headers=HTMX)["HX-Trigger"].count("exports:changed") == 1
    asked = browser.get(page).content.decode()
    assert "Waiting for its turn" in asked
    assert "Request the file" not in asked
    export = Export.objects.get()
    half_way(export)
    part = browser.get(page, headers=PART).content.decode()
    assert "50 % is gathered" in part
    assert 'value="30"' in part
    assert 'hx-trigger="every 1s"' in part
    assert "Being made" in part
    run_export(export.job_id)
    part = browser.get(page, headers=PART).content.decode()
    assert "The file is ready." in part
    assert "every 1s" not in part
    assert "Request the file" in part


def test_a_file_that_was_not_made_is_not_waited_for(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    browser.post("/account/data/export/")
    perform(CancelJob, actor=actor(cast.ada), target_id=Export.objects.get().job_id, data=CancelJobInput())
    run_export(Export.objects.get().job_id)
    page = browser.get("/account/data/").content.decode()
    assert "The last file was not made. It was cancelled." in page
    assert "every 1s" not in page


def test_the_dialog_that_asked_for_somebodys_data_shows_how_far_it_is(cast: Cast, signed_in: SignedIn) -> None:
    browser, page = signed_in(cast.ada), reverse("users:export", args=[cast.bob.pk])
    assert "Waiting for its turn" in browser.post(page, headers=HTMX).content.decode()
    export = Export.objects.get()
    half_way(export)
    assert "50 % is gathered" in browser.get(page, headers=HTMX).content.decode()
    assert "50 % is gathered" in browser.get(page, headers=PART).content.decode()
    # What somebody else asked for is nobody's business.
    assert "gathered." not in signed_in(cast.abe).get(page, headers=HTMX).content.decode()
    run_export(export.job_id)
    part = browser.get(page, headers=PART).content.decode()
    assert "The file is ready." in part
    assert "every 1s" not in part
    assert "Export all data" in browser.get(page).content.decode()
