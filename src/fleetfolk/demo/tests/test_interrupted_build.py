"""A build says how far it is; one that was interrupted goes on, and nothing happens twice."""

from collections import Counter
from collections.abc import Iterator

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.demo.build import build_world
from fleetfolk.demo.events import Event
from fleetfolk.demo.models import World
from fleetfolk.demo.stage import REQUEST_ID
from fleetfolk.demo.tests.small import small_people, small_story
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User


class PowerCut(Exception):
    """Nothing goes on from here."""


def _until(count: int) -> Iterator[Event]:
    yield from small_story()[:count]
    raise PowerCut


def test_it_is_continued_where_it_stopped(half_built: World) -> None:
    for count in (3, 90, 91, 160):
        with pytest.raises(PowerCut):
            build_world(half_built, _until(count))
        assert half_built.finished_at is None
    build_world(half_built, small_story())
    root = Organization.objects.get(parent=None, name="Lumen Home")
    assert User.objects.filter(tenant=root).count() == len(small_people())
    told = Counter(
        Entry.objects.filter(tenant=root, request_id__startswith=REQUEST_ID).values_list("request_id", flat=True)
    )
    assert max(told.values()) == 1
    assert half_built.finished_at is not None


def test_who_waits_for_the_build_hears_how_far_it_is(half_built: World) -> None:
    heard: list[int] = []
    build_world(half_built, small_story()[:60], tell=heard.append)
    assert len(heard) > 5
    assert heard == sorted(set(heard))
    assert 0 < heard[0] <= heard[-1] <= 100
