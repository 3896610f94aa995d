"""The document says what the interface does: no answer outside it, and no defect, whatever is sent."""

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CheckFunction
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.api.tests.asking import Program
from fleetfolk.api.urls import API
from fleetfolk.config.wsgi import application
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.samples_api import key_of

EXAMPLES = 4
PATIENCE = 60
"""Seconds. What was not tried by then is tried another time: the order is another one at every run."""

CHECKS: list[CheckFunction] = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_every_address_says_what_it_answers(db: None) -> None:
    served = Program().get("openapi.json")
    assert served.status_code == 200
    assert served.json() == API.document
    assert API.document["openapi"] == "3.1.0"
    for path, methods in API.document["paths"].items():
        for method, operation in methods.items():
            assert {"401", "403", "404", "409", "422", "429"} <= set(operation["responses"]), path
            assert operation["summary"], path
            assert operation["description"], path
            assert ("Idempotency-Key" in str(operation["parameters"])) == (method == "post"), path


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests by WSGI leave the test's own connection open, as those of Django's client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("_one_connection")
def test_whatever_is_sent_the_answer_is_one_of_the_document(cast: Cast) -> None:
    for code in ("device.edit", "segment.edit", "message.edit", "location.edit", "job.cancel"):
        SAMPLES[code](cast)
    key = key_of(cast.ada, scopes=[one.code for one in scopes_there_are()], sensitive=True)
    schema = schemathesis.openapi.from_dict(API.document)
    schema.app = application
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    until = time.monotonic() + PATIENCE
    known = [row.pk for row in (cast.north, cast.cleo, cast.bob, cast.role("user"))]
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == sum(len(methods) for methods in API.document["paths"].values())
    assert len(operations) > 100
    random.shuffle(operations)
    for operation in operations:
        if time.monotonic() > until:
            break

        @settings(
            max_examples=EXAMPLES,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            if isinstance(case.body, dict) and case.body.get("target", 0) not in known:
                case.body["target"] = known[len(str(case.body)) % len(known)]
            before = transaction.savepoint()
            try:
                case.validate_response(case.call(headers=headers), checks=CHECKS)
            finally:
                connection.needs_rollback = False
                transaction.savepoint_rollback(before)

        ask()
