"""The pages of segments: written by rules or by hand, seen with their members, ordered, deleted."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Location, Tag
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.models import Member, Segment, SegmentKind
from fleetfolk.segments.web import membership
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn

HTMX = {"HX-Request": "true"}
BY_NAME = {"any": [{"field": "name", "op": "contains", "value": "cleo"}]}


def segment_in(
    cast: Cast, where: str = "north", *, rules: Any = None, of: str = "users", name: str = "Vips"
) -> Segment:
    organization = getattr(cast, where)
    kind = SegmentKind.STATIC if rules is None else SegmentKind.DYNAMIC
    with staging():
        last = Segment.objects.filter(organization=organization).count()
        return Segment.objects.create(
            tenant_id=organization.tenant_id,
            organization=organization,
            name=name,
            of=of,
            kind=kind,
            rules=rules,
            position=last,
            counted=0,
        )


def line(place: str, field: str, op: str, *values: str, **about: str) -> list[tuple[str, str]]:
    said = [("node", f"{place}:line"), (f"was-{place}", field), (f"field-{place}", field), (f"op-{place}", op)]
    return [*said, *((f"v-{place}", value) for value in values), *((f"about-{place}-{k}", v) for k, v in about.items())]


def form(*pairs: list[tuple[str, str]], name: str = "Winter", how: str = "all", **more: str) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    every = [("name", name), ("of", "users"), ("kind", "dynamic"), ("node", "r:group"), ("how-r", how)]
    for key, value in [*every, *(pair for part in pairs for pair in part), *more.items()]:
        said.setdefault(key, []).append(value)
    return said | {key: [value] for key, value in more.items()}


def post(browser: Client, path: str, said: Any, target: str = "") -> Any:
    headers = {**HTMX, "HX-Target": target} if target else None
    return browser.post(path, said, headers=headers)


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


def test_bubbles_stand_above_the_list_and_narrow_it(cast: Cast, signed_in: SignedIn) -> None:
    segment = segment_in(cast)
    other = segment_in(cast, "south", name="Others")
    with staging():
        Member.objects.create(tenant=cast.lumen, segment=segment, target_id=cast.cleo.pk, since=cast.cleo.created_at)
        Segment.objects.filter(pk=segment.pk).update(counted=1)
    browser = signed_in(cast.finn)
    page = browser.get("/users/").content.decode()
    assert re.search(rf'id="bubble-{segment.pk}".*?<span class="n">1</span>', page, re.DOTALL)
    assert f'id="bubble-{other.pk}"' not in page
    for more in ("", "&sort=name", "&q=cleo", "&status=inactive", "&sort=tags&dir=desc"):
        shown = browser.get(f"/users/?segment={segment.pk}{more}").content.decode()
        assert "Cleo Staff" in shown, more
        assert 'title="Finn' not in shown, more
        assert re.search(r'type="hidden" name="segment" value="\d+"', shown), more
    elsewhere = browser.get(f"/users/?segment={other.pk}").content.decode()
    assert 'title="Finn' not in elsewhere
    chosen = {**HTMX, "HX-Target": "people", "HX-Current-URL": "http://testserver/users/"}
    assert (
        'id="bubbles" hx-swap-oob="true"'
        in browser.get(f"/users/?segment={segment.pk}", headers=chosen).content.decode()
    )
    same = chosen | {"HX-Current-URL": f"http://testserver/users/?segment={segment.pk}"}
    assert 'id="bubbles"' not in browser.get(f"/users/?segment={segment.pk}&q=c", headers=same).content.decode()
    assert 'id="bubbles"' not in signed_in(cast.bob).get("/account/").content.decode()


def test_a_segment_goes_before_the_first_whatever_numbers_they_have(cast: Cast, signed_in: SignedIn) -> None:
    first, second = (segment_in(cast, "lumen", name=name) for name in ("A", "B"))
    with staging():
        Segment.objects.filter(pk=second.pk).update(position=10)
    signed_in(cast.ada).post(f"/segments/{second.pk}/move/", {"to": str(first.pk)})
    assert list(Segment.objects.order_by("position", "pk").values_list("name", flat=True)) == ["B", "A"]


def test_the_order_is_changed_and_a_segment_deleted(cast: Cast, signed_in: SignedIn) -> None:
    first, second, third = (segment_in(cast, "lumen", name=name) for name in ("A", "B", "C"))
    browser = signed_in(cast.ada)

    def order() -> list[str]:
        return list(Segment.objects.order_by("position").values_list("name", flat=True))

    for segment, to, wanted in (
        (third, "up", ["A", "C", "B"]),
        (first, "down", ["C", "A", "B"]),
        (second, str(third.pk), ["B", "C", "A"]),
        (second, "up", ["B", "C", "A"]),
        (first, "down", ["B", "C", "A"]),
    ):
        browser.post(f"/segments/{segment.pk}/move/", {"to": to})
        assert order() == wanted, to
    assert browser.post(f"/segments/{first.pk}/move/", {"to": "x"}).status_code == 404
    assert "Delete A" in browser.get(f"/segments/{first.pk}/delete/").content.decode()
    answer = browser.post(f"/segments/{first.pk}/delete/", headers=HTMX)
    assert answer["HX-Redirect"] == "/segments/?of=users"
    assert order() == ["B", "C"]


def test_the_card_on_a_profile_adds_creates_explains_and_removes(cast: Cast, signed_in: SignedIn) -> None:
    segment, rules = segment_in(cast), segment_in(cast, rules=BY_NAME, name="Named")
    with staging():
        Member.objects.create(tenant=cast.lumen, segment=rules, target_id=cast.cleo.pk, since=cast.cleo.created_at)
    browser = signed_in(cast.ada)
    page = browser.get(f"/users/{cast.cleo.pk}/").content.decode()
    assert "Named" in page
    assert f'href="/segments/{rules.pk}/why/{cast.cleo.pk}/"' in page
    choices = f"/users/{cast.cleo.pk}/segments/choices/"
    assert "Vips" in browser.get(choices).content.decode()
    assert "Named" not in browser.get(choices).content.decode()
    assert "Create “Newsletter”" in browser.get(choices, {"find": "Newsletter"}).content.decode()
    assert "Create" not in browser.get(choices, {"find": "vips"}).content.decode()
    browser.post(f"/users/{cast.cleo.pk}/segments/{segment.pk}/add/")
    browser.post(f"/users/{cast.cleo.pk}/segments/new/?name=Newsletter")
    created = Segment.objects.get(name="Newsletter")
    assert created.members.get().target_id == cast.cleo.pk
    card = browser.get(f"/users/{cast.cleo.pk}/segments/card/").content.decode()
    assert [name in card for name in ("Vips", "Newsletter", "Named")] == [True, True, True]
    gone = browser.post(f"/users/{cast.cleo.pk}/segments/{segment.pk}/remove/", headers=HTMX)
    assert f"/users/{cast.cleo.pk}/segments/{segment.pk}/add/" in gone["HX-Trigger"]
    assert not segment.members.exists()
    assert browser.post(f"/users/{cast.cleo.pk}/segments/{rules.pk}/add/").status_code == 409


def test_why_says_each_line(cast: Cast, signed_in: SignedIn) -> None:
    segment = segment_in(cast, rules={"all": [*BY_NAME["any"], {"not": {"field": "phone", "op": "known"}}]})
    page = signed_in(cast.ada).get(f"/segments/{segment.pk}/why/{cast.cleo.pk}/").content.decode()
    assert "Name contains “cleo”" in page
    assert "not:" in page
    assert signed_in(cast.ada).get(f"/segments/{segment.pk}/why/{cast.eve.pk}/").status_code == 404
    assert signed_in(cast.ada).get(f"/segments/{segment.pk}/why/{cast.sam.pk}/").status_code == 404  # Not of North.


@pytest.mark.parametrize(
    ("op", "number", "said"),
    [
        ("last", 90, "Created was within the last 90 days"),
        ("last", 1, "Created was within the last 1 day"),
        ("ago", 30, "Created was more than 30 days ago"),
        ("next", 7, "Created is within the next 7 days"),
    ],
)
def test_days_stand_in_the_sentence(cast: Cast, signed_in: SignedIn, op: str, number: int, said: str) -> None:
    segment = segment_in(cast, rules={"all": [{"field": "created", "op": op, "value": number}]})
    assert said in signed_in(cast.ada).get(f"/segments/{segment.pk}/").content.decode()


def test_nobody_sees_segments_of_others(cast: Cast, signed_in: SignedIn) -> None:
    segment = segment_in(cast, rules=BY_NAME)
    pages = [
        "",
        "edit/",
        "delete/",
        "members.csv",
        "add/",
        "import/",
        f"why/{cast.cleo.pk}/",
        f"remove/{cast.cleo.pk}/",
    ]
    for who in ("eve", "sam", "bea"):
        browser = signed_in(getattr(cast, who))
        for page in pages:
            assert browser.get(f"/segments/{segment.pk}/{page}").status_code == 404, (who, page)
        assert browser.post(f"/segments/{segment.pk}/move/", {"to": "up"}).status_code == 404
        said = form(line("r-0", "name", "contains", "cleo"), segment=str(segment.pk))
        for part in ("", "live/", "counts/", f"why/{cast.cleo.pk}/"):
            answer = browser.post(f"/segments/draft/{part}", said)
            assert answer.status_code == 404, (who, part)
            assert "Cleo" not in answer.content.decode()
    assert signed_in(cast.bob).get("/segments/").status_code == 403


def test_a_field_that_one_may_not_ask_is_not_offered(cast: Cast, signed_in: SignedIn) -> None:
    role = cast.role("admin")
    with staging():
        type(role).objects.filter(pk=role.pk).update(
            permissions=[code for code in role.permissions if not code.startswith("actionlog.")]
        )
    browser = signed_in(cast.ada)
    assert "Sign-ins in a period" not in browser.get("/segments/new/").content.decode()
    said = form(line("r-0", "sign_ins", "at_least", "3", days="30"))
    assert browser.post("/segments/new/", said).status_code == 422


def test_many_who_were_chosen_are_put_into_a_segment_and_taken_out_again(cast: Cast, signed_in: SignedIn) -> None:
    segment, elsewhere = segment_in(cast), segment_in(cast, "south", name="South")
    browser = signed_in(cast.ada)
    chosen = browser.post(reverse("bulk:choose", args=["users", "segment"]), {"ids": f"{cast.cleo.pk},{cast.sam.pk}"})
    job = int(chosen["Location"].strip("/").split("/")[-1])
    preview = browser.get(chosen["Location"], {"segment_id": segment.pk}).content.decode()
    assert "Add 1 user to a segment" in preview
    assert "does not reach so far" in preview
    assert f'value="{elsewhere.pk}"' in preview
    browser.post(reverse("bulk:start", args=[job]), {"segment_id": segment.pk})
    run_bulk(job)
    assert list(segment.members.values_list("target_id", flat=True)) == [cast.cleo.pk]
    browser.post(reverse("bulk:undo", args=[job]))
    run_bulk(Job.objects.latest("pk").pk)
    assert not segment.members.exists()


def test_many_devices_are_put_into_a_segment(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.north)
    people, segment = segment_in(cast), segment_in(cast, of="devices", name="Cellars")
    browser = signed_in(cast.ada)
    chosen = browser.post(reverse("bulk:choose", args=["devices", "segment"]), {"ids": str(device.pk)})
    job = int(chosen["Location"].strip("/").split("/")[-1])
    preview = browser.get(chosen["Location"], {"segment_id": segment.pk}).content.decode()
    assert "Add 1 device to a segment" in preview
    assert f'value="{people.pk}"' not in preview
    browser.post(reverse("bulk:start", args=[job]), {"segment_id": segment.pk})
    run_bulk(job)
    assert segment.members.get().target_id == device.pk


def test_the_file_of_members_asks_who_takes_it_and_is_logged(cast: Cast, signed_in: SignedIn) -> None:
    segment = segment_in(cast, rules=BY_NAME)
    file = f"/segments/{segment.pk}/members.csv"
    asked = signed_in(cast.ada, minutes_ago=11).get(file).content.decode()
    assert "Confirm that it is you" in asked
    assert cast.cleo.email not in asked
    assert not Entry.objects.filter(code="user.list.export", result="done").exists()
    signed_in(cast.ada).get(file)
    entry = Entry.objects.get(code="user.list.export", result="done")
    assert entry.facts["filters"] == f"segment={segment.pk}"


def test_nothing_elsewhere_is_named_by_its_key(cast: Cast, signed_in: SignedIn) -> None:
    """Whoever writes rules could try one key after another, and read the names of all other customers."""
    browser = signed_in(cast.sam)
    with staging():
        place = Location.objects.create(tenant=cast.lumen, organization=cast.berg, name="Bergs Keller")
    for field, op, key in (("home", "any_of", cast.berg.pk), ("organization", "within", cast.berg.pk)):
        page = post(browser, "/segments/draft/", form(line("r-0", field, op, str(key))), "builder").content.decode()
        assert cast.berg.name not in page
        assert "gone" in page
        saved = browser.post("/segments/new/", form(line("r-0", field, op, str(key))))
        assert saved.status_code == 422
    page = post(browser, "/segments/draft/", form(line("r-0", "location", "any_of", str(place.pk))), "builder")
    assert place.name not in page.content.decode()
    own = form(line("r-0", "home", "any_of", str(cast.south.pk)))
    assert cast.south.name in post(browser, "/segments/draft/", own, "builder").content.decode()


def test_a_segment_that_one_may_not_see_is_not_named_in_rules(cast: Cast, signed_in: SignedIn) -> None:
    above = segment_in(cast, "lumen", rules=BY_NAME, name="Suspects")
    rules = {"field": "segment", "op": "any_of", "value": [above.pk]}
    data = CreateSegmentInput(name="Below", rules=rules)
    perform(CreateSegment, actor=actor(cast.ada), target_id=cast.north.pk, data=data)
    below = Segment.objects.get(name="Below")
    assert "Suspects" in signed_in(cast.ada).get(f"/segments/{below.pk}/").content.decode()
    browser = signed_in(cast.finn)
    assert browser.get(f"/segments/{above.pk}/").status_code == 404
    assert "Suspects" not in browser.get(f"/segments/{below.pk}/").content.decode()


def test_pages_keep_to_themselves_who_is_in_what_one_may_not_ask(cast: Cast, signed_in: SignedIn) -> None:
    device_of(cast.berg, owner=cast.bob)
    rules = {"field": "device_online", "op": "is", "value": False}
    segment, plain = segment_in(cast, rules=rules, name="Offline"), segment_in(cast, rules=BY_NAME, name="Cleo")
    browser, role, page = signed_in(cast.finn), cast.finn.role, f"/segments/{segment.pk}/"
    with staging():
        for one in (segment, plain):
            Member.objects.create(tenant=cast.lumen, segment=one, target_id=cast.bob.pk, since=cast.bob.created_at)
            Segment.objects.filter(pk=one.pk).update(counted=4711)
        assert "Bob Berg" in browser.get(page).content.decode()
        without = [code for code in role.permissions if code != "devices.view"]
        type(role).objects.filter(pk=role.pk).update(permissions=without)
    assert browser.get("/segments/").content.decode().count("4,711") == 1
    shown = browser.get(page).content.decode()
    assert "ask about what your role does not show you" in shown
    for hidden in ("4,711", "Bob Berg", f"{page}members.csv"):
        assert hidden not in shown
    assert "4,711" not in browser.get(f"{page}delete/", headers=HTMX).content.decode()
    for path in (f"{page}members.csv", f"{page}why/{cast.bob.pk}/"):
        assert browser.get(path).status_code == 403
    everybody = browser.get("/users/").content.decode()
    assert f'id="bubble-{plain.pk}"' in everybody
    assert f'id="bubble-{segment.pk}"' not in everybody
    assert "Bob Berg" in browser.get(f"/users/?segment={plain.pk}").content.decode()
    assert "Bob Berg" not in browser.get(f"/users/?segment={segment.pk}").content.decode()
    assert "Offline" not in browser.get(f"/users/{cast.bob.pk}/").content.decode()
