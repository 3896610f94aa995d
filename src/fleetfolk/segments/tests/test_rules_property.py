"""Random rules over a random world name exactly those whom a slow and obvious reading of them names."""

import pytest

from fleetfolk.devices.models import Datastream
from fleetfolk.segments.tests.story import Story, compare


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [3, 4])
def test_rules_name_whom_a_slow_reading_names(seed: int) -> None:
    story = Story(seed)
    story.add_segments()
    assert Datastream.objects.filter(tenant=story.tenant).exists()
    compare(story)
