"""The client that others test their servers with finds nothing wrong with ours."""

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.test.client import ClientHandler
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_scim import directory_of


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The whole server, on the connection of the test."""
    answer: Any = ClientHandler(enforce_csrf_checks=True)(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


@pytest.mark.parametrize("said", [{}, {"invites": False, "removal": "delete"}], ids=["invites", "quiet"])
def test_every_check_of_the_tester_succeeds(cast: Cast, settings: Any, said: Any) -> None:
    settings.FLEETFOLK_ORIGIN = "http://testserver"
    with staging():
        # Where a number of ten digits is one, whatever they are, unless it begins with two zeros.
        type(cast.south).objects.filter(pk=cast.south.pk).update(country="DE")
    random.seed(3)
    _client, token = directory_of(cast, cast.south, changes_addresses=True, **said)
    environ = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    client = WSGISCIMClient(application, base_url="http://testserver/scim/v2", environ=environ)
    results = check_server(client)
    wrong = [(one.title, one.reason) for one in results if one.status is not Status.SUCCESS]
    assert not wrong
    assert len(results) > 60
