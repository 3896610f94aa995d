"""A database in which the demo world can be built."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import override_settings

from fleetfolk.demo.models import World
from fleetfolk.demo.tests.small import NOW
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.door import staging
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
