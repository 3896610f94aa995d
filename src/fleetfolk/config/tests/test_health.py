"""Ready is what has its database with every migration, and alive what answers."""

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from fleetfolk.config import health


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a start."""
    monkeypatch.setattr(health, "_migrated", type(health._migrated)())


def test_it_is_ready_with_every_migration_and_asks_no_more(db: None) -> None:
    assert Client().get("/readyz").json() == {"status": "ok"}
    MigrationRecorder.Migration.objects.filter(app="users").delete()
    assert Client().get("/readyz").status_code == 200


def test_without_the_latest_migration_it_is_not(db: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="users").latest("id").delete()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, "migrations")
    assert Client().get("/healthz").status_code == 200
