"""Files of a device's data and its pictures stay within bounds, and keep nobody else waiting."""

from pathlib import Path
from typing import Any

import pytest

from fleetfolk.gateway.https import data_files, uploads
from fleetfolk.gateway.https.answers import HttpRefusal
from fleetfolk.gateway.https.asked import Asked
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.users.secret import secret_hash

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def token(cast: Cast, settings: Any, tmp_path: Path) -> str:
    """The hash of a device's token, with a data folder of its own."""
    settings.FLEETFOLK_DATA = tmp_path
    return secret_hash(device_of(cast.berg)[1])


def picture(content: bytes) -> Asked:
    body = b'--b\r\nContent-Disposition: form-data; name="upfile"\r\n\r\n' + content + b"\r\n--b--\r\n"
    return Asked(path="/upload", parameters=[], content_type="multipart/form-data; boundary=b", body=body)


def test_a_picture_has_five_megabytes_at_most(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Eighty bytes stand for the five million: only the number is another.
    monkeypatch.setattr(uploads, "LARGEST_FILE", 80)
    assert uploads.keep(picture(PNG + b"0" * 72), token).status == 200
    with pytest.raises(HttpRefusal, match="5 MB") as refusal:
        uploads.keep(picture(PNG + b"0" * 73), token)
    assert (refusal.value.status, refusal.value.limit) == (413, True)


def test_what_is_no_picture_is_not_kept(token: str) -> None:
    with pytest.raises(HttpRefusal, match="Only PNG"):
        uploads.keep(picture(b"<svg onload=alert(1)>"), token)


def test_two_archives_are_made_at_a_time_and_others_are_told_to_come_again(token: str) -> None:
    """The other threads are for devices that sign in for the first time."""
    asked = Asked(path="/data/get", parameters=[])
    for _ in range(data_files.AT_ONCE):
        assert data_files._MAKING.acquire(blocking=False)
    try:
        with pytest.raises(HttpRefusal, match="Other files") as refusal:
            data_files.make(asked, token)
    finally:
        for _ in range(data_files.AT_ONCE):
            data_files._MAKING.release()
    assert refusal.value.status == 503
    with pytest.raises(HttpRefusal, match="No data"):
        data_files.make(asked, token)
    assert data_files._MAKING.acquire(blocking=False), "what failed lets the next one in"
    data_files._MAKING.release()
