"""Every path of the Platform API × everybody who must not: no key, another tenant, a sibling, below, no right."""

from typing import Any

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.api import limits
from fleetfolk.api.platform.doors import ROUTES
from fleetfolk.api.tests.scripts import ALL, ASKED, Script, message, scene
from fleetfolk.api.urls import API
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_api import access_of, key_of, program_of

PATHS = sorted(ASKED)
NORTHERN = ("Cleo", "cleo@", "Finn", "finn@", "Pia", "pia@", "Cellar", "Depot", "Empty")
OWN_WORLD = {
    *("profile", "search", "users", "search/users", "search/devices", "users/create", "users/register"),
    *("device/by-user-org",),
}
"""Asked about one's own place: whoever may, gets that."""
USED_BELOW = {"template", "template/metafields", "template/datastreams", "template/events"}
"""A template that North may use, those below it may use, too."""


def ids(pair: tuple[str, str]) -> str:
    return f"{pair[0]} {pair[1]}"


def asked(program: Script, pair: tuple[str, str], there: dict[str, Any], cast: Cast) -> Any:
    query, body = ASKED[pair](there, cast)
    return program.ask(*pair, body, **query)


def test_every_path_is_attacked_and_none_is_hidden_by_another() -> None:
    assert {(route.method, route.path) for route in ROUTES.all()} == set(ASKED)
    ours = {path.removeprefix("/api/v1/").partition("/")[0] for path in API.document["paths"]}
    assert "organization" not in ours


def done(**where: Any) -> int:
    """How many Actions were done, keys aside."""
    keys = ("user.token.create", "program.create", "program.secret.create")
    return Entry.objects.filter(result="done", **where).exclude(code__in=keys).count()


def test_without_a_key_nobody_gets_anything(cast: Cast) -> None:
    there = scene(cast)
    for token in ("", "ffa_unknown", "ffp_unknown"):
        for pair in PATHS:
            answer = asked(Script(token), pair, there, cast)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="fleetfolk"'), pair
            message(answer)


@pytest.mark.parametrize("who", ["eve", "sam", "bea", "bob"])
def test_who_is_elsewhere_gets_nothing_of_north(cast: Cast, who: str) -> None:
    there, person = scene(cast), getattr(cast, who)
    script = Script(key_of(person, scopes=ALL, sensitive=True))
    before, north = done(), done(organization_label="North")
    for pair in PATHS:
        answer = asked(script, pair, there, cast)
        said = answer.content.decode().replace("Attic", "")
        assert not [word for word in NORTHERN if word in said], (pair, said)
        if pair[1] in OWN_WORLD or (who == "bea" and pair[1] in USED_BELOW):
            assert answer.status_code in (200, 204, 403), (pair, said)
        else:
            assert answer.status_code == (400 if pair[1] == "users/transfer" else 404), (pair, said)
            message(answer)
    assert done(organization_label="North") == north
    # A client's organization of one's own, and who is invited there.
    assert done() <= before + 4


def test_a_key_without_the_right_is_told_so(cast: Cast) -> None:
    there, rights = scene(cast), ["analytics.view"]
    own = Script(key_of(cast.ada, scopes=rights, sensitive=True))
    program = program_of(cast.lumen, by=cast.ada, rights=rights, sensitive=True)
    scripts = [own, Script(access_of(program, by=cast.ada))]
    before = done()
    for pair in PATHS:
        if pair == ("GET", "profile"):
            continue  # Whose key it is, every key is told.
        for script in scripts:
            answer = asked(script, pair, there, cast)
            assert answer.status_code == 400 if pair[1] == "users/transfer" else answer.status_code in (403, 404), pair
            message(answer)
    assert done() == before


@pytest.mark.parametrize("pair", PATHS, ids=ids)
def test_a_program_that_may_does_it(cast: Cast, pair: tuple[str, str]) -> None:
    there = scene(cast)
    held = [one for one in ALL if one in cast.ada.role.permissions]
    program = program_of(cast.lumen, by=cast.ada, rights=held, sensitive=True)
    answer = asked(Script(access_of(program, by=cast.ada)), pair, there, cast)
    expected = (501,) if pair[1] == "device/provision/reconfigure" else (200, 201, 204)
    assert answer.status_code in expected, answer.content
    assert answer["RateLimit-Limit"]
    if answer.status_code == 204:
        assert answer.content == b""
    else:
        answer.json()


WRONG: tuple[Any, ...] = ("x", "9" * 30, "-1", "1\0", None, [], {"a": 1}, 1e300)
BROKEN = (b"{", b"[]", b"7", b"\xff", b'{"name": "\\ud800"}', b'{"orgId": NaN}')


def test_what_is_no_value_is_refused_and_never_a_defect(cast: Cast) -> None:
    there = scene(cast)
    script = Script(key_of(cast.ada, scopes=ALL, sensitive=True))
    for pair in PATHS:
        if pair[1] == "device/provision/reconfigure":
            continue
        query, body = ASKED[pair](there, cast)
        for wrong in WRONG:
            for name in (*query, *(body or {})):
                if body and name in body:
                    answer = script.ask(*pair, {**body, name: wrong}, **query)
                elif isinstance(wrong, str):
                    answer = script.ask(*pair, body, **{**query, name: wrong})
                else:
                    continue
                assert answer.status_code < 500, (pair, name, wrong, answer.content)
        for broken in BROKEN:
            answer = script.ask(*pair, broken, **query)
            assert (answer.status_code, message(answer)) == (400, "Request with incorrect parameters")


def test_an_unknown_path_and_method_answer_in_the_form_that_scripts_read(cast: Cast) -> None:
    script = Script(key_of(cast.ada))
    assert script.ask("GET", "nowhere").status_code == 404
    message(script.ask("GET", "nowhere"))
    answer = script.ask("PATCH", "device")
    assert (answer.status_code, set(answer["Allow"].split(", "))) == (405, {"GET", "PUT", "DELETE"})
    message(answer)


def test_what_is_beyond_the_limit_of_a_minute_is_429(cast: Cast, settings: Any) -> None:
    settings.FLEETFOLK_API_PER_MINUTE = 2
    limits.forget()
    script = Script(key_of(cast.ada))
    answers = [script.ask("GET", "profile") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"]
    message(answers[-1])


def test_a_browser_is_nobody_here(cast: Cast) -> None:
    script = Script()
    script.client.force_login(cast.ada)
    assert script.ask("GET", "profile").status_code == 401
