"""What a device left in files goes with it."""

from pathlib import Path

from pytest_django import Settings

from fleetfolk.gateway.tasks import forget_files
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of


def test_files_of_erased_devices_and_of_other_days_are_gone(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    settings.FLEETFOLK_DATA = tmp_path
    forget_files(0)
    device, _token = device_of(cast.berg, "Cellar", owner=cast.bob)
    kept = tmp_path / "device-uploads" / str(device.pk) / "picture.png"
    old = tmp_path / "device-data" / str(device.pk) / "20200101-old.zip"
    orphan = tmp_path / "device-data" / "999999999" / "orphan.zip"
    for file in (kept, old, orphan):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"-")
    forget_files(0)
    assert kept.exists()
    assert not old.exists()
    assert not orphan.parent.exists()
