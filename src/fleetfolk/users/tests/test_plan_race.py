"""Fifty come at the same moment, on real connections: as many get in as the plan has seats."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import pytest
from pytest_django import DjangoDbBlocker

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.races import meeting_at_the_lock, own_copy_of_the_database
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.models import User

ATTEMPTS: Final = 50
LEFT: Final = 7


@pytest.fixture
def _django_db_helper(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Stands in for pytest-django's transaction, which other connections could not look into."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        yield


def inviting(cast: Cast, place: Organization, number: int) -> Callable[[], Any]:
    data = InviteUserInput(
        first_name="New", last_name=str(number), email=f"n{number}@lumenhome.example", role_id=cast.role("user").pk
    )
    return partial(perform, InviteUser, actor=actor(cast.ada), target_id=place.pk, data=data)


def test_fifty_who_invite_at_the_same_moment_get_the_seats_that_are_left(cast: Cast) -> None:
    """Each into an organization of its own, so that nothing but the limit keeps them in line."""
    there = User.objects.filter(tenant=cast.lumen).count()
    allowing(cast.lumen, users=there + LEFT)
    with staging():
        shops = [
            Organization.objects.create(
                tenant=cast.lumen, parent=cast.south, name=f"Shop {number}", kind=OrganizationKind.BRANCH
            )
            for number in range(ATTEMPTS)
        ]
    works = [inviting(cast, shop, number) for number, shop in enumerate(shops)]
    held = "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))"
    answers = meeting_at_the_lock(*works, held=held, values=[f"{limits.LOCK}:users:", cast.lumen.pk])
    said = Counter(answer.reason if isinstance(answer, Refused) else type(answer).__name__ for answer in answers)
    assert said == {"Outcome": LEFT, "limit_reached": ATTEMPTS - LEFT}
    assert User.objects.filter(tenant=cast.lumen).count() == there + LEFT
    assert Entry.objects.filter(code="user.invite", result="done", tenant=cast.lumen).count() >= LEFT
