"""pytest fixtures that every package's tests share."""

from collections.abc import Iterator

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoDbBlocker

from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, build_cast, find_cast
from fleetfolk.testing.door import guarded
from fleetfolk.users.models import User


@pytest.fixture(autouse=True)
def _door(request: pytest.FixtureRequest) -> Iterator[None]:
    """In every test that uses the database, rows of ours change only inside an Action."""
    if not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    with guarded():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The cast is part of the database that every test begins with and goes back to."""
    with django_db_blocker.unblock():
        if not Organization.objects.filter(name="Lumen Home").exists():
            build_cast()


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody is there."""
    return find_cast()


class SignedIn:
    """Browsers of signed-in people, without the sign-in page."""

    def __call__(self, user: User, *, minutes_ago: int = 0) -> Client:
        """A browser in which the person is signed in, by a password given so long ago."""
        client = Client()
        client.force_login(user)
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, user, method="password")
        request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 60 * minutes_ago
        request.session.save()
        return client


@pytest.fixture
def signed_in() -> SignedIn:
    """`signed_in(ada)` is a browser in which Ada is signed in."""
    return SignedIn()
