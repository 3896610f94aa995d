"""Strangers come at the same moment, on real connections: a link makes one account, a plan keeps its seats."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import pytest
from pytest_django import DjangoDbBlocker

from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import Step, perform_together
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.races import meeting_at_the_lock, own_copy_of_the_database
from fleetfolk.testing.samples_signup import OWN, accepting, asked, doorkeeper, offered
from fleetfolk.users.actions.accept_registration import AcceptRegistration
from fleetfolk.users.actions.grant_registration import GrantRegistration
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import Registration

ATTEMPTS: Final = 20
LEFT: Final = 3
STELLA: Final = "stella@stranger.example"


@pytest.fixture
def _django_db_helper(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Stands in for pytest-django's transaction, which other connections could not look into."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        yield


def coming(cast: Cast, row: Registration, secret: str) -> Callable[[], Any]:
    steps: list[Step] = [(AcceptRegistration, row.pk, accepting(secret)), (GrantRegistration, row.pk, NoInput())]
    return partial(perform_together, steps, actor=doorkeeper(cast))


def said(answers: list[Any]) -> Counter[str]:
    return Counter(answer.reason if isinstance(answer, ActionError) else type(answer).__name__ for answer in answers)


def test_a_link_that_is_posted_twice_at_the_same_moment_makes_one_account(cast: Cast) -> None:
    offered(cast, cast.north, OWN)
    row = asked(cast, cast.north, secret="one")
    held = "SELECT id FROM users_registration WHERE id = %s FOR NO KEY UPDATE"
    answers = meeting_at_the_lock(*[coming(cast, row, "one")] * 2, held=held, values=[row.pk])
    assert said(answers) == {"list": 1, "sign_up_link": 1}
    assert User.objects.filter(email=STELLA).count() == 1
    assert Organization.objects.filter(name__startswith="Stranger family").count() == 1


def test_two_links_of_one_address_at_the_same_moment_make_one_account(cast: Cast) -> None:
    offered(cast, cast.north, OWN)
    offered(cast, cast.south, OWN)
    works = [coming(cast, asked(cast, place, secret=place.name), place.name) for place in (cast.north, cast.south)]
    held = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
    answers = meeting_at_the_lock(*works, held=held, values=[STELLA])
    assert said(answers) == {"list": 1, "sign_up_for_account": 1}
    assert User.objects.filter(email=STELLA).count() == 1


def test_as_many_strangers_get_in_at_the_same_moment_as_the_plan_has_seats(cast: Cast) -> None:
    """All of one name, so that their organizations meet, too."""
    offered(cast, cast.north, OWN)
    there = User.objects.filter(tenant=cast.lumen).count()
    organizations = Organization.objects.filter(tenant=cast.lumen).count()
    allowing(cast.lumen, users=there + LEFT)
    rows = [asked(cast, cast.north, f"s{number}@stranger.example", f"s{number}") for number in range(ATTEMPTS)]
    works = [coming(cast, row, f"s{number}") for number, row in enumerate(rows)]
    held = "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))"
    answers = meeting_at_the_lock(*works, held=held, values=[f"{limits.LOCK}:users:", cast.lumen.pk])
    assert said(answers) == {"list": LEFT, "limit_reached": ATTEMPTS - LEFT}
    assert User.objects.filter(tenant=cast.lumen).count() == there + LEFT
    assert Organization.objects.filter(tenant=cast.lumen).count() == organizations + LEFT
    assert Registration.objects.filter(confirmed_at=None).count() == ATTEMPTS - LEFT
