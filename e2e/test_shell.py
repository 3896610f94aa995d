"""Daily work from a shell of another machine: with a key, against the whole installation and its worker."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from e2e.people import House
from e2e.world import Installation
from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.testing.samples_api import key_of, program_of, secret_for
from fleetfolk.users.models import User, UserTag

type Shell = Callable[..., Any]


@pytest.fixture
def shell(installation: Installation, tmp_path: Path) -> Shell:
    """`shell("users", "list")` is what the command says; with ``code``, it ends so."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLEETFOLK_", "DATABASE"))}

    def run(*words: str, typed: str = "", code: int = 0) -> str:
        ended = subprocess.run(
            [sys.executable, "-m", "fleetfolk.config.cli", *words],
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**environment, "XDG_CONFIG_HOME": str(tmp_path)},
        )
        assert ended.returncode == code, ended.stderr
        return ended.stdout if code == 0 else ended.stderr

    return run


@pytest.mark.feature("B9")
def test_a_day_at_the_shell(house: House, installation: Installation, shell: Shell) -> None:
    bob, tag = house.person("Bob Berg"), house.tag("Vip")
    key = key_of(house.ada, scopes=[one.code for one in scopes_there_are()], sensitive=True)
    assert "fleetfolk login" in shell("users", "list", code=3)
    assert "Ada" in shell("login", installation.origin, typed=key)
    assert bob.email in shell("users", "list", "--search", "bob")
    shell("users", "invite", "nina@new.example", "--first-name", "Nina", "--last-name", "New", "--role", "User")
    assert User.objects.filter(tenant=house.root, email="nina@new.example").exists()
    words = ("bulk", "users", "tag", "--filter", "q=bob", "--set", f"tag_id={tag.pk}", "--wait", "--json")
    job = json.loads(shell(*words))
    assert (job["state"], job["counts"]) == ("done", {"changed": 1})
    assert UserTag.objects.filter(tag=tag, user=bob).exists()
    undoing = json.loads(shell("jobs", "undo", str(job["id"]), "--json"))[0]["id"]
    shell("jobs", "wait", str(undoing))
    assert not UserTag.objects.filter(tag=tag).exists()
    shell("users", "disable", bob.email, "--reason", "left")
    entries = json.loads(shell("log", "list", "--person", bob.email, "--json"))
    assert ("user.disable", "done") in {(entry["action"], entry["result"]) for entry in entries}


def test_a_program_acts_on_many_and_waits(house: House, installation: Installation, shell: Shell) -> None:
    bob = house.person("Bob Berg")
    rights = ["users.view", "users.disable", "users.jobs.view", "devices.view", *house.role("User").permissions]
    program = program_of(house.root, by=house.ada, rights=sorted(set(rights)), sensitive=True)
    secret = secret_for(program, by=house.ada)
    shell("login", installation.origin, "--program", program.client_id, typed=secret)
    job = json.loads(shell("bulk", "users", "disable", bob.email, "--wait", "--json"))
    assert (job["created_by"], job["counts"]) == (program.name, {"changed": 1})
    assert User.objects.get(pk=bob.pk).disabled_at
