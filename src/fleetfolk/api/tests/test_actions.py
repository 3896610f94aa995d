"""Every Action that programs may do, done by a program: as in the browser, and once."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from fleetfolk.actionlog.models import Entry
from fleetfolk.api.actions.create_program import CreateProgram, CreateProgramInput
from fleetfolk.api.bearer import holder_of
from fleetfolk.api.fields import asks_for_secrets
from fleetfolk.api.models import Answer
from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.api.secrets import new_client_id
from fleetfolk.api.tests.asking import Program, reason
from fleetfolk.api.v1.actions import CLOSED, is_open
from fleetfolk.config.tests.test_attack_table_of_actions import INSTALLATION_ONLY
from fleetfolk.devices.tokens import Kept
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import SAMPLES, Sample
from fleetfolk.testing.samples_api import access_of, key_of, program_of
from fleetfolk.testing.undoing import undone
from fleetfolk.users.actions.edit_user import Keep
from fleetfolk.users.models import User

OPEN = sorted(code for code, action in CATALOGUE.items() if is_open(action) and code not in INSTALLATION_ONLY)
ALL = [one.code for one in scopes_there_are()]


def body_of(code: str, target: int, data: Any) -> dict[str, Any]:
    """What a program would send for a sample's input."""
    sent: dict[str, Any] = {"target": target}
    for field in fields(CATALOGUE[code].input_type):
        value = getattr(data, field.name)
        if not isinstance(value, Keep | Kept):
            sent[field.name] = _plain(value)
    return sent


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


@pytest.fixture
def adas(cast: Cast) -> Program:
    """Ada's key, which may do all that she may."""
    return Program(key_of(cast.ada, scopes=ALL, sensitive=True))


def test_what_is_closed_says_why() -> None:
    known = {code for code in CATALOGUE if is_open(CATALOGUE[code])}
    assert not known & set(CLOSED)
    assert set(CLOSED) <= set(CATALOGUE)
    assert not [code for code in OPEN if asks_for_secrets(CATALOGUE[code]) or CATALOGUE[code].permission.inherent]


@pytest.mark.parametrize("code", OPEN)
def test_an_action_and_every_program(cast: Cast, code: str, subtests: pytest.Subtests) -> None:
    sample = SAMPLES[code](cast)
    with subtests.test("a key does it as the browser does"), undone():
        done_by_a_key(cast, code, sample)
    with subtests.test("whoever may not may not by a key"), undone():
        nothing_by_a_key(cast, code, sample)
    with subtests.test("a program does it or is told why not"), undone():
        done_by_a_program_or_told(cast, code, sample)


def done_by_a_key(cast: Cast, code: str, sample: Sample) -> None:
    if str(cast.ada.pk) != sample.permitted.id:
        return  # Nobody but its own people do it.
    adas = Program(key_of(cast.ada, scopes=ALL, sensitive=True))
    answer = adas.do(code, **body_of(code, sample.target_id, sample.data))
    assert answer.status_code == 200, answer.content
    said = answer.json()
    entry = Entry.objects.filter(code=code, result="done").latest("at", "id")
    assert (said["action"], said["target"]["id"], said["target"]["label"]) == (
        code,
        entry.target_id,
        entry.target_label,
    )
    assert (entry.client, entry.actor_label) == ("https_api", "Ada Lindqvist")


def nothing_by_a_key(cast: Cast, code: str, sample: Sample) -> None:
    """Another tenant, a sibling, a child reaching up, a role and a key without the right; a program elsewhere.

    Roles are the whole tenant's: everybody in it may know of them.
    """
    needed = CATALOGUE[code].permission.code
    keys = {who: key_of(getattr(cast, who), scopes=ALL, sensitive=True) for who in ("eve", "sam", "bea", "dana")}
    keys["narrow"] = key_of(cast.ada, scopes=["analytics.view"], sensitive=True)
    held = [one for one in ALL if one in cast.sam.role.permissions]
    keys["program"] = access_of(program_of(cast.south, by=cast.ada, rights=held, sensitive=True), by=cast.ada)
    before = Entry.objects.filter(result="done").count()
    for who, key in keys.items():
        if who == "dana" and needed in cast.dana.role.permissions:
            continue
        answer = Program(key).do(code, **body_of(code, sample.target_id, sample.data))
        known = who in ("dana", "narrow") or (CATALOGUE[code].target_model == "access.Role" and who != "eve")
        assert answer.status_code in ((403, 404) if known else (404,)), (who, answer.content)
        reason(answer)
    assert Entry.objects.filter(result="done").count() == before


def done_by_a_program_or_told(cast: Cast, code: str, sample: Sample) -> None:
    held = [one for one in ALL if one in cast.ada.role.permissions]
    program = Program(access_of(program_of(cast.lumen, by=cast.ada, rights=held, sensitive=True), by=cast.ada))
    answer = program.do(code, **body_of(code, sample.target_id, sample.data))
    assert answer.status_code in (200, 403, 404, 409), answer.content
    if answer.status_code == 200:
        entry = Entry.objects.filter(code=code, result="done").latest("at", "id")
        assert (entry.actor_kind, entry.actor_label, entry.client) == ("api_client", "Sync", "https_api")
    else:
        reason(answer)


def test_sensitive_acts_take_a_key_that_may_do_them(cast: Cast) -> None:
    plain = Program(key_of(cast.ada, scopes=ALL))
    answer = plain.do("user.disable", target=cast.cleo.pk, reason="left")
    assert (answer.status_code, reason(answer)) == (403, "token_not_sensitive")
    assert fresh(cast.cleo).is_active
    assert Entry.objects.filter(code="user.disable", reason="token_not_sensitive").exists()
    sensitive = Program(key_of(cast.ada, scopes=ALL, sensitive=True, name="Sensitive"))
    assert sensitive.do("user.disable", target=cast.cleo.pk, reason="left").status_code == 200
    assert not fresh(cast.cleo).is_active


def test_a_key_acts_on_nobodys_account_who_may_do_more_than_the_key(cast: Cast) -> None:
    program = Program(key_of(cast.ada, scopes=["users.view", "users.disable", "users.invite"], sensitive=True))
    answer = program.do("user.disable", target=cast.cleo.pk)
    assert (answer.status_code, reason(answer)) == (403, "target_is_stronger")
    person = {"first_name": "Nina", "last_name": "New", "email": "nina@new.example", "role_id": cast.role("admin").pk}
    answer = program.do("user.invite", target=cast.north.pk, **person)
    assert (answer.status_code, reason(answer)) == (403, "role_is_stronger")


def test_a_key_makes_no_keys_at_any_door(cast: Cast) -> None:
    program = program_of(cast.lumen, by=cast.ada, rights=["developer.tokens.create", "developer.tokens.edit"])
    holder = holder_of(access_of(program, by=cast.ada))
    own = holder_of(key_of(cast.ada, scopes=ALL, sensitive=True))
    for by in (holder.actor, own.actor):
        data = CreateProgramInput(name="Second", client_id=new_client_id(), permissions=["developer.tokens.view"])
        with pytest.raises(Denied, match="not_for_tokens"):
            perform(CreateProgram, actor=replace(by, proof=Proof.GIVEN), target_id=cast.lumen.pk, data=data)


def test_a_key_changes_nobodys_own_account_and_makes_no_keys(cast: Cast, adas: Program) -> None:
    for code in ("user.token.create", "user.password.edit", "program.create", "user.email.start"):
        answer = adas.do(code, target=cast.ada.pk)
        assert (answer.status_code, reason(answer)) == (404, "no_such_address")


def test_the_same_request_twice_happens_once(cast: Cast, adas: Program) -> None:
    person = {"first_name": "Nina", "last_name": "New", "email": "Nina@New.example", "role_id": cast.role("user").pk}
    sent = {"target": cast.north.pk, **person}
    first = adas.post("actions/user.invite", sent, **{"Idempotency-Key": "invite-nina"})
    again = adas.post("actions/user.invite", sent, **{"Idempotency-Key": "invite-nina"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert (again["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)
    assert User.objects.filter(email="nina@new.example").count() == 1
    other = adas.post("actions/user.invite", {**sent, "first_name": "Nora"}, **{"Idempotency-Key": "invite-nina"})
    assert (other.status_code, reason(other)) == (422, "idempotency_other")
    twice = adas.post("actions/user.invite", sent)
    assert (twice.status_code, reason(twice)) == (409, "email_in_organization")


def test_somebody_elses_idempotency_key_is_another_one(cast: Cast, adas: Program) -> None:
    sent = {"target": cast.cleo.pk, "first_name": "Cleopatra"}
    others = Program(key_of(cast.finn, scopes=ALL))
    for program in (adas, others):
        answer = program.post("actions/user.edit", sent, **{"Idempotency-Key": "one"})
        assert (answer.status_code, "Idempotency-Replayed" in answer) == (200, False)


def test_a_refusal_is_not_kept(cast: Cast, adas: Program) -> None:
    key = {"Idempotency-Key": "enable-cleo"}
    assert adas.post("actions/user.enable", {"target": cast.cleo.pk}, **key).status_code == 409
    adas.do("user.disable", target=cast.cleo.pk)
    assert adas.post("actions/user.enable", {"target": cast.cleo.pk}, **key).status_code == 200


def test_where_nobody_knows_how_it_ended_it_is_not_done_again(cast: Cast, adas: Program) -> None:
    sent = {"target": cast.cleo.pk, "reason": "left"}
    adas.post("actions/user.disable", sent, **{"Idempotency-Key": "k"})
    with staging():
        Answer.objects.update(status=None, body="")
    answer = adas.post("actions/user.disable", sent, **{"Idempotency-Key": "k"})
    assert (answer.status_code, reason(answer)) == (409, "idempotency_open")


def test_a_secret_is_told_once(cast: Cast, adas: Program) -> None:
    sample = SAMPLES["device.token.rotate"](cast)
    first = adas.post("actions/device.token.rotate", {"target": sample.target_id}, **{"Idempotency-Key": "r"})
    again = adas.post("actions/device.token.rotate", {"target": sample.target_id}, **{"Idempotency-Key": "r"})
    secret = first.json()["secret"]
    assert len(secret) == 32
    assert (again.status_code, again.json()["secret"]) == (200, None)
    assert not Answer.objects.filter(body__contains=secret).exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"target": 7, "reason": "\\u0000"}',
        b'{"target": 7, "reason": "\\ud800"}',
        b'{"target": 99999999999999999999}',
        b'{"target": 0}',
        b'{"target": 7, "reason": NaN}',
        b'{"target": 7, "why": "unknown"}',
        b'{"target": ' + b"[" * 2000 + b"]" * 2000 + b"}",
        b"\xff\xfe",
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, adas: Program, body: bytes) -> None:
    answer = adas.post("actions/user.disable", body)
    assert (answer.status_code in (400, 422), reason(answer)) == (True, "input_malformed")


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "no address"), ("phone", "0151"), ("time_zone", "Mars/Base"), ("language", "tlh"), ("role_id", "x")],
)
def test_values_are_checked_as_in_the_form(cast: Cast, adas: Program, field: str, value: str) -> None:
    person = {"first_name": "Nina", "last_name": "New", "email": "nina@new.example", "role_id": cast.role("user").pk}
    answer = adas.do("user.invite", **{"target": cast.north.pk, **person, field: value})
    assert answer.status_code == 422
    assert reason(answer) == "input_malformed"
    assert [one["field"] for one in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("field", ["role_id", "organization_id", "tenant_id", "password", "email", "is_active"])
def test_fields_that_an_action_does_not_have_are_refused(cast: Cast, adas: Program, field: str) -> None:
    """Nobody slips a role or a home into an ordinary change: what an Action does not know, it does not take."""
    answer = adas.do("user.edit", target=cast.bob.pk, first_name="Robert", **{field: cast.role("admin").pk})
    assert (answer.status_code, reason(answer)) == (422, "input_malformed")
    after = fresh(cast.bob)
    assert (after.first_name, after.role_id, after.organization_id) == ("Bob", cast.bob.role_id, cast.berg.pk)
