"""What the tests of people share."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def data_folder(settings: Settings, tmp_path: Path) -> None:
    """Files that Fleetfolk keeps are in a folder of this test alone."""
    settings.FLEETFOLK_DATA = tmp_path
