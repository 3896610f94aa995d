"""The list of people as a CSV file: whom the viewer may see, what they chose, nothing that runs, and a trace."""

import csv
import io
import itertools
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.listing import reach_of
from fleetfolk.users.models import User, UserTag
from fleetfolk.users.people_csv import people_csv

FILE = "/users/export/file/"


@pytest.fixture
def ada(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


def raw(browser: Client, **query: Any) -> bytes:
    answer: Any = browser.get(FILE, query)
    assert answer.status_code == 200, answer
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    return b"".join(answer.streaming_content)


def rows(browser: Client, **query: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw(browser, **query).decode(), newline="")))


def test_it_holds_what_the_list_shows_in_its_order_and_columns(cast: Cast, ada: Client) -> None:
    with staging():
        for name in ("Vip", "=Beta"):
            tag = Tag.objects.create(tenant=cast.lumen, organization=cast.lumen, name=name)
            UserTag.objects.create(tenant=cast.lumen, user=cast.bob, tag=tag)
        User.objects.filter(pk=cast.bob.pk).update(phone="+4915112345", first_name='Zoë, "Z"', last_name="=1+1")
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput())
    (bob,) = rows(ada, q="bob@", column=["phone", "name", "email", "status", "tags", "organization", "role", "devices"])
    assert bob == {
        "Name": 'Zoë, "Z" =1+1',
        "E-mail": cast.bob.email,
        "Phone": "'+4915112345",
        "Role": "User",
        "Organization": "Familie Berg",
        "Status": "Disabled",
        "Tags": "'=Beta; Vip",
        "Devices": "0",
    }
    names = [row["Name"] for row in rows(ada, sort="name", column="name")]
    assert names == sorted(names, key=str.lower)
    assert next(row["Name"] for row in rows(ada, sort="tags", dir="desc", column="name")) == bob["Name"]
    assert len(rows(ada)[0]) == 12


def test_nobody_is_in_it_whom_the_viewer_may_not_see(cast: Cast, signed_in: SignedIn) -> None:
    seen = {row["E-mail"] for row in rows(signed_in(cast.finn), column="email")}
    assert seen == {person.email for person in (cast.finn, cast.cleo, cast.bob, cast.bea)}
    assert signed_in(cast.bob).get(FILE).status_code == 403
    assert signed_in(cast.bob).get("/users/export/").status_code == 403
    here = {row["E-mail"] for row in rows(signed_in(cast.finn), column="email", scope="here")}
    assert here == {cast.finn.email, cast.cleo.email}
    everywhere = {row["E-mail"] for row in rows(signed_in(cast.finn), column="email", organization=cast.south.pk)}
    assert everywhere == set()


def test_a_byte_order_mark_is_there_on_request_and_lines_end_as_everywhere(ada: Client) -> None:
    assert raw(ada, column="email").startswith(b"E-mail\r\n")
    marked = raw(ada, column="email", mark="1")
    assert marked.startswith(b"\xef\xbb\xbfE-mail\r\n")
    assert marked.count(b"\n") == marked.count(b"\r\n")


def test_that_it_was_taken_is_in_the_log(cast: Cast, ada: Client) -> None:
    raw(ada, q="bob", status="active", column=["name", "email"])
    entry = Entry.objects.get(code="user.list.export")
    assert (entry.result, entry.target_label) == ("done", "Lumen Home")
    assert entry.facts == {"filters": "q=bob&status=active", "columns": "name, email", "chosen": 0}


def test_people_who_were_chosen_are_in_it_as_far_as_they_are_seen(cast: Cast, ada: Client, signed_in: SignedIn) -> None:
    ids = ",".join(str(person.pk) for person in (cast.bob, cast.sue))
    answer = ada.post(reverse("bulk:choose", args=["users", "export"]), {"ids": ids})
    assert answer.status_code == 302
    job = Job.objects.latest("pk")
    assert answer["Location"] == f"/users/export/?job={job.pk}"
    page = ada.get(answer["Location"]).content.decode()
    assert "The 2 chosen users" in page
    assert f'name="job" value="{job.pk}"' in page
    assert {row["E-mail"] for row in rows(ada, job=job.pk)} == {cast.bob.email, cast.sue.email}
    assert Entry.objects.get(code="user.list.export").facts["chosen"] == 2
    for other in (cast.abe, cast.finn, cast.eve):
        assert signed_in(other).get(FILE, {"job": job.pk}).status_code == 404
    assert ada.get(FILE, {"job": "9" * 30}).status_code == 404


def test_the_form_sends_along_what_the_list_is(ada: Client) -> None:
    page = ada.get("/users/export/", {"q": 'b"ob', "role": "7", "after": "x"}).content.decode()
    assert 'name="q" value="b&quot;ob"' in page
    assert 'name="role" value="7"' in page
    assert 'name="after"' not in page
    assert "The users whom the list shows" in page


def test_pieces_are_drawn_while_they_are_taken(cast: Cast) -> None:
    with staging(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO users_user (tenant_id, organization_id, role_id, email, first_name, last_name, password,"
            " phone, time_zone, language, nickname, theme, session_epoch)"
            " SELECT tenant_id, organization_id, role_id, 'p' || n || '@x.example', 'P', n::text, '', '', '', '', '',"
            " 'auto', 0 FROM users_user, generate_series(1, 5000) n WHERE id = %s",
            [cast.bob.pk],
        )
    pieces = people_csv(reach_of(actor(cast.ada), here_only=False), ["name", "email", "organization"])
    sizes = [len(piece) for piece in itertools.islice(pieces, 3)]
    assert len(sizes) == 3
    assert max(sizes) < 80_000
    pieces.close()  # type: ignore[attr-defined]
    assert User.objects.count() > 5_000, "the connection goes on"
