"""So many requests a minute, for all keys of an organization together."""

import datetime as dt

import pytest
from pytest_django import Settings

from fleetfolk.api import limits
from fleetfolk.api.models import Answer, ProgramToken
from fleetfolk.api.tasks import forget
from fleetfolk.api.tests.asking import Program, reason
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_api import access_of, key_of, program_of


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    settings.FLEETFOLK_API_PER_MINUTE = 5
    limits.forget()


def test_beyond_the_limit_the_answer_is_429_and_says_when_to_go_on(cast: Cast) -> None:
    one, other = Program(key_of(cast.finn)), Program(access_of(program_of(cast.north, by=cast.ada), by=cast.ada))
    left = [int(program.get("me")["RateLimit-Remaining"]) for program in (one, other, one, other, one)]
    assert left == [4, 3, 2, 1, 0]
    answer = other.get("me")
    assert (answer.status_code, reason(answer), answer["RateLimit-Remaining"]) == (429, "rate_limit", "0")
    assert 0 < int(answer["Retry-After"]) <= 60
    assert Program(key_of(cast.sam)).get("me").status_code == 200, "another organization has its own"


def test_processes_share_the_minute(cast: Cast) -> None:
    program = Program(key_of(cast.finn))
    for _each in range(5):
        assert program.get("me").status_code == 200
        limits.forget()  # As if another process answered.
    assert program.get("me").status_code == 429


def test_what_is_over_is_forgotten(cast: Cast) -> None:
    access_of(program_of(cast.north, by=cast.ada), by=cast.ada)
    with staging():
        Answer.objects.create(holder="token:1", key="old", fingerprint="x", at=clock.now() - dt.timedelta(hours=25))
        Answer.objects.create(holder="token:1", key="new", fingerprint="x", at=clock.now())
        ProgramToken.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    forget(timestamp=0)
    assert [one.key for one in Answer.objects.all()] == ["new"]
    assert not ProgramToken.objects.exists()
