"""pytest fixtures that every package's tests share."""

import gc
import pickle
from collections.abc import Iterator

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.http import HttpRequest
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django import DjangoDbBlocker

from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, build_cast, find_cast
from fleetfolk.testing.databases import template
from fleetfolk.testing.door import guarded
from fleetfolk.testing.one_chain import one_chain
from fleetfolk.testing.queued import forget_queued_work
from fleetfolk.users.models import User
from fleetfolk.users.sessions import SessionStore

LONGEST_ID = 200

# How long an example takes says how busy the machine is, here and on CI.
examples.register_profile("patient", examples(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("patient")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """What is long is called by its length: workers and reports tell each other the names of tests again and again."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_ID:
        return f"{argname} of {len(val)}"
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _one_chain() -> Iterator[None]:
    """Every browser goes through the same middleware."""
    with one_chain():
        yield


@pytest.fixture(autouse=True)
def _door(request: pytest.FixtureRequest) -> Iterator[None]:
    """In every test that uses the database, rows of ours change only inside an Action."""
    if not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    with guarded():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Each worker's database is a copy of the template, where there is one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = template()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, django_db_keepdb: bool, django_db_createdb: bool
) -> Iterator[None]:
    """The cast is part of the database that every test begins with and goes back to.

    pytest-django makes a database where a test is marked for one. Tests that ask for this fixture alone have one, too,
    and never the database that the settings name.
    """
    made = []
    with django_db_blocker.unblock():
        if not str(connection.settings_dict["NAME"]).startswith(TEST_DATABASE_PREFIX):
            keep = django_db_keepdb and not django_db_createdb
            made = setup_databases(verbosity=0, interactive=False, keepdb=keep)
        if not Organization.objects.filter(name="Lumen Home").exists():
            build_cast()
            forget_queued_work()
    yield
    if made and not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def _everybody(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> bytes:
    """The cast as every test finds it, read once."""
    with django_db_blocker.unblock():
        return pickle.dumps(find_cast())


@pytest.fixture
def cast(db: None, _everybody: bytes) -> Cast:
    """Everybody is there."""
    everybody: Cast = pickle.loads(_everybody)  # noqa: S301 - our own
    return everybody


class SignedIn:
    """Browsers of signed-in people, without the sign-in page."""

    def __call__(self, user: User, *, minutes_ago: int = 0) -> Client:
        """A browser in which the person is signed in, by a password given so long ago."""
        client, request = Client(), HttpRequest()
        request.session = SessionStore()
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        record_authentication(request, user, method="password")
        request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 60 * minutes_ago
        request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
        return client


@pytest.fixture
def signed_in() -> SignedIn:
    """`signed_in(ada)` is a browser in which Ada is signed in."""
    return SignedIn()
