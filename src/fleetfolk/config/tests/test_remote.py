"""The shell over REST, against a server that answers by HTTP: what it shows, what it changes, how it ends."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import get_commands

from fleetfolk.actionlog.models import Entry
from fleetfolk.api.scopes import only_looking, scopes_there_are
from fleetfolk.config import cli
from fleetfolk.config.remote import commands
from fleetfolk.config.remote.commands import run
from fleetfolk.config.remote.failure import Ends
from fleetfolk.config.remote.login import login_file
from fleetfolk.config.remote.nouns import NOUNS
from fleetfolk.config.remote.table import Writer
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.actor import Client
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.models import Message
from fleetfolk.organizations.actions.create_tag import CreateTag, CreateTagInput
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.samples_api import key_of, program_of, secret_for
from fleetfolk.testing.serving import serving
from fleetfolk.users.models import User

ALL = [one.code for one in scopes_there_are()]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    for name in ("URL", "KEY", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"FLEETFOLK_{name}", raising=False)
    return tmp_path


@pytest.fixture
def url(cast: Cast) -> Iterator[str]:
    """A server with the cast in it."""
    with serving() as origin:
        yield origin


@pytest.fixture
def adas(cast: Cast, url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The environment has Ada's key, which may do all that she may."""
    monkeypatch.setenv("FLEETFOLK_URL", url)
    monkeypatch.setenv("FLEETFOLK_KEY", key_of(cast.ada, scopes=ALL, sensitive=True))
    return cast


def said(capsys: pytest.CaptureFixture[str], *words: str, code: Ends = Ends.DONE) -> str:
    """What the command writes; it ends with this code."""
    assert run(words) == code, capsys.readouterr().err
    return capsys.readouterr().out


def read(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(said(capsys, *words, "--json"))


def test_login_keeps_the_key_where_only_its_owner_reads_it(
    cast: Cast, url: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = key_of(cast.ada, scopes=sorted(only_looking()))
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key}\n"))
    assert key not in said(capsys, "login", url)
    assert login_file().stat().st_mode & 0o777 == 0o600
    assert read(capsys, "whoami")["name"] == str(cast.ada)
    login_file().chmod(0o644)
    assert run(["whoami"]) == Ends.SIGNED_OUT
    assert "Others can read" in capsys.readouterr().err
    said(capsys, "logout")
    assert run(["whoami"]) == Ends.SIGNED_OUT


def test_a_wrong_key_is_not_kept(
    cast: Cast, url: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("ff_pat_wrong\n"))
    assert run(["login", url]) == Ends.SIGNED_OUT
    assert not login_file().exists()


def test_a_program_signs_in_with_its_secret(
    cast: Cast, url: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = program_of(cast.north, by=cast.ada)
    monkeypatch.setattr(sys, "stdin", io.StringIO(secret_for(program, by=cast.ada)))
    said(capsys, "login", url, "--program", program.client_id)
    assert read(capsys, "whoami")["kind"] == "program"


@pytest.mark.parametrize("to", ["http://fleet.example.com", "ftp://localhost", "fleet.example.com", "https://a@b/"])
def test_a_key_goes_nowhere_unprotected(home: Path, to: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["login", to]) == Ends.USAGE


def test_the_key_of_the_file_never_goes_to_the_server_of_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLEETFOLK_URL", "https://elsewhere.example")
    assert run(["whoami"]) == Ends.SIGNED_OUT


class _Elsewhere(BaseHTTPRequestHandler):
    """Sends whoever asks to another server, and notes what they brought along."""

    seen: list[str | None]
    to: str

    def do_GET(self) -> None:
        self.seen.append(self.headers.get("Authorization"))
        self.send_response(302)
        self.send_header("Location", self.to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere() -> Iterator[HTTPServer]:
    _Elsewhere.seen = []
    with HTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        _Elsewhere.to = f"http://127.0.0.1:{server.server_port}/other"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_redirect_is_not_followed(
    home: Path, elsewhere: HTTPServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLEETFOLK_URL", f"http://127.0.0.1:{elsewhere.server_port}")
    monkeypatch.setenv("FLEETFOLK_KEY", "ff_pat_x")
    assert run(["whoami"]) == Ends.UNREACHABLE
    assert _Elsewhere.seen == ["Bearer ff_pat_x"]


def test_people_are_listed_as_the_page_lists_them(adas: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    table = said(capsys, "users", "list", "--status", "inactive", "--status", "active", "--role", "Staff")
    assert table.splitlines()[0].split()[:3] == ["ID", "NAME", "EMAIL"]
    assert adas.cleo.email in table
    assert adas.bob.email not in table
    assert {row["email"] for row in read(capsys, "users", "list")} >= {adas.bob.email, adas.cleo.email}
    lines = said(capsys, "users", "list", "--csv").splitlines()
    assert lines[0].startswith("id,name,email,status")
    assert read(capsys, "users", "show", adas.bob.email)["id"] == adas.bob.pk


def test_pages_are_turned(adas: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleetfolk.config.remote.server.PAGE", 2)
    every = read(capsys, "users", "list", "--sort", "name")
    assert len(every) == len({row["id"] for row in every}) > 4
    assert read(capsys, "users", "list", "--sort", "name", "--limit", "3") == every[:3]
    assert len(read(capsys, "log", "list", "--limit", "5")) == 5


@pytest.mark.parametrize("noun", NOUNS)
def test_every_list_can_be_read(adas: Cast, capsys: pytest.CaptureFixture[str], noun: str) -> None:
    rows = read(capsys, noun, "list")
    missing = {name for row in rows for name in NOUNS[noun].columns if name not in row}
    assert not missing
    assert said(capsys, noun, "list") or not rows


def test_an_act_is_done_to_each_and_a_refusal_does_not_stop_it(adas: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["users", "disable", adas.ada.email, "nobody@x.example", adas.bob.email, "--reason", "left"])
    captured = capsys.readouterr()
    assert code == Ends.REFUSED
    assert "nobody@x.example" in captured.err
    assert fresh(adas.bob).disabled_at
    assert not fresh(adas.ada).disabled_at
    entry = Entry.objects.get(code="user.disable", result="done")
    assert (entry.actor_id, entry.client, entry.target_id) == (str(adas.ada.pk), Client.HTTPS_API, adas.bob.pk)


def test_a_key_that_only_looks_changes_nothing(
    adas: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLEETFOLK_KEY", key_of(adas.ada, scopes=sorted(only_looking()), name="Look"))
    assert run(["users", "sign-out", adas.bob.email]) == Ends.REFUSED
    assert "permission_missing" in capsys.readouterr().err


def test_people_are_invited_and_written_to(adas: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--first-name", "Nina", "--last-name", "New", "--role", "user")
    assert "user.invite" in said(capsys, "users", "invite", "nina@new.example", *words)
    assert User.objects.filter(email="nina@new.example").exists()
    sent = ("--subject", "Maintenance", "--body", "We come.", "--to", adas.cleo.email, "--to", str(adas.bob.pk))
    said(capsys, "messages", "send", *sent)
    assert Message.objects.get(subject="Maintenance").audience == {"users": [adas.cleo.pk, adas.bob.pk]}
    assert run(["messages", "send", "--subject", "x", "--body", "y"]) == Ends.USAGE


def test_any_action_is_called_by_its_code(adas: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "call", "user.disable", f"target={adas.bob.pk}", "reason=left")
    assert fresh(adas.bob).disabled_at
    assert run(["call", "user.disable", "target:=[]"]) == Ends.REFUSED
    assert "target" in capsys.readouterr().err
    assert run(["call", "user.disable", "nonsense"]) == Ends.USAGE
    listed = said(capsys, "actions", "user.disable")
    assert "target [reason]" in listed


def test_many_are_changed_by_a_job_that_is_waited_for(adas: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    perform(CreateTag, actor=actor(adas.ada), target_id=adas.lumen.pk, data=CreateTagInput(name="VIP"))
    tag = Tag.objects.get(name="VIP")
    words = ("bulk", "users", "tag", adas.bob.email, str(adas.cleo.pk), "--set", f"tag_id={tag.pk}")
    assert "tag" in said(capsys, "bulk", "users")
    assert read(capsys, *words, "--dry-run")["changes"] == 2
    job = Job.objects.get(pk=read(capsys, *words)["job"])
    run_bulk(job.pk)
    assert read(capsys, "jobs", "wait", str(job.pk))["counts"] == {"changed": 2}
    assert len(read(capsys, "users", "list", "--tag", "VIP")) == 2
    assert run(["bulk", "users", "tag"]) == Ends.USAGE


def test_the_tree_is_drawn(adas: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "organizations", "tree").splitlines()
    assert lines[0].startswith(str(adas.lumen.name))
    assert any("─ " in line and adas.north.name in line for line in lines)


def test_what_does_not_answer_is_said_in_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fleetfolk.config.remote.server.time.sleep", lambda _seconds: None)
    monkeypatch.setenv("FLEETFOLK_URL", "http://localhost:9")
    monkeypatch.setenv("FLEETFOLK_KEY", "ff_pat_x")
    assert run(["users", "list"]) == Ends.UNREACHABLE
    assert capsys.readouterr().err.count("\n") == 1


def test_names_cannot_write_to_the_terminal_nor_run_in_a_spreadsheet() -> None:
    rows = [{"name": "\x1b[2Jevil\u202e", "phone": "=1+1"}]
    table, file = io.StringIO(), io.StringIO()
    Writer("table", table).rows(("name", "phone"), rows)
    Writer("csv", file).rows(("name", "phone"), rows)
    assert "\x1b" not in table.getvalue()
    assert "\u202e" not in table.getvalue()
    assert "'=1+1" in file.getvalue()


def test_every_command_is_in_the_overview_and_none_means_two_things(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fleetfolk", "--help"])
    cli.main()
    overview = capsys.readouterr().out
    ours = {name.replace("_", "-") for name, app in get_commands().items() if str(app).startswith("fleetfolk")}
    assert {"run", "part", "doctor", "backup", "restore"} | ours == set(cli.LOCAL)
    assert not set(commands.HELP) & ({name.replace("_", "-") for name in get_commands()} | set(cli.LOCAL))
    assert all(f"  {name} " in overview for name in (*cli.LOCAL, *commands.HELP))


def test_it_runs_as_a_program_without_settings_and_completes(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLEETFOLK_", "DJANGO"))}
    made = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "fleetfolk.config.cli", "completion", "bash"],
        capture_output=True,
        text=True,
        check=True,
        env={**environment, "DATABASE_URL": "nonsense", "XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert "| django" not in made.stderr
    assert "users) words='list show" in made.stdout
    subprocess.run(["/bin/bash", "-n"], input=made.stdout, text=True, check=True)
