"""Whoever goes through everything that has a secret leaves none behind: a walk, and then a look into every corner."""

import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from fleetfolk.config.tests.test_secrets_in_logs import log  # noqa: F401 - a fixture
from fleetfolk.testing.cast import PASSWORD, Cast
from fleetfolk.testing.devices import template_of
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks
from fleetfolk.users.tests.links import invitation_link, link_in_last_mail, pending

WRONG = "a wrong guess 8c1f"
CHOSEN = "nine lamps in a row 5d2e"
SET_BY_ADMIN = "ten lamps in a row 7a3b"
HTMX = {"HX-Request": "true"}


def found_in(answer: Any, pattern: str) -> str:
    """What the page shows this once."""
    text = answer.content.decode()
    found = re.search(pattern, text)
    assert found, text[-3000:]
    return found[1]


def walk(cast: Cast, signed_in: SignedIn) -> Iterator[tuple[str, str]]:
    """Each thing that has a secret, done as people and programs do it, and the secret."""
    browser = Client()
    browser.post("/sign-in/", {"login": cast.cleo.email, "password": WRONG})
    yield "a wrong guess", WRONG
    assert browser.post("/sign-in/", {"login": cast.cleo.email, "password": PASSWORD}).status_code == 302
    yield "a password", PASSWORD
    yield "a session", browser.cookies["fleetfolk"].value
    link = invitation_link(pending(cast))
    yield "an invitation", link.split("/")[2]
    joining = Client()
    joining.get(link)
    assert joining.post("/join/", {"password": CHOSEN}).status_code == 302
    yield "a password that was chosen", CHOSEN
    tasks.send_forgotten_link(email=cast.bob.email)
    link = link_in_last_mail()
    yield "a link for a new password", link.split("/")[3].partition("-")[2]
    Client().get(link)
    ada = signed_in(cast.ada)
    ada.post(reverse("users:assign-password", args=[cast.sue.pk]), {"password": SET_BY_ADMIN})
    yield "a password that an Admin sets", SET_BY_ADMIN
    key = found_in(ada.post(reverse("keys:create"), {"name": "CI", "days": "30", "reach": "all"}), r"(ffp_[\w-]{43})")
    Client().get("/api/v1/users", headers={"Authorization": f"Bearer {key}"})
    yield "a key", key
    made = ada.post(reverse("programs:create"), {"name": "Sync", "reach": "some", "scopes": ["users.view"]})
    secret, client = found_in(made, r"(ffs_[\w-]{43})"), found_in(made, r"(oa2-client-id_\w+)")
    yield "a program's secret", secret
    # In the address, as scripts for Blynk send it.
    given = f"grant_type=client_credentials&client_id={client}&client_secret={secret}"
    tokens = Client().post(f"/oauth2/token?{given}").json()
    yield "an access token", tokens["access_token"]
    yield "a refresh token", tokens["refresh_token"]
    receiver = {"name": "CRM", "url": "https://hooks.example.com/x", "triggers": ["users.new"]}
    hooked = ada.post(reverse("webhooks:create"), {**receiver, "permissions": ["users.view", "actionlog.view"]})
    yield "a webhook's secret", found_in(hooked, r"(whsec_[\w+/=]+)")
    box = {"name": "Bank", "ends": "", "senders": ""}
    yield (
        "an address of Push Mail",
        found_in(ada.post(reverse("pushmail:create", args=[cast.cleo.pk]), box, headers=HTMX), r"(p-[a-z2-7]{26})"),
    )
    device = {
        "template": str(template_of(cast.lumen).pk),
        "name": "Attic",
        "organization": "Lumen Home",
        "owner": "",
        "serial": "",
    }
    yield "a device's token", found_in(ada.post("/devices/new/", device, headers=HTMX), r'id="token"[^>]*>([\w-]{32})<')
    with_errors = Client(raise_request_exception=False)
    with_errors.get(f"/join/{key}/")
    with_errors.post("/join/", {"password": CHOSEN})


def database() -> Iterator[tuple[str, str]]:
    """Every table as text: also what jobs were given, what the log keeps, what sessions and caches hold."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")  # noqa: S608 - from the catalogue
            yield table, "\n".join(row for (row,) in cursor.fetchall())


PAGES = (
    "/action-log/",
    "/action-log/export/",
    "/jobs/",
    "/account/keys/",
    "/settings/programs/",
    "/settings/webhooks/",
)


def test_no_secret_stays_anywhere(cast: Cast, signed_in: SignedIn, log: StringIO) -> None:  # noqa: F811 - the fixture
    secrets = dict(walk(cast, signed_in))
    assert len(set(secrets.values())) == len(secrets) >= 14
    in_mails = {"an invitation", "a link for a new password"}
    corners = {"the log of the server": log.getvalue(), **{f"table {name}": text for name, text in database()}}
    ada = signed_in(cast.ada)
    for page in (*PAGES, f"/users/{cast.cleo.pk}/", f"/users/{cast.cleo.pk}/security/"):
        corners[page] = ada.get(page).getvalue().decode()
    written = "\n".join(f"{sent.subject}\n{sent.body}\n{getattr(sent, 'alternatives', '')}" for sent in mail.outbox)
    left = [
        f"{what} in {where}"
        for where, text in corners.items()
        for what, secret in secrets.items()
        # A session's key is how its row is found; who has the rows of the database has the sessions.
        if secret in text and not (what == "a session" and where.startswith("table "))
    ]
    left += [f"{what} in a mail" for what, secret in secrets.items() if secret in written and what not in in_mails]
    assert not left
    for what in in_mails:
        assert secrets[what] in written, "the walk has been through it"
    assert "request" in corners["the log of the server"]


def test_a_page_that_breaks_tells_and_logs_no_secret(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    log: StringIO,  # noqa: F811 - the fixture
) -> None:
    """Whatever breaks while a password is typed: neither the page nor what is written down has it."""

    def broken(*_args: object, **_given: object) -> None:
        raise RuntimeError("The library went away.")

    monkeypatch.setattr("django.contrib.auth.base_user.check_password", broken)
    answer = Client(raise_request_exception=False).post("/sign-in/", {"login": cast.cleo.email, "password": WRONG})
    page = answer.content.decode()
    assert answer.status_code == 500
    for told in ("Traceback", "The library went away.", WRONG):
        assert told not in page
    assert "The library went away." in log.getvalue(), "who looks after the installation can find out"
    assert WRONG not in log.getvalue()


def test_an_error_that_names_a_link_does_not_write_its_secret_down(log: StringIO) -> None:  # noqa: F811 - the fixture
    secret = "3q2-7wAAAAB_secret_of_43_characters_or_so___"
    try:
        int(f"/join/{secret}/")
    except ValueError:
        logging.getLogger("django.request").exception("It broke")
        structlog.get_logger("fleetfolk.request").exception("It broke")
    assert log.getvalue().count("base 10: '/join/…/'") == 2
    assert secret not in log.getvalue()
