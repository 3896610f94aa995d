"""`fleetfolk run`, as a person at a terminal meets it: the real processes, on a data folder and port of their own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fleetfolk.config.runtime.children import leftovers
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.config.runtime.supervisor import MARK
from fleetfolk.config.runtime.throwaway import remove

LONGEST_START = 400.0
LONGEST_STOP = 90.0


def _hear_ctrl_c() -> None:
    """As in a terminal: what runs in the background, as a check may, was told by its shell to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """Somebody who starts Fleetfolk on one folder and one port, again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder.with_name("terminal.log")
        self.refusals = folder.with_name("refusals.log")
        self.running: subprocess.Popen[bytes] | None = None

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own = {"FLEETFOLK_DATA": str(self.folder), "FLEETFOLK_PORT": str(self.port), "FLEETFOLK_MODE": "test"}
        return {**kept, **own, "FLEETFOLK_WEB_PROCESSES": "1", **more}

    def start(self, log: Path, **more: str) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "fleetfolk.config.cli", "run"],
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - no threads here, and nothing but one system call there
            )

    def read(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def started(self, **more: str) -> subprocess.Popen[bytes]:
        process = self.start(self.log, **more)
        deadline = time.monotonic() + LONGEST_START
        while time.monotonic() < deadline and process.poll() is None:
            if "Fleetfolk runs at" in self.read():
                return process
            time.sleep(0.1)
        process.kill()
        process.wait()
        pytest.fail(f"It did not start: {self.read()}")

    def refused(self, **more: str) -> str:
        """What it says when it does not start; everything is as before."""
        process = self.start(self.refusals, **more)
        code = process.wait(LONGEST_START)
        said = self.refusals.read_text(encoding="utf-8")
        assert code == 1, said
        assert "Traceback" not in said
        return said

    def page(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
            return int(answer.status)

    def database(self) -> str:
        return (self.folder / "database-url").read_text(encoding="utf-8")

    def left(self) -> list[int]:
        return leftovers(f"{MARK}={self.folder}")


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("run") / "data"
    terminal = Terminal(folder)
    yield terminal
    if terminal.running and terminal.running.poll() is None:
        terminal.running.terminate()
        terminal.running.wait(LONGEST_STOP)
    remove(folder)


@pytest.fixture
def running(terminal: Terminal) -> subprocess.Popen[bytes]:
    """It runs; if an earlier test has not ended it, it still does, for a start is slow."""
    if terminal.running is None or terminal.running.poll() is not None:
        terminal.running = terminal.started()
    return terminal.running


def test_it_answers_says_where_and_stops_at_once_with_all_its_parts(
    terminal: Terminal, running: subprocess.Popen[bytes]
) -> None:
    assert terminal.page() == 200
    assert f"Fleetfolk runs at http://localhost:{terminal.port}" in terminal.read()
    url = terminal.database()
    begun = time.monotonic()
    running.send_signal(signal.SIGINT)
    assert running.wait(LONGEST_STOP) == 0
    assert time.monotonic() - begun < LONGEST_STOP
    assert terminal.read().endswith("Stopping …\nStopped. Everything is saved.\n")
    assert terminal.left() == []
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(url)


def test_a_second_start_on_the_same_folder_is_refused_and_harms_nothing(
    terminal: Terminal, running: subprocess.Popen[bytes]
) -> None:
    said = terminal.refused(FLEETFOLK_PORT=str(free_port()))
    assert re.search(rf"already runs on {terminal.folder} \(process {running.pid}, http://localhost", said)
    assert "stop it with Ctrl-C" in said
    assert terminal.page() == 200


def test_a_port_in_use_is_named_with_who_holds_it(terminal: Terminal, running: subprocess.Popen[bytes]) -> None:
    said = terminal.refused(FLEETFOLK_DATA=str(terminal.folder.with_name("other")))
    assert re.search(rf"Port {terminal.port} is in use by another program \(\S+, process \d+\)", said)
    assert f"FLEETFOLK_PORT={terminal.port + 1}" in said


def test_everything_killed_at_once_starts_again_with_its_data(
    terminal: Terminal, running: subprocess.Popen[bytes]
) -> None:
    with psycopg.connect(terminal.database()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS saved (answer int)")
        connection.execute("INSERT INTO saved VALUES (42)")
    database = int((terminal.folder / "postgres/data/postmaster.pid").read_text().split("\n", 1)[0])
    for pid in [running.pid, *terminal.left(), database]:
        # A child whose parent was killed just now may be gone already.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.wait()
    terminal.running = terminal.started()
    with psycopg.connect(terminal.database()) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM saved WHERE answer = 42").fetchone() == (True,)
    assert terminal.page() == 200


def test_a_killed_supervisor_takes_its_children_with_it(terminal: Terminal, running: subprocess.Popen[bytes]) -> None:
    running.kill()
    running.wait()
    deadline = time.monotonic() + LONGEST_STOP
    while terminal.left() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert terminal.left() == []


def test_a_part_that_dies_stops_all_and_is_named(terminal: Terminal, running: subprocess.Popen[bytes]) -> None:
    database = int((terminal.folder / "postgres/data/postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(database, signal.SIGKILL)
    assert running.wait(LONGEST_STOP) == 1
    assert "The database was killed by signal 9" in terminal.read()
    assert "nothing that was saved is lost" in terminal.read()
    assert "Traceback" not in terminal.read()
    assert terminal.left() == []


def test_a_wrong_database_url_is_a_sentence(terminal: Terminal) -> None:
    url = f"postgresql://somebody:secret@127.0.0.1:{free_port()}/fleetfolk"
    said = terminal.refused(DATABASE_URL=url, **elsewhere(terminal))
    assert "No PostgreSQL answers at 127.0.0.1" in said
    assert "secret" not in said


def test_a_wrong_setting_is_a_sentence(terminal: Terminal) -> None:
    assert "FLEETFOLK_PORT is 'http'. Set it to a whole number" in terminal.refused(FLEETFOLK_PORT="http")
    url = os.environ["DATABASE_URL"]
    said = terminal.refused(FLEETFOLK_ORIGIN="console.example.com", DATABASE_URL=url, **elsewhere(terminal))
    assert "Fleetfolk: FLEETFOLK_ORIGIN is not an address like" in said


def elsewhere(terminal: Terminal) -> dict[str, str]:
    """A folder and a port that nobody has."""
    return {"FLEETFOLK_DATA": str(terminal.folder.with_name("elsewhere")), "FLEETFOLK_PORT": str(free_port())}
