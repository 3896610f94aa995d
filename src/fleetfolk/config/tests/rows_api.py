"""How the pages of keys are attacked. What programs ask with keys has a table of its own: `api/tests`."""

from typing import Any

from django.urls import URLPattern

from fleetfolk.api.models import ProgramSecret
from fleetfolk.api.urls import API
from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_api import RIGHTS, program_of, secret_for, token_id


def program(cast: Cast) -> list[Any]:
    return [program_of(cast.north, by=cast.ada).pk]


def secret(cast: Cast) -> list[Any]:
    made = program_of(cast.north, by=cast.ada)
    secret_for(made, by=cast.ada)
    return [made.pk, ProgramSecret.objects.get(program=made).pk]


def cleos_key(cast: Cast) -> list[Any]:
    return [cast.cleo.pk, token_id(cast.cleo)]


def cleo(cast: Cast) -> list[Any]:
    return [cast.cleo.pk]


def north(cast: Cast) -> list[Any]:
    return [cast.north.pk]


_FORM = {"name": "Sync", "reach": "some", "scopes": list(RIGHTS)}

ROWS: list[Row] = [
    Row(name="keys:own", dana=200, bob=200),
    Row(name="keys:create", dana=200, bob=200),
    Row(name="keys:card", target=cleo, dana=200),
    Row(name="keys:revoke-of", target=cleos_key, data={}, ada=(302,)),
    Row(name="api-reference", dana=200, bob=200),
    Row(name="programs:list", dana=200),
    Row(name="programs:create"),
    Row(name="programs:list-of", target=north, dana=200),
    Row(name="programs:create-of", target=north, data=_FORM),
    Row(name="programs:edit", target=program, data=_FORM, ada=(302,)),
    Row(name="programs:delete", target=program, data={}, ada=(302,)),
    Row(name="programs:create-secret", target=program, data={}),
    Row(name="programs:revoke-secret", target=secret, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {
    "oauth-token": "asks for a secret, tested in api/tests/test_programs.py",
    "api:openapi-json": "says what there is, and nothing of anybody",
    "api:api-root": "answers 404",
}
ELSEWHERE: dict[str, str] = {
    "keys:revoke": "api/tests/test_keys.py",
    **dict.fromkeys(("platform", "platform-root"), "api/tests/test_platform_attacks.py"),
    **{
        f"api:{pattern.name}": "api/tests/test_actions.py and api/tests/test_reads.py"
        for pattern in API.urls[0]
        if isinstance(pattern, URLPattern)
    },
}
