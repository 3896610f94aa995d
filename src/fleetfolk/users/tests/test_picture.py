"""Pictures: fetched by this server from one place, shown to who may see the person, gone with the rule."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pytest_django import Settings

from fleetfolk.access.actions import EditRules, EditRulesInput
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.fetching import fetch_pictures
from fleetfolk.users.gravatar import LARGEST
from fleetfolk.users.picture_files import hash_of, is_empty, kept_picture, looked_for_at

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
JPEG = b"\xff\xd8\xff" + b"x" * 100
HOSTILE = {
    "a page": (200, b"<!DOCTYPE html><script>alert(1)</script>"),
    "a drawing that can run scripts": (200, b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
    "a page that begins like nothing": (200, b"GIF89a"),
    "too much": (200, PNG + b"x" * LARGEST),
    "nothing": (200, b""),
    "no picture": (404, PNG),
    "somewhere else": (302, PNG),
}


class Source:
    """Stands in for gravatar.com."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.partition("?")[0].rpartition("/")[2]
                source.asked.append(name)
                status, body = source.answers.get(name, (404, b""))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"/{hash_of('elsewhere@lumenhome.example')}")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Silence."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def has(self, email: str, body: bytes, status: int = 200) -> None:
        self.answers[hash_of(email)] = (status, body)


@pytest.fixture
def source(settings: Settings, tmp_path: Path) -> Iterator[Source]:
    settings.FLEETFOLK_DATA = tmp_path
    stand_in = Source()
    yield stand_in
    stand_in.server.shutdown()
    stand_in.server.server_close()


def rule(cast: Cast, where: Organization, on: bool | None) -> None:
    perform(EditRules, actor=actor(cast.ada), target_id=where.pk, data=EditRulesInput(gravatar=on))


def test_nobody_is_asked_about_before_somebody_wants_pictures(cast: Cast, source: Source) -> None:
    assert fetch_pictures(source=source.address) == 0
    assert source.asked == []


def test_a_picture_is_fetched_once_and_shown_to_who_may_see_the_person(
    cast: Cast, signed_in: SignedIn, source: Source
) -> None:
    source.has(cast.cleo.email, PNG)
    source.has(cast.finn.email, JPEG)
    rule(cast, cast.north, on=True)
    fetch_pictures(source=source.address)
    assert sorted(source.asked) == sorted(hash_of(one.email) for one in (cast.cleo, cast.finn, cast.bob, cast.bea))
    assert fetch_pictures(source=source.address) == 0
    path = f"/users/{cast.cleo.pk}/picture/"
    answer = signed_in(cast.ada).get(path)
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert path in signed_in(cast.ada).get(f"/users/{cast.cleo.pk}/").content.decode()
    for outsider in (cast.eve, cast.sam, cast.bea, cast.bob):
        assert signed_in(outsider).get(path).status_code == 404
    assert signed_in(cast.ada).get(f"/users/{cast.bob.pk}/picture/").status_code == 404


@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_else_is_sent_is_not_kept(cast: Cast, source: Source, what: str) -> None:
    status, body = HOSTILE[what]
    source.has(cast.cleo.email, body, status)
    source.has("elsewhere@lumenhome.example", PNG)
    rule(cast, cast.north, on=True)
    fetch_pictures(source=source.address)
    assert kept_picture(cast.cleo.email) is None
    assert looked_for_at(cast.cleo.email)
    assert hash_of("elsewhere@lumenhome.example") not in source.asked


def test_switched_off_the_pictures_are_not_shown_at_once_and_then_gone(
    cast: Cast, signed_in: SignedIn, source: Source
) -> None:
    source.has(cast.cleo.email, PNG)
    source.has(cast.sue.email, PNG)
    rule(cast, cast.lumen, on=True)
    fetch_pictures(source=source.address)
    rule(cast, cast.north, on=False)
    assert signed_in(cast.ada).get(f"/users/{cast.cleo.pk}/picture/").status_code == 404
    assert "picture" not in signed_in(cast.ada).get(f"/users/{cast.cleo.pk}/header/").content.decode()
    fetch_pictures(source=source.address)
    assert kept_picture(cast.cleo.email) is None
    assert kept_picture(cast.sue.email) is not None
    rule(cast, cast.lumen, on=None)
    fetch_pictures(source=source.address)
    assert is_empty()


def test_nobody_there_is_no_answer_that_is_remembered(cast: Cast, source: Source) -> None:
    rule(cast, cast.north, on=True)
    source.server.shutdown()
    source.server.server_close()
    assert fetch_pictures(source=source.address) == 0
    assert is_empty()
