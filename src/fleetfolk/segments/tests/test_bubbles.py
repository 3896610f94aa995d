"""Segments where people meet them: bubbles above lists, cards on profiles, acts on many; and who sees which."""

import re

import pytest
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Location
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.models import Member, Segment
from fleetfolk.segments.tests.asking import BY_NAME, HTMX, form, line, post, segment_in
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn


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
