"""The report of a job as a file: who takes it along, that it is known, and that it runs nothing."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.actions import ExportReport, ExportReportInput
from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job, Target, TargetState
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import PASSWORD, Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_bulk import done, drafted
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true", "HX-Target": "dialog-host"}


def taken() -> int:
    return Entry.objects.filter(code="job.report.export", result="done").count()


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def without(cast: Cast, *permissions: str) -> None:
    """Ada's role holds these no more."""
    role = cast.ada.role
    role.permissions = sorted({*role.permissions} - {*permissions})
    with staging():
        role.save(update_fields=["permissions"])


def test_the_report_about_people_asks_first_and_is_in_the_log(cast: Cast, signed_in: SignedIn) -> None:
    job = done(cast)
    file, page = reverse("bulk:report", args=[job.pk]), reverse("bulk:job", args=[job.pk])
    browser = signed_in(cast.ada, minutes_ago=11)
    shown = browser.get(page).content.decode()
    assert f'href="{file}" hx-get="{file}" hx-target="#dialog-host"' in shown
    plain = browser.get(file).content.decode()
    assert "Confirm that it is you" in plain
    assert "Cleo" not in plain
    asked = browser.get(file, headers=HTMX)
    assert asked["HX-Retarget"] == "#dialog-host"
    assert taken() == 0
    back = browser.post("/prove/", {"own_password": PASSWORD}, query_params={"next": file})
    assert back["Refresh"] == f"0; url={file}"
    assert f'href="{page}"' in back.content.decode()
    assert browser.get(file, headers=HTMX)["HX-Redirect"] == file
    rows = rows_of(browser.get(file))
    assert rows[1][:2] == ["Cleo Staff", cast.cleo.email]
    entry = Entry.objects.get(code="job.report.export", result="done")
    assert (entry.target_id, entry.actor_label, entry.facts) == (job.pk, "Ada Lindqvist", {"count": 1})


def test_every_cell_of_the_report_is_text_only(cast: Cast, signed_in: SignedIn) -> None:
    job = done(cast)
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(first_name="=1+1", last_name="", email="@sum@example.org")
        Organization.objects.filter(pk=cast.cleo.organization_id).update(name="\t-2+3")
        Target.objects.filter(job=job).update(state=TargetState.REFUSED, reason="assist_staff", values={})
    header, row = rows_of(signed_in(cast.ada).get(reverse("bulk:report", args=[job.pk])))
    assert row[:3] == ["'=1+1", "'@sum@example.org", "'\t-2+3"]
    assert row[4].startswith("'=1+1 works with users")
    assert not [cell for cell in (*header, *row) if cell.lstrip()[:1] in ("=", "+", "-", "@")]


def test_reports_are_not_taken_one_after_another(cast: Cast, signed_in: SignedIn) -> None:
    browser, file = signed_in(cast.ada), reverse("bulk:report", args=[done(cast).pk])
    assert {browser.get(file).status_code for _again in range(10)} == {200}
    assert browser.get(file).status_code == 429
    assert taken() == 10


def test_who_may_not_see_the_people_takes_no_report(cast: Cast, signed_in: SignedIn) -> None:
    job = done(cast)
    assert signed_in(cast.dana).get(reverse("bulk:report", args=[job.pk])).status_code == 404
    without(cast, "users.view")
    with pytest.raises(Denied, match="report_not_readable"):
        perform(ExportReport, actor=actor(cast.ada), target_id=job.pk, data=ExportReportInput())


def test_there_is_no_report_of_a_draft_nor_after_it_was_erased(cast: Cast, signed_in: SignedIn) -> None:
    browser, draft, job = signed_in(cast.ada), drafted(cast), done(cast)
    with staging():
        Job.objects.filter(pk=job.pk).update(report_erased_at=clock.now())
    for one in (draft, job):
        assert browser.get(reverse("bulk:report", args=[one.pk])).status_code == 404
        with pytest.raises(Refused, match="report_gone"):
            perform(ExportReport, actor=actor(cast.ada), target_id=one.pk, data=ExportReportInput())


def test_every_report_about_people_is_known_to_be_one() -> None:
    about = {code for code, kind in KINDS.items() if kind.personal}
    assert about == {"users.bulk", "user.import", "user.import.check"}
