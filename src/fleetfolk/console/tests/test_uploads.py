"""Uploads that are too large."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn


@pytest.mark.parametrize(("size", "refused"), [(900, False), (1_100_000, True)])
def test_a_body_beyond_the_limit_is_refused_before_it_is_stored(
    cast: Cast, signed_in: SignedIn, settings: Settings, size: int, refused: bool
) -> None:
    settings.FLEETFOLK_UPLOAD_MAX_BYTES = 2000
    file = SimpleUploadedFile("people.csv", b"x" * size, content_type="text/csv")
    answer = signed_in(cast.ada).post(reverse("users:import"), {"file": file})
    assert (answer.status_code == 400) is refused


@pytest.mark.parametrize(("size", "refused"), [(900, False), (5000, True)])
def test_a_stranger_cannot_fill_the_disk(cast: Cast, settings: Settings, size: int, refused: bool) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    file = SimpleUploadedFile("people.csv", b"x" * size, content_type="text/csv")
    answer = Client(enforce_csrf_checks=False).post(reverse("account_login"), {"file": file})
    assert (answer.status_code == 400) is refused
