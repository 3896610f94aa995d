"""The bare SQL underneath a list page: the very statements that the page asks, without anything around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from django.http import QueryDict

from bench.scenarios import Request, Viewer
from fleetfolk.config.environment import PLANNER, PREPARED_FROM
from fleetfolk.devices.listing import devices_listed
from fleetfolk.devices.web import device_list
from fleetfolk.devices.web.device_state import DeviceListState
from fleetfolk.kernel.actor import Actor, Client, Proof
from fleetfolk.users.listing import users_listed
from fleetfolk.users.models import User
from fleetfolk.users.web.directory import listing_of
from fleetfolk.users.web.directory_state import DirectoryState

type Statement = tuple[bytes, Sequence[Any], bool]
"""Text, parameters, and whether the page has it planned once for each connection."""

type Written = dict[tuple[str, str], tuple[Statement, ...]]
"""What was written down already, by who asks and which address: one client asks the same as eight do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """The statements of each request, in order."""

    statements: tuple[tuple[Statement, ...], ...]

    @classmethod
    def under(cls, requests: Sequence[Request], *, written: Written) -> "Floor":
        """Asks each request's list once, without HTTP, and writes down what the database is asked."""
        for request in requests:
            key = request.viewer.email, request.ask.path
            if key not in written:
                written[key] = _statements(request)
        return cls(statements=tuple(written[request.viewer.email, request.ask.path] for request in requests))

    def worker(self, url: str) -> tuple[Callable[[int], None], psycopg.Connection]:
        """Asks the statements of the request with this number, over a connection set up as the pages' own."""
        own = psycopg.connect(
            url,
            autocommit=True,
            prepare_threshold=PREPARED_FROM,
            options=f"{PLANNER} -c timezone=UTC",
        )
        anew, kept = psycopg.ClientCursor(own), psycopg.Cursor(own)

        def work(number: int) -> None:
            for statement, parameters, once in self.statements[number]:
                cursor = kept if once else anew
                cursor.execute(statement, parameters)
                cursor.fetchall()

        return work, own


def _statements(request: Request) -> tuple[Statement, ...]:
    address = urlsplit(request.ask.path)
    asked, actor = QueryDict(address.query), actor_of(request.viewer)
    found: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        once = not isinstance(context["cursor"].cursor, psycopg.ClientCursor)
        found.append((str(sql).encode(), params or (), once))
        return execute(sql, params, many, context)

    if address.path == "/devices/":
        fleet = device_list.listing_of(actor, DeviceListState.of(asked))
        with connection.execute_wrapper(note):
            devices_listed(fleet)
    else:
        people = listing_of(actor, DirectoryState.of(asked))
        with connection.execute_wrapper(note):
            users_listed(people)
    return tuple(found)


def actor_of(viewer: Viewer) -> Actor:
    """The viewer, acting."""
    user = User.objects.get(email=viewer.email)
    return user.as_actor(Client.WEB, proof=Proof.GIVEN)
