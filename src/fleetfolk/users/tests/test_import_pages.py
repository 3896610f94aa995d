"""Importing through the pages: real layouts, wrong files, other people's imports, and the report."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.jobs.actions.erase_report import DRAFT_KEPT_FOR, REPORT_KEPT_FOR
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.tasks import erase_reports, resume_forgotten, run
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import PASSWORD, Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import State, User
from fleetfolk.users.uploads import folder, keep_upload

pytestmark = pytest.mark.usefixtures("data_folder")

HTMX = {"HX-Request": "true"}


def upload(browser: Client, content: bytes, *, into: str, role: int, **more: Any) -> Any:
    file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
    return browser.post("/users/import/", {"file": file, "organization": into, "country": "DE", "role": role, **more})


def work() -> None:
    """The worker has done what is waiting."""
    for waiting in ProcrastinateJob.objects.filter(task_name="jobs.run", status="todo"):
        run(**waiting.args)


def chosen(page: Any, **more: Any) -> dict[str, Any]:
    """What the columns page would send as it stands."""
    form = page.context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, False)} | more


def import_through_pages(browser: Client, content: bytes, *, into: str, role: int, **more: Any) -> Job:
    """Upload, columns as guessed, check, import, report: the finished job."""
    page = browser.get(upload(browser, content, into=into, role=role)["Location"])
    assert page.status_code == 200
    answer: Any = browser.post(page.wsgi_request.path, chosen(page, check="1", **more))
    assert answer.status_code == 302, answer.context["form"].errors
    work()
    checked = browser.get(answer.url)
    assert checked.context["ready"]
    draft = checked.context["job"]
    answer = browser.post(f"/users/import/{draft.pk}/start/")
    assert answer.status_code == 302
    work()
    assert browser.get(answer.url).status_code == 200
    return Job.objects.get(pk=draft.pk)


LAYOUTS = {
    "google contacts: First Name,Middle Name,Last Name,…,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value": (
        "First Name,Middle Name,Last Name,Nickname,Labels,"
        "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n"
        "Zoë,,Ångström,,* myContacts,* Work,zoe@example.org,Mobile,0171 1234567\n"
    ).encode(),
    "outlook, windows-1252: First Name,Middle Name,Last Name,Title,…,E-mail Address,Mobile Phone": (
        '"First Name","Middle Name","Last Name","Company","E-mail Address","E-mail Display Name","Mobile Phone"\r\n'
        '"Zoë","","Ångström","Lumen\r\nHome","zoe@example.org","Zoë","0171 1234567"\r\n'
    ).encode("cp1252"),
    "excel in german, semicolons: Anrede;Vorname;Nachname;E-Mail-Adresse;Mobil": (
        "Anrede;Vorname;Nachname;E-Mail-Adresse;Mobil\r\nFrau;Zoë;Ångström;Zoe@Example.org;0171/1234567\r\n"
    ).encode("utf-8-sig"),
    "entra id, utf-16: userPrincipalName,displayName,surname,mail,givenName,mobilePhone": (
        "userPrincipalName,displayName,surname,mail,givenName,mobilePhone\r\n"
        "zoe@corp.example,Zoë Ångström,Ångström,zoe@example.org,Zoë,+49 171 1234567\r\n"
    ).encode("utf-16"),
    "hubspot: Record ID,First Name,Last Name,Email,Phone Number,Contact owner,…": (
        b"\xef\xbb\xbf"
        + (
            "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company\n"
            '101,Zoë,Ångström,zoe@example.org,"(0171) 1234567",Ada,"Lumen, Home"\n'
        ).encode()
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_real_export_goes_in_through_the_pages(cast: Cast, signed_in: SignedIn, layout: str) -> None:
    role = cast.role("user").pk
    job = import_through_pages(signed_in(cast.finn), LAYOUTS[layout], into="North", role=role)
    assert (job.state, job.counts["new"], job.counts["problem"]) == (JobState.DONE, 1, 0)
    person = User.objects.get(email="zoe@example.org")
    assert (person.name, person.phone, person.state) == ("Zoë Ångström", "+491711234567", State.PENDING)
    assert person.organization_id == cast.north.pk


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04 and so on", "This is a spreadsheet"),
        (b"<!doctype html><title>Sign in</title>", "This is a web page"),
        (b"Name,Email\n", "no people below"),
        (b"Ada,ada@example.org\nBob,bob@example.org\n", "names of the columns"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file"),
    ],
)
def test_a_wrong_file_is_answered_with_what_to_do_and_not_kept(
    cast: Cast, signed_in: SignedIn, content: bytes, sentence: str
) -> None:
    answer = upload(signed_in(cast.finn), content, into="North", role=cast.role("user").pk)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Job.objects.exists()
    assert not folder().exists() or not list(folder().iterdir())


def test_too_large_a_file_is_refused(cast: Cast, signed_in: SignedIn, settings: Any) -> None:
    settings.FLEETFOLK_UPLOAD_MAX_BYTES = 20
    answer = upload(signed_in(cast.finn), b"Name,Email\nA B,a@example.org\n", into="North", role=cast.role("user").pk)
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


@pytest.mark.parametrize("into", ["South", "Evil Corp", "Lumen Home", "999999", "Nowhere"])
def test_an_organization_out_of_reach_cannot_be_named(cast: Cast, signed_in: SignedIn, into: str) -> None:
    answer = upload(signed_in(cast.finn), b"Name,Email\nA B,a@example.org\n", into=into, role=cast.role("user").pk)
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_a_stronger_role_or_one_of_another_tenant_cannot_be_chosen(cast: Cast, signed_in: SignedIn) -> None:
    for role in (cast.role("admin").pk, cast.role("user", cast.evil).pk):
        answer = upload(signed_in(cast.cleo), b"Name,Email\nA B,a@example.org\n", into="North", role=role)
        assert answer.status_code == 422


@pytest.mark.parametrize("who", ["dana", "bob"])
def test_without_the_permission_there_is_no_page(cast: Cast, signed_in: SignedIn, who: str) -> None:
    assert signed_in(getattr(cast, who)).get("/users/import/").status_code == 403


@pytest.fixture
def draft(cast: Cast, signed_in: SignedIn) -> Job:
    """Finn's draft, with one right and one wrong row."""
    content = b'Name,Email,Phone\nGood One,good@example.org,\n=HYPERLINK("http://evil.example"),,+491711234567\n'
    upload(signed_in(cast.finn), content, into="North", role=cast.role("user").pk)
    return Job.objects.get()


@pytest.mark.parametrize("who", ["ada", "cleo", "sam", "bea", "eve", "dana"])
@pytest.mark.parametrize("page", ["", "check/", "start/"])
def test_a_draft_is_its_makers_alone(cast: Cast, signed_in: SignedIn, draft: Job, who: str, page: str) -> None:
    browser = signed_in(getattr(cast, who))
    url = f"/users/import/{draft.pk}/{page}"
    answer = browser.post(url) if page == "start/" else browser.get(url)
    assert answer.status_code in (403, 404)
    assert browser.get(f"/jobs/{draft.pk}/").status_code == 404
    assert Job.objects.get().state == JobState.DRAFT


def test_the_preview_says_row_by_row_what_will_happen_and_keeps_nothing(
    cast: Cast, signed_in: SignedIn, draft: Job
) -> None:
    browser = signed_in(cast.finn)
    page = browser.get(f"/users/import/{draft.pk}/")
    assert [row["verdict"] for row in page.context["preview"]] == ["new", "problem"]
    looked = browser.post(
        f"/users/import/{draft.pk}/", chosen(page, invite="on"), headers={**HTMX, "HX-Target": "columns"}
    )
    assert looked.status_code == 200
    assert looked.context["preview"][0]["invite"]
    draft.refresh_from_db()
    assert not draft.input["invite"]
    twice = browser.post(f"/users/import/{draft.pk}/", chosen(page, **{"column-2": "email"}))
    assert twice.status_code == 422
    missing = browser.post(f"/users/import/{draft.pk}/", {**chosen(page), "column-1": ""})
    assert missing.status_code == 422
    assert "E-mail" in missing.content.decode()


def finished(cast: Cast, signed_in: SignedIn, draft: Job) -> Job:
    signed_in(cast.finn).post(f"/users/import/{draft.pk}/start/")
    work()
    draft.refresh_from_db()
    assert draft.state == JobState.DONE
    return draft


def test_an_import_that_is_started_late_asks_for_the_password_and_keeps_the_columns(
    cast: Cast, signed_in: SignedIn, draft: Job
) -> None:
    browser, url = signed_in(cast.finn, minutes_ago=11), f"/users/import/{draft.pk}/"
    typed = {**chosen(browser.get(url)), "check": "1"}
    asked = browser.post(url, typed, headers={**HTMX, "HX-Target": "columns"})
    assert (asked.status_code, asked["HX-Retarget"]) == (422, "#dialog-host")
    assert dict(asked.context["carried"]) == {name: str(value) for name, value in typed.items()}
    draft.refresh_from_db()
    assert draft.input["check_id"] is None
    answer = browser.post(url, {**typed, "own_password": PASSWORD}, headers={**HTMX, "HX-Target": "dialog-host"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{url}check/")


def test_the_report_runs_no_formula_and_can_be_imported_again(cast: Cast, signed_in: SignedIn, draft: Job) -> None:
    job = finished(cast, signed_in, draft)
    browser = signed_in(cast.finn)
    answer: Any = browser.get(f"/jobs/{job.pk}/problems.csv")
    content = b"".join(answer.streaming_content)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["Line", "Problem", "Name", "Email", "Phone"]
    assert rows[1][0] == "3"
    assert rows[1][2] == '\'=HYPERLINK("http://evil.example")'
    assert rows[1][4] == "'+491711234567"
    page = browser.get(f"/jobs/{job.pk}/").content.decode()
    assert "The e-mail address is missing." in page
    mended = content.decode("utf-8-sig").replace(",,'", ",mended@example.org,'").encode()
    again = import_through_pages(browser, mended, into="North", role=cast.role("user").pk)
    assert again.counts["new"] == 1
    assert User.objects.get(email="mended@example.org").phone == "+491711234567"


@pytest.mark.parametrize(
    ("who", "status"),
    [("ada", 200), ("cleo", 200), ("sam", 404), ("bea", 404), ("eve", 404), ("dana", 404)],
)
def test_a_job_and_its_rows_are_seen_by_who_may(
    cast: Cast, signed_in: SignedIn, draft: Job, who: str, status: int
) -> None:
    job = finished(cast, signed_in, draft)
    browser = signed_in(getattr(cast, who))
    assert browser.get(f"/jobs/{job.pk}/").status_code == status
    assert browser.get(f"/jobs/{job.pk}/problems.csv").status_code == status
    listed = browser.get("/jobs/").content.decode()
    assert (job.title in listed) == (status == 200)


def test_who_may_see_jobs_but_not_import_reads_no_rows(cast: Cast, signed_in: SignedIn, draft: Job) -> None:
    job = finished(cast, signed_in, draft)
    role = cast.cleo.role
    role.permissions = sorted({*role.permissions} - {"users.import"})
    with staging():
        role.save(update_fields=["permissions"])
    browser = signed_in(cast.cleo)
    page = browser.get(f"/jobs/{job.pk}/")
    assert page.status_code == 200
    assert "evil.example" not in page.content.decode()
    assert page.context["panel"]["problems"] == []
    assert browser.get(f"/jobs/{job.pk}/problems.csv").status_code == 404


def test_cancel_stops_what_waits_and_is_refused_to_strangers(cast: Cast, signed_in: SignedIn, draft: Job) -> None:
    finn = signed_in(cast.finn)
    finn.post(f"/users/import/{draft.pk}/start/")
    for who in (cast.sam, cast.eve, cast.dana):
        assert signed_in(who).post(f"/jobs/{draft.pk}/cancel/").status_code in (403, 404)
    assert finn.post(f"/jobs/{draft.pk}/cancel/", headers=HTMX).status_code == 204
    work()
    draft.refresh_from_db()
    assert (draft.state, draft.done) == (JobState.CANCELLED, 0)
    assert not User.objects.filter(email="good@example.org").exists()
    assert finn.post(f"/jobs/{draft.pk}/cancel/").status_code == 409


def test_the_jobs_list_goes_on_by_key(
    cast: Cast, signed_in: SignedIn, draft: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleetfolk.jobs.web.views.SIZE", 2)
    browser = signed_in(cast.finn)
    for _ in range(4):
        page = browser.get(f"/users/import/{draft.pk}/")
        browser.post(f"/users/import/{draft.pk}/", chosen(page, check="1"))
    seen: list[int] = []
    url = "/jobs/"
    while url:
        page = browser.get(url)
        seen += [row["job"].pk for row in page.context["rows"]]
        url = page.context["next_url"]
    assert len(seen) == len(set(seen)) == 4
    assert seen == sorted(seen, reverse=True)
    assert browser.get("/jobs/?before=nonsense").status_code == 200


def test_files_and_rows_are_gone_after_a_week_and_drafts_after_a_day(
    cast: Cast, signed_in: SignedIn, draft: Job
) -> None:
    job = finished(cast, signed_in, draft)
    upload(signed_in(cast.finn), b"Name,Email\nA B,a@example.org\n", into="North", role=cast.role("user").pk)
    assert len(list(folder().iterdir())) == 2
    erase_reports(timestamp=0)
    assert len(list(folder().iterdir())) == 2
    now = clock.now()
    with clock.at(now + DRAFT_KEPT_FOR):
        erase_reports(timestamp=0)
    assert len(list(folder().iterdir())) == 1
    with clock.at(now + REPORT_KEPT_FOR):
        erase_reports(timestamp=0)
    assert list(folder().iterdir()) == []
    job.refresh_from_db()
    assert not job.problems.exists()
    assert job.counts["problem"] == 1
    page = signed_in(cast.finn).get(f"/jobs/{job.pk}/")
    assert page.status_code == 200
    assert signed_in(cast.finn).get(f"/jobs/{job.pk}/problems.csv").status_code == 404


def test_a_job_that_nobody_is_at_is_taken_up_again(cast: Cast, signed_in: SignedIn, draft: Job) -> None:
    signed_in(cast.finn).post(f"/users/import/{draft.pk}/start/")
    waiting = ProcrastinateJob.objects.filter(task_name="jobs.run").count()
    later = clock.now() - DRAFT_KEPT_FOR
    with staging():
        Job.objects.update(moved_at=later)
    resume_forgotten(timestamp=0)
    assert ProcrastinateJob.objects.filter(task_name="jobs.run").count() == waiting
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'jobs.run'")
    resume_forgotten(timestamp=0)
    work()
    draft.refresh_from_db()
    assert draft.state == JobState.DONE


def test_no_upload_stays_that_no_job_names(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_upload([b"broken off"])
    erase_reports(timestamp=0)
    assert len(list(folder().iterdir())) == 1
    monkeypatch.setattr("fleetfolk.users.uploads.ORPHANED_AFTER", -1)
    erase_reports(timestamp=0)
    assert list(folder().iterdir()) == []
