"""A receiver that every test of webhooks may post to."""

from collections.abc import Iterator
from typing import Any

import pytest

from fleetfolk.testing.receiver import Receiver, receiver


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with receiver(tmp_path_factory.mktemp("receiver")) as running:
        yield running


@pytest.fixture
def hooked(_running: Receiver, settings: Any) -> Receiver:
    """The receiver, to which alone webhooks may post."""
    settings.FLEETFOLK_WEBHOOK_HOSTS = _running.host
    _running.told.clear()
    _running.script.clear()
    _running.waits_at.clear()
    _running.slow = 0.0
    return _running
