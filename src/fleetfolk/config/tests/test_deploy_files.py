"""What is in `deploy` can be used as the guide says: its settings by systemd and by a shell, its units, its image."""

import http.server
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))


def test_a_shell_reads_the_settings_as_systemd_does() -> None:
    read = subprocess.run(
        ["/bin/sh", "-c", '. ./deploy/systemd/fleetfolk.env && echo "$FLEETFOLK_MAIL_FROM"'],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (read.stdout, read.stderr) == ("Fleetfolk <no-reply@example.com>\n", "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_no_unit_may_do_more_than_the_others(unit: Path) -> None:
    said = unit.read_text(encoding="utf-8").splitlines()
    assert {
        "User=fleetfolk", "NoNewPrivileges=true", "PrivateDevices=true", "ProtectSystem=strict", "ProtectHome=true",
        "RestrictNamespaces=true", "SystemCallFilter=@system-service",
    } <= set(said)  # fmt: skip
    allowed = next(line for line in said if line.startswith("CapabilityBoundingSet="))
    takes_mail_in = unit.name in {"fleetfolk.service", "fleetfolk-mail@.service"}
    assert allowed.partition("=")[2] == ("CAP_NET_BIND_SERVICE" if takes_mail_in else "")


def test_secrets_and_what_this_machine_made_stay_out_of_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".git", ".venv", ".fleetfolk", "**/.env", "deploy", "**/node_modules"} <= set(left_out)


class _OnlyByName(http.server.BaseHTTPRequestHandler):
    """Answers /healthz to its own name, as production does."""

    def do_GET(self) -> None:
        well = self.path == "/healthz" and self.headers["Host"] == "console.example.com"
        self.send_response(200 if well else 400)
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Nothing."""


def test_the_health_check_asks_for_the_name_of_the_installation() -> None:
    def asked(origin: str, port: int) -> int:
        environment = {"FLEETFOLK_ORIGIN": origin, "FLEETFOLK_PORT": str(port)}
        command = [sys.executable, str(ROOT / "tools/alive.py")]
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode

    with http.server.HTTPServer(("127.0.0.1", 0), _OnlyByName) as there:
        threading.Thread(target=there.serve_forever, daemon=True).start()
        assert asked("https://console.example.com", there.server_port) == 0
        assert asked("https://elsewhere.example.com", there.server_port) == 1
        there.shutdown()
    assert asked("https://console.example.com", there.server_port) == 1
    containerfile = (ROOT / "deploy/containers/Containerfile").read_text(encoding="utf-8")
    assert 'CMD ["python", "tools/alive.py"]' in containerfile
