"""A database in which the demo world is, as the small story told it to the end."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from fleetfolk.demo.build import build_world
from fleetfolk.demo.models import World
from fleetfolk.demo.tests.conftest import make_room
from fleetfolk.demo.tests.small import small_story
from fleetfolk.testing.door import guarded


@contextmanager
def _taken_back() -> Iterator[None]:
    """Nothing of what happens here stays."""
    stage = transaction.atomic()
    stage._from_testcase = True  # type: ignore[attr-defined]
    with stage:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def told(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The story takes seconds: it is told once for all tests of this package."""
    data = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), override_settings(FLEETFOLK_DATA=data), _taken_back(), guarded():
        world = make_room()
        build_world(world, small_story())
        yield world


@pytest.fixture(scope="module")
def built(told: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world, for the tests of a module; what they add to it is gone after them."""
    with override_settings(FLEETFOLK_DATA=tmp_path_factory.mktemp("data")), _taken_back():
        yield told
