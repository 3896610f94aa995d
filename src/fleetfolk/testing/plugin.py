"""pytest fixtures that every package's tests share."""

import pytest
from django.test import Client

from fleetfolk.testing.cast import Cast, build_cast
from fleetfolk.users.models import User


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody is there."""
    return build_cast()


class SignedIn:
    """Browsers of signed-in people, without the sign-in page."""

    def __call__(self, user: User) -> Client:
        """A browser in which the person is signed in."""
        client = Client()
        client.force_login(user)
        return client


@pytest.fixture
def signed_in() -> SignedIn:
    """`signed_in(ada)` is a browser in which Ada is signed in."""
    return SignedIn()
