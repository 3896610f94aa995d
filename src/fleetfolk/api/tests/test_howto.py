"""What the how-to says works: each of its curl commands is run, as a request of the same method, headers and body."""

import re
import shlex
from pathlib import Path
from string import Template
from typing import Any

import pytest
from django.test import Client

from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_api import key_of, program_of, secret_for

HOWTO = Path(__file__).resolve().parents[4] / "docs" / "howto" / "use-the-api.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", HOWTO.read_text(), re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.strip()]


def run(command: str) -> Any:
    """The answer to a command of curl that uses no more than the how-to does."""
    words = iter(shlex.split(command))
    assert next(words) == "curl"
    headers: dict[str, str] = {}
    method, body, kind, url = "get", b"", "application/json", ""
    for word in words:
        match word:
            case "-H":
                name, _colon, value = next(words).partition(": ")
                headers[name] = value
            case "-u":
                name, _colon, secret = next(words).partition(":")
                method, kind = "post", "application/x-www-form-urlencoded"
                body += f"&client_id={name}&client_secret={secret}".encode()
            case "-d":
                body += f"&{next(words)}".encode()
            case "--json":
                method, body = "post", next(words).encode()
            case _:
                url = word
    if method == "get":
        return Client().get(url, headers=headers)
    return Client().post(url, body, content_type=kind, headers=headers)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[-60:])
def test_the_command_works(cast: Cast, command: str) -> None:
    program = program_of(cast.north, by=cast.ada)
    said = {
        "HOST": "",
        "KEY": key_of(cast.ada, scopes=[one.code for one in scopes_there_are()], sensitive=True),
        "CLIENT": program.client_id,
        "SECRET": secret_for(program, by=cast.ada),
        "USER": str(cast.cleo.pk),
        "ORGANIZATION": str(cast.north.pk),
        "ROLE": str(cast.role("user").pk),
    }
    answer = run(Template(command).substitute(said))
    assert answer.status_code in (200, 202), answer.content
    assert answer.json()
