"""The pages of segments: written by rules or by hand, seen with their members, ordered, deleted."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job
from fleetfolk.organizations.models import Tag
from fleetfolk.segments.models import Member, Segment
from fleetfolk.segments.tests.asking import BY_NAME, HTMX, form, line, post, segment_in
from fleetfolk.segments.web import membership
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn


def test_rules_are_written_and_saved(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    page = browser.get("/segments/new/").content.decode()
    assert "People who match" in page
    group = [("node", "r-1:group"), ("how-r-1", "none")]
    said = form(
        line("r-0", "name", "contains", "cleo"),
        group,
        line("r-1-0", "status", "any_of", "disabled", "deletion"),
        line("r-1-1", "sign_ins", "at_least", "3", days="30"),
    )
    answer = browser.post("/segments/new/", said)
    segment = Segment.objects.get()
    assert answer["Location"] == f"/segments/{segment.pk}/"
    assert segment.rules == {
        "all": [
            {"field": "name", "op": "contains", "value": "cleo"},
            {
                "not": {
                    "any": [
                        {"field": "status", "op": "any_of", "value": ["disabled", "deletion"]},
                        {"field": "sign_ins", "op": "at_least", "value": 3, "about": {"days": 30}},
                    ]
                }
            },
        ]
    }
    again = browser.get(f"/segments/{segment.pk}/edit/").content.decode()
    assert 'value="none" selected' in again
    assert re.search(r'name="v-r-1-0" value="disabled" checked', again)
    assert browser.get(f"/segments/{segment.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (line("r-0", "", ""), "Choose what this line asks about."),
        (line("r-0", "name", "contains", ""), "Type what is compared."),
        (line("r-0", "status", "any_of"), "Choose at least one."),
        (line("r-0", "created", "last", "soon"), "Type a number of days."),
        (line("r-0", "created", "on", "2026-02-30"), "Choose a day."),
        (line("r-0", "sign_ins", "at_least", "3"), "Fill in “In the last days”."),
        (line("r-0", "sign_ins", "between", "5", "2", days="3"), "Type two numbers, the smaller one first."),
        ([("node", "r-0:group"), *line("r-0-0", "nothing", "is")], "Choose what this line asks about."),
    ],
)
def test_an_unfinished_line_says_what_is_missing(
    cast: Cast, signed_in: SignedIn, parts: list[tuple[str, str]], sentence: str
) -> None:
    answer = post(signed_in(cast.ada), "/segments/new/", form(parts), "builder")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Some lines are not finished." in answer.content.decode()
    assert "This group is empty" not in answer.content.decode()
    assert not Segment.objects.exists()


def test_an_unfinished_line_and_a_missing_name_are_said_at_once(cast: Cast, signed_in: SignedIn) -> None:
    parts = form(line("r-0", "nothing", "is"), name="")
    said = post(signed_in(cast.ada), "/segments/new/", parts, "builder").content.decode()
    assert "Choose what this line asks about." in said
    assert "Give the segment a name of 1 to 60 characters." in said


def test_a_group_without_lines_is_said_to_be_empty(cast: Cast, signed_in: SignedIn) -> None:
    parts = form(line("r-0", "name", "known"), [("node", "r-1:group")])
    answer = post(signed_in(cast.ada), "/segments/new/", parts, "builder")
    assert answer.status_code == 422
    assert "This group is empty" in answer.content.decode()


def test_each_step_answers_with_the_rules_after_it(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    first = form(line("r-0", "name", "contains", "c"))

    def nodes(**step: str) -> list[str]:
        answer = post(browser, "/segments/draft/", first | {key: [value] for key, value in step.items()}, "builder")
        assert "draft:changed" in answer["HX-Trigger-After-Swap"]
        body = answer.content.decode()
        assert "<html" not in body
        return re.findall(r'name="node" value="([^"]+)"', body)

    assert nodes(do="line:r") == ["r:group", "r-0:line", "r-1:line"]
    assert nodes(do="group:r") == ["r:group", "r-0:line", "r-1:group", "r-1-0:line"]
    assert nodes(do="drop:r-0") == ["r:group", "r-0:line"]  # Never nothing at all.
    for strange in ("drop:r", "drop:r-7", "line:r-0-0-0", "group:r-9", "line:", "x" * 500):
        assert nodes(do=strange) == ["r:group", "r-0:line"]
    changed = first | {"field-r-0": ["status"]}
    body = post(browser, "/segments/draft/", changed, "builder").content.decode()
    assert "is one of" in body
    assert 'value="c"' not in body


def test_the_count_and_a_sample_are_shown_while_one_writes(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    said = form(line("r-0", "name", "contains", "cleo"))
    live = post(browser, "/segments/draft/live/", said, "live").content.decode()
    assert '<div class="ff-huge">1</div>' in live
    assert "Cleo Staff" in live
    counts = post(
        browser, "/segments/draft/counts/", form(line("r-0", "name", "contains", "cleo"), line("r-1", "", ""))
    )
    assert re.search(r'id="k-r-0"[^>]*>1</span>', counts.content.decode())
    assert re.search(r'id="k-r-1"[^>]*></span>', counts.content.decode())
    unfinished = post(browser, "/segments/draft/live/", form(line("r-0", "", "")), "live").content.decode()
    assert "Choose what this line asks about." in unfinished
    why = post(browser, f"/segments/draft/why/{cast.cleo.pk}/", said, "dialog-host").content.decode()
    assert "Name contains “cleo”" in why
    plain = browser.post("/segments/draft/", said).content.decode()
    assert '<div class="ff-huge">1</div>' in plain  # Without a script, too.


def test_what_saving_would_change_is_said(cast: Cast, signed_in: SignedIn) -> None:
    segment = segment_in(cast, rules=BY_NAME)
    with staging():
        Member.objects.create(tenant=cast.lumen, segment=segment, target_id=cast.cleo.pk, since=cast.cleo.created_at)
    said = form(line("r-0", "name", "contains", "finn"), segment=str(segment.pk))
    counts = post(signed_in(cast.ada), "/segments/draft/counts/", said).content.decode()
    assert "+1 enter" in counts
    assert "−1 leave" in counts


def test_the_filters_of_the_list_become_rules(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    role = cast.role("staff").pk
    page = browser.get("/users/", {"role": str(role), "status": "active", "q": "cleo"}).content.decode()
    link = re.search(r'id="save-segment" href="([^"]+)"', page)
    assert link
    new = browser.get(link[1].replace("&amp;", "&")).content.decode()
    nodes = re.findall(r'name="node" value="([^"]+)"', new)
    assert nodes == ["r:group", "r-0:line", "r-1:line", "r-2:group", "r-2-0:line", "r-2-1:line", "r-2-2:line"]
    assert f'name="v-r-0" value="{role}" checked' in new
    assert 'name="v-r-1" value="active" checked' in new
    assert browser.get("/users/").content.decode().count("save-segment") == 0
    # Rules say nothing of somebody's type: a segment without it would hold others, too.
    assert browser.get("/users/?role=1&type=developer").content.decode().count("save-segment") == 0
    devices = browser.get("/segments/new/?of=devices&status=online&status=waiting&template=x&tag=1").content.decode()
    assert 'name="v-r-0" value="1" checked' in devices
    assert "r-1-0-1:line" in devices


def test_a_word_of_a_tag_becomes_a_rule_about_the_tag(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        beta, other = (
            Tag.objects.create(tenant=cast.lumen, organization=cast.lumen, name=name) for name in ("Bêta 2", "Ok")
        )
        evil = Tag.objects.create(tenant=cast.evil, organization=cast.evil, name="Beta")
    browser = signed_in(cast.ada)
    for of in ("users", "devices"):
        page = browser.get("/segments/new/", {"of": of, "q": "beta"}).content.decode()
        assert f'value="{beta.pk}" checked' in page
        assert f'value="{other.pk}" checked' not in page
        assert f'value="{evil.pk}"' not in page
        unknown = browser.get("/segments/new/", {"of": of, "q": "zz"}).content.decode()
        assert page.count('value="tags" selected') == 1
        assert 'value="tags" selected' not in unknown


def test_a_segment_by_hand_takes_people_and_lets_them_go(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    browser.post("/segments/new/", {"name": "Testers", "of": "users", "kind": "static"})
    segment = Segment.objects.get()
    assert not segment.is_dynamic
    found = browser.get(f"/segments/{segment.pk}/add/", {"find": "cleo"}).content.decode()
    assert f'value="{cast.cleo.pk}"' in found
    assert f'value="{cast.bob.pk}"' not in found
    browser.post(f"/segments/{segment.pk}/add/", {"key": [cast.cleo.pk, cast.bob.pk, "x"]})
    assert set(segment.members.values_list("target_id", flat=True)) == {cast.cleo.pk, cast.bob.pk}
    entries = Entry.objects.filter(code="user.segment.assign", result="done")
    assert entries.count() == 2
    assert len(set(entries.values_list("batch_id", flat=True))) == 1
    page = browser.get(f"/segments/{segment.pk}/").content.decode()
    assert "Cleo Staff" in page
    assert (
        "Bob"
        not in browser.get(f"/segments/{segment.pk}/?q=cleo", headers=HTMX | {"HX-Target": "members"}).content.decode()
    )
    asked = browser.get(f"/segments/{segment.pk}/remove/{cast.cleo.pk}/").content.decode()
    assert "Remove Cleo Staff" in asked
    browser.post(f"/segments/{segment.pk}/remove/{cast.cleo.pk}/")
    assert list(segment.members.values_list("target_id", flat=True)) == [cast.bob.pk]
    gone = browser.get(f"/segments/{segment.pk}/?tab=passages").content.decode()
    assert gone.count(">came<") == 2
    assert gone.count(">went<") == 1


def test_members_come_from_a_file_and_go_into_one(cast: Cast, signed_in: SignedIn) -> None:
    segment = segment_in(cast)
    browser = signed_in(cast.ada)
    first = f"{cast.cleo.email.upper()};Cleo"
    words = ["E-mail;Name", first, str(cast.finn.pk), cast.sam.email, "nobody@x.example", ""]
    lines = "\r\n".join(words)

    def sent(content: bytes) -> Any:
        file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
        return browser.post(f"/segments/{segment.pk}/import/", {"file": file}, headers=HTMX)

    answer = sent(b"\xef\xbb\xbf" + lines.encode())
    assert "2 added" in answer["HX-Trigger"]
    assert set(segment.members.values_list("target_id", flat=True)) == {cast.cleo.pk, cast.finn.pk}  # Sam is elsewhere.
    assert "2 were not found" in answer["HX-Trigger"]
    for wrong in (b"\xff\xfe\x00a", b"a\0b"):
        assert sent(wrong).status_code == 422
    with staging():
        type(cast.cleo).objects.filter(pk=cast.cleo.pk).update(first_name="=HYPERLINK(1)")
    file = b"".join(browser.get(f"/segments/{segment.pk}/members.csv")).decode("utf-8-sig")
    assert cast.cleo.email in file
    assert "'=HYPERLINK" in file


def test_a_long_file_is_for_a_worker(cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "AT_ONCE", 2)
    segment, browser = segment_in(cast, "lumen"), signed_in(cast.ada)
    people = [cast.bob, cast.bea, cast.sam]

    def sent(*words: str) -> Any:
        file = SimpleUploadedFile("people.csv", "\n".join(words).encode(), content_type="text/csv")
        return browser.post(f"/segments/{segment.pk}/import/", {"file": file}, headers=HTMX)

    answer = sent(*(person.email for person in people), cast.eve.email)
    job = Job.objects.get()
    assert answer["HX-Redirect"] == reverse("bulk:job", args=[job.pk])
    assert (job.kind, job.state, job.total) == ("users.bulk", "queued", 3)
    assert not segment.members.exists()
    page = browser.get(answer["HX-Redirect"]).content.decode()
    assert f"Not found: {cast.eve.email}." in page
    run_bulk(job.pk)
    assert set(segment.members.values_list("target_id", flat=True)) == {person.pk for person in people}
    assert Entry.objects.filter(code="user.segment.assign", batch_id=job.batch_id).count() == 3
    browser.post(reverse("bulk:undo", args=[job.pk]))
    run_bulk(Job.objects.latest("pk").pk)
    assert not segment.members.exists()
    assert "2 added" in sent(cast.bob.email, cast.bea.email)["HX-Trigger"]
    role = cast.ada.role
    with staging():
        left = [code for code in role.permissions if code != "users.jobs.view"]
        type(role).objects.filter(pk=role.pk).update(permissions=left)
    assert "3 added" in sent(*(person.email for person in people))["HX-Trigger"]


def test_devices_of_a_long_file_are_for_a_worker_too(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "AT_ONCE", 1)
    devices = [device_of(cast.north, name)[0] for name in ("Cellar", "Attic")]
    segment = segment_in(cast, of="devices", name="Cellars")
    lines = "\n".join(str(device.pk) for device in devices)
    file = SimpleUploadedFile("devices.csv", lines.encode(), content_type="text/csv")
    signed_in(cast.ada).post(f"/segments/{segment.pk}/import/", {"file": file}, headers=HTMX)
    run_bulk(Job.objects.get().pk)
    assert set(segment.members.values_list("target_id", flat=True)) == {device.pk for device in devices}


def test_devices_have_segments_too(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.north)
    segment = segment_in(cast, of="devices", name="Cellars")
    browser = signed_in(cast.ada)
    browser.post(f"/segments/{segment.pk}/add/", {"key": [device.pk]})
    assert segment.members.get().target_id == device.pk
    assert device.name in browser.get(f"/segments/{segment.pk}/").content.decode()
    page = browser.get(f"/devices/?segment={segment.pk}").content.decode()
    assert f'id="bubble-{segment.pk}"' in page
    assert device.name in page
    assert "Cellars" in browser.get("/segments/?of=devices").content.decode()
