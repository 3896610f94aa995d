"""A DATABASE_URL that does not work is explained in a sentence without the password."""

import os
import re
from urllib.parse import urlsplit

import psycopg
import pytest

from fleetfolk.config.runtime import server
from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.ports import free_port

URL = os.environ["DATABASE_URL"]
PARTS = urlsplit(URL)
PLACE = f"{PARTS.hostname}:{PARTS.port}"


def test_the_server_of_the_tests_is_usable() -> None:
    facts = server.reach(URL)
    assert facts.identity
    assert abs(facts.ahead_seconds) < 5


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"postgresql://{PARTS.username}:wrong@{PLACE}/fleetfolk", "does not accept the user and password"),
        (f"postgresql://{PARTS.username}:{PARTS.password}@{PLACE}/nowhere", "there is no database .*nowhere.*createdb"),
        (f"postgresql://somebody:secret@127.0.0.1:{free_port()}/x", "No PostgreSQL answers at 127.0.0.1:.*Start it"),
        ("postgresql://somebody:secret@no-such-host.invalid/x", "no host of that name: no-such-host.invalid"),
        ("postgresql:///x?host=/no/such/folder", "No PostgreSQL answers at /no/such/folder"),
        ("mysql://somebody:secret@localhost/x", "is not the address of a database, like postgresql://"),
        ("postgresql://localhost", "is not the address of a database"),
        ("postgresql://a:b%@c@localhost/x", "is not the address of a database"),
        ("nonsense", "is not the address of a database"),
    ],
    ids=[
        *("wrong password", "no database", "no server", "no host", "no socket"),
        *("another product", "no name", "not a port", "no address"),
    ],
)
def test_a_wrong_address_is_explained(url: str, sentence: str) -> None:
    with pytest.raises(CannotStart, match=sentence) as refused:
        server.reach(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('FATAL:  role "x" does not exist', "does not know the user"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', r"pg_hba\.conf"),
        ("FATAL:  sorry, too many clients already", "max_connections"),
        ("FATAL:  the database system is starting up", "still starting"),
        ("connection timeout expired", "did not answer in 5 seconds"),
        ("FATAL:  something new", "could not be used: FATAL:  something new"),
    ],
)
def test_what_servers_say_is_put_into_plain_words(said: str, sentence: str) -> None:
    words = server.refusal(psycopg.OperationalError(said), "db.example.com:5432/fleetfolk")
    assert "db.example.com:5432/fleetfolk" in words
    assert re.search(sentence, words)
