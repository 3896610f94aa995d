"""A database in which the demo world can be built, and one in which it is."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from fleetfolk.demo.build import build_world
from fleetfolk.demo.models import World
from fleetfolk.demo.tests.small import NOW, small_story
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.door import guarded, staging
from fleetfolk.testing.races import connected_to, copy_of_the_database
from fleetfolk.users.models import User


def make_room() -> World:
    """The tests' cast has made way for the people of the demo, some of whom have the same names."""
    with staging():
        Organization.objects.filter(parent=None, name="Lumen Home").update(name="Another stage")
        User.objects.update(email=Concat(Value("cast."), "email"))
        return World.objects.create(told_at=NOW)


@pytest.fixture
def half_built(db: None, tmp_path: Path) -> Iterator[World]:
    """A world of which nothing has been told yet."""
    with override_settings(FLEETFOLK_DATA=tmp_path):
        yield make_room()


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A world that was built: the database it is in, and the folder of its files. Nobody changes either."""

    database: str
    files: Path


@pytest.fixture(scope="session")
def stored(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stored]:
    """The small story was told to the end, once for all modules: it takes ten seconds."""
    files = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), copy_of_the_database("demo") as database:
        with connected_to(database), override_settings(FLEETFOLK_DATA=files), guarded():
            build_world(make_room(), small_story())
        yield Stored(database=database, files=files)


@pytest.fixture(scope="module")
def built(
    stored: Stored, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The small story was told to the end. What the tests of a module add to it is gone with the module."""
    files = shutil.copytree(stored.files, tmp_path_factory.mktemp("data"), dirs_exist_ok=True)
    with django_db_blocker.unblock(), connected_to(stored.database), override_settings(FLEETFOLK_DATA=files):
        stage = transaction.atomic()
        stage._from_testcase = True  # type: ignore[attr-defined]
        with stage, guarded():
            yield World.objects.get(finished_at__isnull=False)
            transaction.set_rollback(True)
