"""No log line has the secret of a link."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from fleetfolk.config.logs import without_secrets

SECRET = "3q2-7wAAAAB_secret_of_43_characters_or_so___"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"/join/{SECRET}/", "/join/…/"),
        (f"/join/{SECRET}", "/join/…"),
        (f"/password/new/2a-{SECRET}/", "/password/new/…/"),
        (f"Internal Server Error: /join/{SECRET}/", "Internal Server Error: /join/…/"),
        (f"GET https://x.example/join/{SECRET}/?next=/ 200", "GET https://x.example/join/…/?next=/ 200"),
        ("for <P-abcdefghijklmnopqrstuvwxyz+bill@push.x.example>", "for <p-…+bill@push.x.example>"),
        ("/join/", "/join/"),
        ("/join/sign-out/", "/join/sign-out/"),
        (f"/join/confirm/{SECRET}/", "/join/confirm/…/"),
        (f"GET /join/confirm/{SECRET}?x=1 200", "GET /join/confirm/…?x=1 200"),
        ("/join/confirm/", "/join/confirm/"),
        ("/password/new/done/", "/password/new/done/"),
        ("/users/7/password/", "/users/7/password/"),
    ],
)
def test_a_secret_becomes_an_ellipsis(text: str, written: str) -> None:
    assert without_secrets(text) == written


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What is written to standard error, as it is written."""
    handler = next(one for one in logging.getLogger().handlers if isinstance(one.formatter, ProcessorFormatter))
    assert isinstance(handler, logging.StreamHandler)
    written = StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", [f"/join/{SECRET}/", f"/join/{SECRET}", f"/join/confirm/{SECRET}/", f"/password/new/2a-{SECRET}/"]
)
def test_a_request_with_a_secret_leaves_none_in_the_log(path: str, log: StringIO) -> None:
    Client().get(path)
    logging.getLogger("django.request").error("Internal Server Error: %s", path)
    assert log.getvalue().count("…") == 2
    assert SECRET not in log.getvalue()
