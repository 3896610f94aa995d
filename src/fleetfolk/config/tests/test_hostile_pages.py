"""Whatever is sent to a page, by whom and with which headers: no defect answers, and nothing of others is told.

The same requests each time. The REST interface, the device API and the mail listener have tests like it of their own.
"""

import re
import traceback
from collections.abc import Iterator
from random import Random
from typing import Any, Final
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils.http import urlencode

from fleetfolk.config.tests.hostile import CONTENTS, VALUES, fields, form_of, headers_of, keys_of
from fleetfolk.config.tests.rows import Row
from fleetfolk.config.tests.test_attack_table_of_urls import NORTHERN, RANDOM, ROWS
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn

SLICES = 4
SEED = 46
NUMBERS = ("0", "1", str(2**63 - 1), str(2**63), "9" * 20)
PART: Final = re.compile(r"<(?:(\w+):)?\w+>")
OWN_FUZZ = ("api:", "demo:", "platform")
"""What has a test like this one of its own."""


@pytest.fixture
def _as_before(db: None) -> Iterator[None]:
    yield
    connection.needs_rollback = False


def read(answer: Any) -> str:
    """What was answered, to its end, also where it streams or is a picture. Read once, it can be read again."""
    if not hasattr(answer, "read_before"):
        answer.read_before = RANDOM.sub("", answer.getvalue().decode(errors="replace"))
    return str(answer.read_before)


def trouble_with(answer: HttpResponseBase, what: str) -> str | None:
    """What the request was, where a defect has answered it."""
    read(answer)
    if answer.status_code < 500:
        return None
    error = getattr(answer, "exc_info", None)
    return what + "\n" + ("".join(traceback.format_exception(*error)[-3:]) if error else str(answer.status_code))


def asked(browser: Client, method: str, path: str, form: dict[str, list[str]], headers: dict[str, str]) -> Any:
    """The answer; where a view raises, its error is in the answer."""
    browser.raise_request_exception = False
    if method == "get":
        return browser.get(f"{path}?{urlencode(form, doseq=True)}", headers=headers)
    return browser.post(path, form, headers=headers)


def routes(resolver: URLResolver, space: str = "", above: str = "") -> Iterator[tuple[str, str]]:
    """The name of every address that has parts, and its route."""
    for pattern in resolver.url_patterns:
        route = f"{above}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space, route)
        elif PART.search(route):
            yield f"{space}{pattern.name}", f"/{route}"


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("part", range(SLICES))
def test_no_field_of_a_page_breaks_it(cast: Cast, signed_in: SignedIn, part: int) -> None:
    chance, found = Random(SEED + part), []
    for row in ROWS[part::SLICES]:
        before = transaction.savepoint_create()
        path = path_of(row, cast)
        browser = signed_in(cast.ada)
        for method in ("get", "post"):
            form, headers = form_of(chance, cast), headers_of(chance)
            inner = transaction.savepoint_create()
            answer = asked(browser, method, path, form, headers)
            found.append(trouble_with(answer, f"{method} {path} {form!r:.1500} {headers!r:.300}"))
            connection.needs_rollback = False
            transaction.savepoint_rollback(inner)
        kind, body = chance.choice(CONTENTS)
        answer = browser.generic("POST", path, body, content_type=kind, headers=headers_of(chance))
        found.append(trouble_with(answer, f"{path} {kind} {body!r}"))
        connection.needs_rollback = False
        transaction.savepoint_rollback(before)
    assert not list(filter(None, found)), "\n\n".join(filter(None, found))


def path_of(row: Row, cast: Cast) -> str:
    return reverse(row.name, args=row.target(cast) if row.target else row.own_arguments())


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("who", ["eve", None])
def test_no_part_of_an_address_breaks_a_page(cast: Cast, signed_in: SignedIn, who: str | None) -> None:
    """Numbers that are none, words from elsewhere: for another tenant's Admin, and for a stranger."""
    chance, found = Random(SEED), []
    browser = signed_in(getattr(cast, who)) if who else Client()
    for name, route in routes(get_resolver()):
        if name.startswith(OWN_FUZZ):
            continue
        path = PART.sub(lambda part: quote(_odd(part[1], chance, cast), safe=""), route)
        for method in ("get", "post"):
            before = transaction.savepoint_create()
            answer = asked(browser, method, path, {}, headers_of(chance))
            found.append(trouble_with(answer, f"{who} {method} {path!r:.300}"))
            told = [each for each in NORTHERN if each in read(answer)]
            found.append(f"{who} {method} {path} names {told}" if told else None)
            connection.needs_rollback = False
            transaction.savepoint_rollback(before)
    assert not list(filter(None, found)), "\n\n".join(filter(None, found))


def _odd(kind: str | None, chance: Random, cast: Cast) -> str:
    """Something for a part of an address, which its converter may take or not."""
    if kind == "uuid":
        return "00000000-0000-0000-0000-000000000000"
    return chance.choice((*NUMBERS, *keys_of(cast)) if kind == "int" else VALUES)[:2000]


@pytest.mark.usefixtures("_as_before")
def test_keys_of_others_in_any_field_tell_nothing_of_them(cast: Cast, signed_in: SignedIn) -> None:
    """Eve opens each page of her own world with the keys of North in every field there is."""
    found, browser = [], signed_in(cast.eve)
    keys = [str(row.pk) for row in (cast.north, cast.cleo)]
    for row in ROWS:
        if row.target:
            continue
        for key in keys:
            form = {name: [key] for name in fields() if name not in {"q", "query", "who"}}
            before = transaction.savepoint_create()
            answer = asked(browser, "get", path_of(row, cast), form, {})
            found.append(trouble_with(answer, f"get {row.name} with {key}"))
            told = [name for name in NORTHERN if name in read(answer)]
            found.append(f"{row.name} with {key} names {told}" if told else None)
            connection.needs_rollback = False
            transaction.savepoint_rollback(before)
    assert not list(filter(None, found)), "\n\n".join(filter(None, found))
