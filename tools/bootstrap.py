"""Everything that a command of the Makefile needs is installed and built; what already is costs nothing.

    python3 tools/bootstrap.py run     the locked packages that Fleetfolk needs, the built front end and the languages
    python3 tools/bootstrap.py test    those, and what checks and tests need

Runs before there is an environment: the standard library only. Each step leaves a stamp in .venv, made of what it
read; a step whose stamp fits is skipped. A step that was interrupted has no stamp and is done again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

OLDEST_PYTHON = (3, 12)
OLDEST_NODE = 20

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
REQUIREMENTS = ROOT / "requirements"
OUTPUT = ROOT / "src/fleetfolk/console/static/console/fleetfolk.css"


class CannotSetUp(Exception):
    """Something outside must change first; the message says what to do."""


def main() -> int:
    """0 when all is there; 1 with a sentence on standard error when not."""
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    if purpose not in {"run", "test"}:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with (ROOT / ".setup.lock").open("w") as lock:
            wait_for(lock.fileno())
            make_environment()
            install_packages(purpose)
            install_project()
            build_front_end()
            compile_messages()
            compile_sources()
    except CannotSetUp as failure:
        print(f"\nFleetfolk: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        reason = f"{error.strerror} ({error.filename})" if error.filename else str(error)
        print(f"\nFleetfolk: The set-up could not go on: {reason}. Mend that and run make again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nFleetfolk: Stopped. Run make again to go on.", file=sys.stderr)
        return 130
    return 0


def wait_for(lock: int) -> None:
    """No other set-up of this checkout runs at the same time."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another make that is setting up this checkout.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def make_environment() -> None:
    """.venv holds a Python that is new enough and starts."""
    if works([PYTHON, "-c", fits_code()]):
        return
    if sys.version_info < OLDEST_PYTHON:
        raise CannotSetUp(f"This is Python {sys.version.split()[0]}; install Python 3.12 or newer.")
    if VENV.exists():
        shutil.rmtree(VENV)
    say(f"Creating .venv with Python {sys.version.split()[0]}")
    uv = find_uv()
    command = [uv, "venv", "--quiet", "--python", sys.executable, VENV] if uv else [sys.executable, "-m", "venv", VENV]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        if "ensurepip" in made.stdout + made.stderr:
            number = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise CannotSetUp(
                f"This Python cannot make environments. On Debian and Ubuntu: apt-get install python{number}-venv. "
                "Then run make again."
            )
        raise CannotSetUp(f"The environment could not be made:\n{made.stdout}{made.stderr}")


def install_packages(purpose: str) -> None:
    """The locked Python packages are installed, each checked against its hash."""
    lock = REQUIREMENTS / ("dev.txt" if purpose == "test" else "runtime.txt")
    locks = [lock, REQUIREMENTS / "build.txt"]
    stamp = fingerprint(locks)
    if stamp_fits(f"packages-{purpose}", stamp):
        return
    say("Installing the Python packages")
    install(locks)
    write_stamp(f"packages-{purpose}", stamp)


def install_project() -> None:
    """`fleetfolk` in .venv runs this checkout."""
    stamp = fingerprint([ROOT / "pyproject.toml"]) + str(ROOT)
    if stamp_fits("project", stamp):
        return
    run(
        [*installer(), "--no-deps", "--no-build-isolation", "--editable", ROOT],
        "Fleetfolk itself could not be installed; the lines above say why.",
    )
    write_stamp("project", stamp)


def build_front_end() -> None:
    """The style sheet, script, fonts and icons are built from the sources."""
    packages = fingerprint([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"])
    # The style sheet keeps the rules that templates use.
    users = [*(ROOT / "src").glob("**/templates/**/*.html"), *(ROOT / "src").glob("**/templatetags/*.py")]
    sources = packages + fingerprint([*(path for path in (ROOT / "frontend").rglob("*") if path.is_file()), *users])
    if stamp_fits("front-end", sources) and OUTPUT.exists():
        return
    node = find_node()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    if not stamp_fits("node-packages", packages) or not (ROOT / "node_modules").is_dir():
        say("Installing the packages of the front end")
        run(
            [node.parent / "npm", "ci", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"],
            "The packages of the front end could not be installed; the lines above say why. "
            "Check the network and run make again.",
            environment,
        )
        write_stamp("node-packages", packages)
    say("Building the front end")
    run([node, "frontend/build.mjs"], "The front end could not be built; the lines above say why.", environment)
    write_stamp("front-end", sources)


def compile_messages() -> None:
    """What the pages say in other languages is compiled from its sources."""
    sources = sorted((ROOT / "src/fleetfolk/locale").glob("*/LC_MESSAGES/django.po"))
    stamp = fingerprint(sources)
    if stamp_fits("messages", stamp) and all(source.with_suffix(".mo").exists() for source in sources):
        return
    say("Compiling the languages")
    run([PYTHON, "tools/messages.py"], "The languages could not be compiled; the lines above say why.")
    write_stamp("messages", stamp)


def compile_sources() -> None:
    """Python's compiled files are there. The account of a service cannot write them: it would compile at each start."""
    stamp = fingerprint((ROOT / "src").rglob("*.py"))
    if stamp_fits("sources", stamp):
        return
    run([PYTHON, "-m", "compileall", "-q", "src"], "The sources could not be compiled; the lines above say why.")
    write_stamp("sources", stamp)


def find_node() -> Path:
    """A Node that is new enough and has npm: the machine's, else the one that comes as a Python package."""
    ours = VENV / "bin" / "node"
    for candidate in (shutil.which("node"), ours):
        if candidate is None:
            continue
        node = Path(candidate)
        asked = (
            subprocess.run([node, "--version"], capture_output=True, text=True, check=False) if node.exists() else None
        )
        number = re.match(r"v(\d+)", asked.stdout) if asked else None
        if number and int(number[1]) >= OLDEST_NODE and works([node.parent / "npm", "--version"]):
            return node
    say(f"No Node {OLDEST_NODE} or newer on this machine: installing it as a package")
    install([REQUIREMENTS / "node.txt"])
    return ours


def install(locks: Iterable[Path]) -> None:
    chosen = [part for lock in locks for part in ("--requirement", lock)]
    run(
        [*installer(), "--require-hashes", *chosen],
        "The Python packages could not be installed; the lines above say why. Check the network and run make again.",
    )


def installer() -> list[str | Path]:
    """The start of an install command: uv where there is one, for it is ten times faster, else pip."""
    uv = find_uv()
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", PYTHON]
    if not works([PYTHON, "-m", "pip", "--version"]):
        run(
            [PYTHON, "-m", "ensurepip", "--default-pip"],
            "This Python has no pip. Install it (python3-pip, python3-venv).",
        )
    return [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def find_uv() -> str | None:
    """uv, where it is installed and starts (a pyenv shim may exist and not start)."""
    uv = shutil.which("uv")
    return uv if uv and works([uv, "--version"]) else None


def works(command: list[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(command: list[str | Path], failure: str, environment: dict[str, str] | None = None) -> None:
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise CannotSetUp(failure)


def fits_code() -> str:
    return f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON!r})"


def fingerprint(files: Iterable[Path]) -> str:
    """Changes when a file's name or content does."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def stamp_fits(name: str, content: str) -> bool:
    try:
        return (STAMPS / name).read_text(encoding="utf-8") == content
    except FileNotFoundError:
        return False


def write_stamp(name: str, content: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(content, encoding="utf-8")


BEGUN = time.monotonic()


def say(what: str) -> None:
    print(f"[{time.monotonic() - BEGUN:4.0f} s] {what} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
