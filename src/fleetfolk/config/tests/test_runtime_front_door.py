"""The front door: what goes where, and what it says of where a request came from."""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fleetfolk.config.runtime.children import spawn
from fleetfolk.config.runtime.front_door import Inner, caddyfile, front_door_command, front_door_environment
from fleetfolk.config.runtime.ports import free_port

LONGEST_START = 30.0
TOKEN = "a-token-that-only-the-device-has"


class Inside(ThreadingHTTPServer):
    """A process behind the door that says who it is and what it was told."""

    def __init__(self, name: str) -> None:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps({"name": name, "path": self.path, "headers": dict(self.headers)}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Says nothing."""

        super().__init__(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()


@dataclass(frozen=True, kw_only=True)
class Door:
    """A running front door."""

    port: int
    log: Path

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=named)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def inside(self, path: str, **headers: str) -> tuple[str, dict[str, str]]:
        """Who got it, and with which headers."""
        said = json.loads(self.ask(path, **headers)[1])
        return said["name"], said["headers"]


@contextmanager
def opened(folder: Path, *, proxies: int = 0, gateways: Sequence[str] = ("gateway",)) -> Iterator[Door]:
    """A front door with a web server and a gateway behind it, or several, and nobody for live updates."""
    with ExitStack() as stack:
        servers = [stack.enter_context(Inside(name)) for name in ("web", *gateways)]
        for server in servers:
            stack.callback(server.shutdown)
        web, *ports = (server.server_address[1] for server in servers)
        port = free_port()
        inner = Inner(web=web, gateways=ports, live=free_port())
        configuration = caddyfile(host="127.0.0.1", port=port, proxies=proxies, inner=inner)
        log = folder / "front-door.log"
        child = spawn(
            "front door",
            front_door_command(folder / "Caddyfile", configuration),
            log=log,
            environment=front_door_environment(folder / "caddy", os.environ),
        )
        stack.callback(child.stop, seconds=5)
        door = Door(port=port, log=log)
        deadline = time.monotonic() + LONGEST_START
        while time.monotonic() < deadline:
            with suppress(OSError):
                door.ask("/")
                break
            time.sleep(0.05)
        yield door


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("door")) as door:
        yield door


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/external/api/get?token=x", "gateway"),
        ("/device_uploads/1/x.png", "gateway"),
        ("/", "web"),
        ("/external/apis", "web"),
        ("/users/", "web"),
    ],
)
def test_each_path_goes_to_its_process(door: Door, path: str, name: str) -> None:
    assert door.inside(path)[0] == name


def test_a_device_is_always_answered_by_the_same_of_several_processes(tmp_path: Path) -> None:
    with opened(tmp_path, gateways=("one", "two")) as door:
        found = {}
        for number in range(12):
            asked = [f"/external/api/update?v1={value}&token=device{number}" for value in range(3)]
            found[number] = {door.inside(path)[0] for path in asked}
    assert all(len(names) == 1 for names in found.values())
    assert set.union(*found.values()) == {"one", "two"}


def test_nobody_is_believed_about_where_they_come_from(door: Door) -> None:
    headers = door.inside("/", X_Forwarded_For="192.0.2.66", X_Forwarded_Proto="https")[1]
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"


def test_the_operators_own_proxies_are_believed(tmp_path: Path) -> None:
    with opened(tmp_path, proxies=1) as door:
        headers = door.inside("/", X_Forwarded_For="192.0.2.66", X_Forwarded_Proto="https")[1]
        assert headers["X-Forwarded-For"] == "192.0.2.66, 127.0.0.1"
        assert headers["X-Forwarded-Proto"] == "https"


def test_the_measures_are_not_for_what_an_unknown_proxy_hands_on(door: Door) -> None:
    assert door.ask("/metrics")[0] == 200
    assert door.ask("/metrics", X_Forwarded_For="192.0.2.66")[0] == 403


def test_what_does_not_answer_is_said_in_words_and_no_token_is_logged(door: Door) -> None:
    status, said = door.ask(f"/live/devices?token={TOKEN}", Authorization=f"Bearer {TOKEN}")
    assert (status, said) == (502, "This part of Fleetfolk does not answer now. Try again in a moment.")
    time.sleep(0.5)
    assert TOKEN not in door.log.read_text()
