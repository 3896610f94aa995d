"""Checks the checkout: `python tools/check.py STAGE… [-- OPTIONS]`, run by the Makefile from .venv.

Every stage runs even when one before it has failed; the end says which did. All of them together run in two lanes: what
only reads the sources beside what tests, and says what it has to say when it is through. What needs a database gets a
throwaway one, unless DATABASE_URL is set. Options after the stage go to its last command, for example to pytest.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from fleetfolk.testing.databases import TEMPLATE, create_database, drop_database

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = BIN / "python"
SOURCES = ["src", "tools", "e2e", "bench", "manage.py"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WORKERS = str(min(os.cpu_count() or 1, 4))
SLOWEST = ("--durations", "15", "--durations-min", "5")
# A worker that is through takes over what another still has before it.
PYTEST: list[str | Path] = [PYTHON, "-m", "pytest", "-n", WORKERS, "--dist", "worksteal", *SLOWEST]

TEST = {"FLEETFOLK_MODE": "test"}
# Only looked at, never connected to: types and system checks read the settings.
NO_DATABASE = {"DATABASE_URL": os.environ.get("DATABASE_URL") or "postgresql://nobody@localhost/none"}
DEPLOYED = {
    "FLEETFOLK_MODE": "production",
    "FLEETFOLK_SECRET_KEY": "only-for-checking-the-settings-" + "".join(map(str, range(30))),
    "FLEETFOLK_ORIGIN": "https://console.example.com",
    "EMAIL_URL": "smtp://mail.example.com:587",
    **NO_DATABASE,
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a stage, and what is set for it."""

    command: list[str | Path]
    environment: dict[str, str] = field(default_factory=dict)


def lint() -> list[Step]:
    templates = tracked("*.html")
    return [
        Step(command=[BIN / "ruff", "check", "--quiet", *present()]),
        Step(command=[BIN / "ruff", "format", "--check", "--quiet", *present()]),
        Step(command=[BIN / "djade", "--check", "--target-version", "6.1", *templates]),
        Step(command=[BIN / "djlint", "--lint", "--quiet", *templates]),
        Step(command=[PYTHON, "tools/lock.py", "--check"]),
    ]


def types() -> list[Step]:
    return [Step(command=[BIN / "mypy"], environment={**TEST, **NO_DATABASE})]


def contracts() -> list[Step]:
    return [Step(command=[BIN / "lint-imports"], environment={**TEST, **NO_DATABASE})]


def checks() -> list[Step]:
    return [
        Step(command=[PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], environment=DEPLOYED),
        Step(command=[PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], environment=TEST),
    ]


def unit() -> list[Step]:
    return [Step(command=[*PYTEST, "src"], environment=TEST)]


def e2e() -> list[Step]:
    chosen = os.environ.get("FLEETFOLK_CHROMIUM")
    browser = chosen or next(filter(None, map(shutil.which, BROWSERS)), "")
    if browser:
        shell = "" if chosen else shutil.which("chromium-headless-shell") or ""
        # A browser on a busy machine may hang or come too late. Nobody is there to look again: the run says which did.
        again = ["--reruns", "1", "-rfER"] if os.environ.get("CI") == "true" else []
        found = {"FLEETFOLK_CHROMIUM": browser, "FLEETFOLK_HEADLESS_SHELL": shell}
        return [Step(command=[*PYTEST, *again, "e2e"], environment={**TEST, **found})]
    how = (
        "There is no Chromium on this machine, so the browser journeys were skipped. "
        "Install it (Debian: apt-get install chromium), or set FLEETFOLK_CHROMIUM to its program."
    )
    code = 1 if os.environ.get("CI") == "true" else 0
    return [Step(command=[PYTHON, "-c", f"import sys; print({how!r}); sys.exit({code})"])]


def bench() -> list[Step]:
    return [Step(command=[PYTHON, "-m", "bench"])]


def bench_gateway() -> list[Step]:
    return [Step(command=[PYTHON, "-m", "bench.gateway"])]


def pictures() -> list[Step]:
    return [Step(command=[*e2e()[0].command, "--pictures"], environment=e2e()[0].environment)]


def tidy() -> list[Step]:
    return [
        Step(command=[BIN / "ruff", "check", "--fix", "--quiet", *present()]),
        Step(command=[BIN / "ruff", "format", "--quiet", *present()]),
        # Its exit code is 1 when it has changed something.
        Step(command=["sh", "-c", '"$@" || "$@"', "sh", BIN / "djade", "--target-version", "6.1", *tracked("*.html")]),
    ]


STAGES: dict[str, Callable[[], list[Step]]] = {
    "lint": lint,
    "types": types,
    "contracts": contracts,
    "checks": checks,
    "unit": unit,
    "e2e": e2e,
    "bench": bench,
    "bench-gateway": bench_gateway,
    "pictures": pictures,
    "format": tidy,
}
READING = ["lint", "types", "contracts", "checks"]
TESTING = ["unit", "e2e"]
NEED_DATABASE = {"checks", "unit", "e2e", "bench", "bench-gateway", "pictures"}


def main() -> int:
    """0 when every stage went well, else 1."""
    stage, *options = sys.argv[1:] or [""]
    if stage != "all" and stage not in STAGES:
        print(__doc__, f"\nStages: all, {', '.join(STAGES)}", file=sys.stderr)
        return 2
    # Dozens of processes start here, and each would compile anew all that it imports.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    stages = [*READING, *TESTING] if stage == "all" else [stage]
    if NEED_DATABASE & set(stages) and not os.environ.get("DATABASE_URL"):
        # Figures are honest only on a database that waits for its disk, as the real one does. Its worlds are kept.
        durable = {"bench": ["--durable", "--keep", "bench"], "bench-gateway": ["--durable"]}.get(stage, [])
        throwaway = [str(PYTHON), "-m", "fleetfolk.config.runtime.throwaway", *durable]
        os.execv(PYTHON, [*throwaway, str(PYTHON), str(ROOT / "tools/check.py"), stage, *options])  # noqa: S606
    if stage == "all":
        with ThreadPoolExecutor() as beside:
            reading = beside.submit(lambda: [(name, *timed(name, options, aloud=False)) for name in READING])
            with template():
                tested = [(name, *timed(name, options)) for name in TESTING]
            verdicts = [*reading.result(), *tested]
    else:
        with template() if stage in TESTING else nullcontext():
            verdicts = [(stage, *timed(stage, options))]
    if stage == "all":
        print(
            "\n"
            + "\n".join(
                f"  {'ok    ' if good else 'FAILED'}  {name:<10} {seconds:5.0f} s" for name, good, seconds in verdicts
            )
        )
    failed = [name for name, good, _ in verdicts if not good]
    if failed:
        print(f"\nFailed: {', '.join(failed)}. Each can be run alone: make {failed[0]}", file=sys.stderr)
    return 1 if failed else 0


@contextmanager
def template() -> Iterator[None]:
    """The tables are made once, in a database of which every worker's is a copy; gone afterwards."""
    server = os.environ["DATABASE_URL"]
    name = f"{urlsplit(server).path.strip('/')}_template"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as given:
        drop_database(given, name)
        create_database(given, name)
        try:
            migrate = [PYTHON, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, env={**os.environ, **TEST, "DATABASE_URL": url}, check=True)
            os.environ[TEMPLATE] = name
            yield
        finally:
            os.environ.pop(TEMPLATE, None)
            drop_database(given, name)


def timed(stage: str, options: list[str], *, aloud: bool = True) -> tuple[bool, float]:
    """Whether every step of the stage went well, and the seconds it took. Not aloud, a step speaks at its end."""
    begun = time.monotonic()
    good = True
    steps = STAGES[stage]()
    for step in steps:
        command = [*step.command, *(options if step is steps[-1] else [])]
        short = [part for part in map(str, command) if not part.endswith(".html")]
        line = f"{stage}: {shlex.join(short).replace(f'{ROOT}/', '')}"
        title = f"\n\033[1m{line}\033[0m" if sys.stdout.isatty() else f"\n{line}"
        if aloud:
            print(title, flush=True)
        how: dict[str, Any] = {} if aloud else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **step.environment}, check=False, **how)
        if not aloud:
            print(f"{title}\n{done.stdout}", end="", flush=True)
        good = good and done.returncode == 0
    return good, time.monotonic() - begun


def present() -> list[str]:
    return [name for name in SOURCES if (ROOT / name).exists()]


def tracked(pattern: str) -> list[str]:
    """The checkout's files of that kind, those that are not yet added, too."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", pattern],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


if __name__ == "__main__":
    sys.exit(main())
