"""Every URL × everybody: signed out, other tenant, sibling branch, child reaching up, role without the permission, Ada.

A URL without a row fails. What lies outside reach is 404, never 403; no answer to an outsider names anybody of North.
All that is tried of a URL begins with the same world, which is built once.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.web.state import key_text
from fleetfolk.config.tests import (
    rows_activation,
    rows_activity,
    rows_api,
    rows_assistance,
    rows_bulk,
    rows_dashboards,
    rows_devices,
    rows_guests,
    rows_inbox,
    rows_messages,
    rows_organizations,
    rows_places,
    rows_plans,
    rows_portal,
    rows_privacy,
    rows_profile,
    rows_push,
    rows_pushmail,
    rows_roles,
    rows_scim,
    rows_security,
    rows_segments,
    rows_signup,
    rows_sso,
    rows_templates,
    rows_webhooks,
)
from fleetfolk.config.tests.rows import Row, cleo, deleted, disabled, job, pia
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.undoing import undone

NORTHERN = ("Cleo", "cleo@", "Finn", "finn@", "Pia", "pia@")
OUTSIDERS = ("eve", "sam", "bea", "bob")
PARTS = (
    *(rows_profile, rows_security, rows_activity, rows_privacy, rows_assistance, rows_portal),
    *(rows_bulk, rows_organizations, rows_plans),
    *(rows_templates, rows_devices, rows_activation, rows_dashboards, rows_places, rows_segments, rows_messages),
    rows_inbox,
    *(rows_push, rows_pushmail, rows_guests),
    rows_api,
    rows_roles,
    rows_scim,
    rows_signup,
    rows_sso,
    rows_webhooks,
)


def entry(cast: Cast) -> list[Any]:
    latest = Entry.objects.filter(target_label="Cleo Staff").latest("at")
    return [key_text((latest.at, latest.pk))]


ROWS = [
    # The viewer's own world.
    Row(name="users:list", dana=200),
    Row(name="users:count", dana=200),
    Row(name="users:choices", dana=200, bob=200),
    Row(name="users:columns", data={"column": ["role"]}, ada=(302,), dana=302, bob=302),
    Row(name="users:invite"),
    Row(name="users:import"),
    Row(name="console:find", query={"q": "cleo"}, dana=200, bob=200),
    Row(name="console:find-people", query={"q": "cleo"}, dana=200, bob=200),
    Row(name="access:list", dana=200),
    Row(name="actionlog:list", dana=200),
    Row(name="actionlog:days", dana=200),
    Row(name="actionlog:export", dana=200),
    Row(name="jobs:list", dana=200, bob=200),
    # Something of North.
    Row(name="users:detail", target=cleo, dana=200),
    Row(name="users:menu", target=cleo, dana=200),
    Row(name="users:edit", target=cleo),
    Row(name="users:assign-password", target=cleo, data={"password": "another good one"}, ada=(302,)),
    Row(name="users:transfer", target=cleo),
    Row(name="users:disable", target=cleo, data={"reason": ""}, ada=(302,)),
    Row(name="users:delete", target=cleo, data={"word": "DELETE", "reason": ""}, ada=(302,)),
    Row(name="users:edit-invitation", target=pia, data={"email": "pia.right@new.example"}, ada=(302,)),
    Row(name="users:reset-password", target=cleo, data={}, ada=(302,)),
    Row(name="users:end-sessions", target=cleo, data={}, ada=(302,)),
    Row(name="users:enable", target=disabled, data={}, ada=(302,)),
    Row(name="users:restore", target=deleted, data={}, ada=(302,)),
    Row(name="users:send-invitation", target=pia, data={}, ada=(302,)),
    Row(name="users:revoke-invitation", target=pia, data={}, ada=(302,)),
    Row(name="jobs:detail", target=job, dana=404),
    Row(name="jobs:cancel", target=job, data={}, ada=(302,)),
    Row(name="jobs:problems", target=job, dana=404),
    *(row for part in PARTS for row in part.ROWS),
]

PUBLIC = {
    **dict.fromkeys(("home", "alive", "ready", "metrics"), "answers anybody"),
    **{
        f"account_{name}": "sign-in and forgotten passwords, tested in users/tests"
        for name in (
            *("login", "logout", "signup", "reset_password", "reset_password_done", "change_password"),
            *("reset_password_from_key", "reset_password_from_key_done"),
        )
    },
    **{f"users:{name}": "joining by a link, tested in users/tests" for name in ("join", "join-form", "join-leave")},
    **{name: why for part in PARTS for name, why in part.PUBLIC.items()},
}
ELSEWHERE = {
    "actionlog:entry": "config/tests/test_attack_table_of_urls.py, below",
    "access:role": "config/tests/test_attack_table_of_urls.py, below",
    "users:import-columns": "users/tests/test_import*",
    "users:import-check": "users/tests/test_import*",
    "users:import-start": "users/tests/test_import*",
    **{name: why for part in PARTS for name, why in part.ELSEWHERE.items()},
}


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def test_every_url_has_a_row() -> None:
    known = {row.name for row in ROWS} | set(PUBLIC) | set(ELSEWHERE)
    missing = {name for name in names(get_resolver()) if name not in known and not name.startswith("demo:")}
    assert not missing, "add a row, so that it is attacked"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_url_and_everybody(cast: Cast, signed_in: SignedIn, row: Row, subtests: pytest.Subtests) -> None:
    path = row.path(cast)
    with subtests.test("who is signed out is sent to the sign-in"), undone():
        answer = row.ask(Client(), path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/?next=")
    for who in OUTSIDERS:
        with subtests.test(f"{who}, an outsider, gets nothing"), undone():
            nothing_for_an_outsider(signed_in(getattr(cast, who)), who, row, path)
    with subtests.test("a role without the permission is refused"), undone():
        assert row.ask(signed_in(cast.dana), path).status_code == row.dana
    if row.data is not None:
        with subtests.test("a form of another site is refused"), undone():
            browser = Client(enforce_csrf_checks=True)
            browser.force_login(cast.ada)
            assert row.ask(browser, path).status_code == 403
    if row.data is not None and row.target:
        with subtests.test("looking changes nothing"), undone():
            of_ada = Entry.objects.filter(actor_id=str(cast.ada.pk))
            entries = of_ada.count()
            assert signed_in(cast.ada).get(path).status_code in (200, 405)
            assert of_ada.count() == entries
    with subtests.test("ada may"), undone():
        assert row.ask(signed_in(cast.ada), path).status_code in row.ada


def nothing_for_an_outsider(browser: Client, who: str, row: Row, path: str) -> None:
    answer = row.ask(browser, path)
    body = body_of(answer).replace('value="cleo"', "").replace("“cleo”", "")
    assert not [name for name in NORTHERN if name in body]
    if row.target:
        assert answer.status_code == 404
    elif who == "bob":
        assert answer.status_code == row.bob


RANDOM = re.compile(r"[A-Za-z0-9]{32,}")
"""Tokens against forged forms, in which any name may stand by chance."""


def body_of(answer: HttpResponseBase) -> str:
    parts = answer.streaming_content if isinstance(answer, StreamingHttpResponse) else [answer.content]  # type: ignore[attr-defined]
    return RANDOM.sub("", b"".join(parts).decode())  # type: ignore[arg-type]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_cannot_open_an_entry_of_the_log(cast: Cast, signed_in: SignedIn, who: str) -> None:
    path = reverse("actionlog:entry", args=entry(cast))
    assert signed_in(cast.ada).get(path).status_code == 200
    assert signed_in(getattr(cast, who)).get(path).status_code in (403, 404)


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("dana", 200), ("eve", 404), ("bob", 403)])
def test_a_role_is_seen_in_its_tenant_by_who_may(cast: Cast, signed_in: SignedIn, who: str, status: int) -> None:
    role = Role.objects.get(tenant=cast.lumen, builtin="admin")
    assert signed_in(getattr(cast, who)).get(reverse("access:role", args=[role.pk])).status_code == status
