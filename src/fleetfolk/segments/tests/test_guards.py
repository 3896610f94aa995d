"""What pages of segments keep from whom, one guard after another."""

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fleetfolk.kernel import clock
from fleetfolk.segments.models import Member
from fleetfolk.segments.web.membership import LARGEST_FILE, MOST_LINES
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_segments import SIGNED_IN, segment_of
from fleetfolk.users.models import User


@pytest.fixture
def ada(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def without(person: User, permission: str) -> None:
    """The person's role holds it no more."""
    role = person.role
    role.permissions = sorted({*role.permissions} - {permission})
    with staging():
        role.save(update_fields=["permissions"])


@pytest.mark.parametrize("elsewhere", ["/users/", "/users/{}/"])
def test_segments_stand_on_other_pages_for_who_may_see_them(cast: Cast, ada: Client, elsewhere: str) -> None:
    segment = segment_of(cast.north, "Winter check")
    with staging():
        Member.objects.create(tenant=cast.lumen, segment=segment, target_id=cast.cleo.pk, since=clock.now())
    where = elsewhere.format(cast.cleo.pk)
    assert "Winter check" in said(ada.get(where))
    without(cast.ada, "segments.view")
    assert "Winter check" not in said(ada.get(where))


@pytest.mark.parametrize("act", ["add/", "import/", "remove/{}/"])
def test_who_may_not_see_people_fills_no_segment_of_them(cast: Cast, ada: Client, act: str) -> None:
    page = f"/segments/{segment_of(cast.north).pk}/{act.format(cast.cleo.pk)}"
    assert ada.get(page).status_code == 200
    without(cast.ada, "users.view")
    assert ada.get(page).status_code == 403


@pytest.mark.parametrize("act", ["add/", "import/", "remove/{}/"])
def test_what_follows_rules_is_not_filled_by_hand(cast: Cast, ada: Client, act: str) -> None:
    segment = segment_of(cast.north, rules=SIGNED_IN)
    assert ada.get(f"/segments/{segment.pk}/{act.format(cast.cleo.pk)}").status_code == 409


@pytest.mark.parametrize(
    "content",
    [(b"x" * 299 + b"\n") * (LARGEST_FILE // 300 + 1), b"a@b.example\n" * (MOST_LINES + 2), b"PK\x03\x04\x00\xff"],
    ids=["too large", "too many lines", "no text"],
)
def test_a_file_that_is_too_much_fills_nothing(cast: Cast, ada: Client, content: bytes) -> None:
    segment = segment_of(cast.north)
    file = SimpleUploadedFile("people.csv", content)
    answer = ada.post(f"/segments/{segment.pk}/import/", {"file": file})
    assert answer.status_code == 422
    assert "too many lines" in said(answer)


def test_files_of_members_are_not_taken_one_after_another(cast: Cast, ada: Client) -> None:
    file = f"/segments/{segment_of(cast.north).pk}/members.csv"
    assert {ada.get(file).status_code for _again in range(10)} == {200}
    assert ada.get(file).status_code == 429


def test_a_field_that_is_none_offers_nothing(ada: Client) -> None:
    assert ada.get("/segments/choices/?of=users&field=nonsense").status_code == 404
