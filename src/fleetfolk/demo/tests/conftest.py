"""A database in which the demo world can be built, and one in which it is."""

from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The small story was told to the end, once for all tests of a module, which only look at it."""
    with django_db_blocker.unblock(), override_settings(FLEETFOLK_DATA=tmp_path_factory.mktemp("data")):
        stage = transaction.atomic()
        stage._from_testcase = True  # type: ignore[attr-defined]
        with stage, guarded():
            world = make_room()
            build_world(world, small_story())
            yield world
            transaction.set_rollback(True)
