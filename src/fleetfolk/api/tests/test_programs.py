"""Programs of an organization: let in by who may, with a token for a secret, and out at the next request."""

import base64
import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fleetfolk.api.actions.delete_program import DeleteProgram
from fleetfolk.api.actions.edit_program import EditProgram, EditProgramInput
from fleetfolk.api.models import Program as Row
from fleetfolk.api.models import ProgramSecret, ProgramToken
from fleetfolk.api.tests.asking import Program, reason
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_api import RIGHTS, access_of, program_of, secret_for
from fleetfolk.users.actions.no_input import NoInput


def ask(**sent: Any) -> Any:
    return Client().post("/oauth2/token", sent)


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def test_a_program_is_let_in_on_the_page_and_gets_in_by_its_secret(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    form = {"name": "Sync", "reach": "some", "scopes": ["users.view"]}
    shown = browser.post(reverse("programs:create"), form).content.decode()
    found = re.search(r'id="client"[^>]*>(oa2-client-id_\w+)<.*id="secret"[^>]*>(ffs_[\w-]+)<', shown, re.DOTALL)
    assert found
    page = browser.get(reverse("programs:list")).content.decode()
    assert found[1] in page
    assert found[2] not in page
    answer = ask(grant_type="client_credentials", client_id=found[1], client_secret=found[2])
    assert answer.status_code == 200
    assert (answer["Cache-Control"], answer.json()["token_type"], answer.json()["expires_in"]) == (
        "no-store",
        "Bearer",
        86400,
    )
    me = Program(answer.json()["access_token"]).get("me").json()
    assert (me["kind"], me["name"], me["places"][0]["permissions"]) == ("program", "Sync", ["users.view"])
    assert "last used" in browser.get(reverse("programs:list")).content.decode()


@pytest.mark.parametrize("way", ["basic", "body", "query"])
def test_every_way_of_naming_oneself_is_taken(cast: Cast, way: str) -> None:
    program = program_of(cast.north, by=cast.ada)
    secret = secret_for(program, by=cast.ada)
    grant, given = {"grant_type": "client_credentials"}, {"client_id": program.client_id, "client_secret": secret}
    match way:
        case "basic":
            answer = Client().post("/oauth2/token", grant, headers=basic(program.client_id, secret))
        case "body":
            answer = ask(**grant, **given)
        case _:
            answer = Client().post("/oauth2/token", query_params={**grant, **given})
    assert answer.status_code == 200
    assert Program(answer.json()["access_token"]).get("users").status_code == 200


def test_a_refresh_token_is_good_once_and_for_its_own_program(cast: Cast) -> None:
    program = program_of(cast.north, by=cast.ada)
    given = {"client_id": program.client_id, "client_secret": secret_for(program, by=cast.ada)}
    other = program_of(cast.south, by=cast.ada, name="Other")
    others = {"client_id": other.client_id, "client_secret": secret_for(other, by=cast.ada)}
    first = ask(grant_type="client_credentials", **given).json()
    wrong = ask(grant_type="refresh_token", refresh_token=first["refresh_token"], **others)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    again = ask(grant_type="refresh_token", refresh_token=first["refresh_token"], **given)
    assert again.status_code == 200
    assert Program(again.json()["access_token"]).get("me").status_code == 200
    twice = ask(grant_type="refresh_token", refresh_token=first["refresh_token"], **given)
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_grant")
    assert Program(first["refresh_token"]).get("me").status_code == 401


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"client_id": "x", "client_secret": "y", "grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"client_id": "a\0", "client_secret": "y", "grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"client_id": "x" * 9000, "client_secret": "y"}, 401, "invalid_client"),
    ],
)
def test_who_is_nobody_gets_nothing(db: None, sent: dict[str, str], status: int, error: str) -> None:
    answer = ask(**sent)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_other_grants_and_methods_are_refused(cast: Cast) -> None:
    program = program_of(cast.north, by=cast.ada)
    given = {"client_id": program.client_id, "client_secret": secret_for(program, by=cast.ada)}
    assert ask(grant_type="password", **given).json()["error"] == "unsupported_grant_type"
    assert ask(**given).json()["error"] == "invalid_request"
    assert Client().get("/oauth2/token", given).status_code == 405
    assert Client().post("/oauth2/token", headers={"Authorization": "Basic !!!"}).status_code == 400


@pytest.mark.parametrize("change", ["secret", "program", "expire", "rights"])
def test_what_ends_a_program_ends_it_at_the_next_request(cast: Cast, signed_in: SignedIn, change: str) -> None:
    row = program_of(cast.north, by=cast.ada)
    program = Program(access_of(row, by=cast.ada))
    assert program.get("users").status_code == 200
    match change:
        case "secret":
            secret = ProgramSecret.objects.get(program=row)
            signed_in(cast.ada).post(reverse("programs:revoke-secret", args=[row.pk, secret.pk]))
        case "program":
            perform(DeleteProgram, actor=actor(cast.ada), target_id=row.pk, data=NoInput())
        case "expire":
            with staging():
                ProgramToken.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
        case "rights":
            data = EditProgramInput(name="Sync", permissions=["devices.view"])
            perform(EditProgram, actor=actor(cast.ada), target_id=row.pk, data=data)
    answer = program.get("users")
    expected = (403, "permission_missing") if change == "rights" else (401, "bearer_wrong")
    assert (answer.status_code, reason(answer)) == expected


def test_nobody_gives_a_program_more_than_they_hold_nor_a_secret_to_a_stronger_one(
    cast: Cast, signed_in: SignedIn
) -> None:
    with staging():
        role = cast.role("staff")
        role.permissions = sorted(
            {*role.permissions, "developer.tokens.view", "developer.tokens.create"} | {"developer.tokens.edit"}
        )
        role.save(update_fields=["permissions"])
    browser = signed_in(cast.cleo)
    more = {"name": "More", "reach": "some", "scopes": ["users.view", "roles.edit"]}
    assert browser.post(reverse("programs:create"), more).status_code == 422
    stronger = program_of(cast.north, by=cast.ada, rights=["roles.edit", "roles.view"])
    assert browser.post(reverse("programs:create-secret", args=[stronger.pk])).status_code == 403
    assert not ProgramSecret.objects.filter(program=stronger).exists()
    edit = {"name": "Sync", "reach": "some", "scopes": ["roles.edit"]}
    assert browser.post(reverse("programs:edit", args=[stronger.pk]), edit).status_code == 422
    assert not Row.objects.filter(name="More").exists()


def test_a_program_has_two_secrets_at_most(cast: Cast, signed_in: SignedIn) -> None:
    row = program_of(cast.north, by=cast.ada)
    secrets = [secret_for(row, by=cast.ada), secret_for(row, by=cast.ada)]
    assert signed_in(cast.ada).post(reverse("programs:create-secret", args=[row.pk])).status_code == 409
    for secret in secrets:
        answer = ask(grant_type="client_credentials", client_id=row.client_id, client_secret=secret)
        assert answer.status_code == 200


def test_a_program_reaches_its_organization_and_below_alone(cast: Cast) -> None:
    program = Program(access_of(program_of(cast.north, by=cast.ada, rights=RIGHTS), by=cast.ada))
    names = {one["name"] for one in program.get("users").json()["items"]}
    assert names == {"Finn North", "Cleo Staff", "Bob Berg", "Bea Berg"}
    assert program.get(f"users/{cast.ada.pk}").status_code == 404
    assert program.get(f"users/{cast.sue.pk}").status_code == 404
    assert program.get(f"users/{cast.eve.pk}").status_code == 404
