"""What comes by the clock, while the clock of the machine is set."""

from collections import Counter

import pytest
from procrastinate import periodic
from procrastinate.contrib.django import app

from fleetfolk.jobs.periodic import SteadyDeferrer

NOON = 1_800_000_000 // 86_400 * 86_400 + 43_200
MINUTELY, DAILY = "jobs.resume_forgotten", "jobs.forget_ended"


@pytest.fixture
def deferrer() -> SteadyDeferrer:
    """The worker's, which has been up for some minutes."""
    deferrer = SteadyDeferrer(registry=app.periodic_registry)
    for minute in range(5):
        turns(deferrer, NOON + minute * 60 + 1)
    return deferrer


def turns(deferrer: SteadyDeferrer, at: float) -> Counter[str]:
    return Counter(task.task.name for task, _timestamp in deferrer.get_previous_tasks(at))


def test_the_worker_takes_turns_by_it() -> None:
    assert periodic.PeriodicDeferrer is SteadyDeferrer


def test_a_clock_that_runs_has_one_turn_each_minute(deferrer: SteadyDeferrer) -> None:
    assert turns(deferrer, NOON + 301)[MINUTELY] == 1
    assert turns(deferrer, NOON + 302)[MINUTELY] == 0
    assert turns(deferrer, NOON + 421)[MINUTELY] == 2, "a minute that was missed is made up for"


def test_a_clock_that_is_set_forward_has_not_sixty_turns_at_once(deferrer: SteadyDeferrer) -> None:
    assert turns(deferrer, NOON + 3_600 + 241)[MINUTELY] == 1
    assert turns(deferrer, NOON + 3_600 + 301)[MINUTELY] == 1


def test_a_clock_that_is_set_back_goes_on_at_once(deferrer: SteadyDeferrer) -> None:
    turns(deferrer, NOON + 3_600)
    assert turns(deferrer, NOON + 301)[MINUTELY] == 1
    assert turns(deferrer, NOON + 361)[MINUTELY] == 1


def test_what_comes_once_a_day_still_does(deferrer: SteadyDeferrer) -> None:
    seen: Counter[str] = Counter()
    for hour in range(49):
        for minute in range(0, 60, 5):
            seen += turns(deferrer, NOON + hour * 3_600 + minute * 60 + 1)
    assert [seen[DAILY]] == [2]
