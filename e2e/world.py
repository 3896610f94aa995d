"""The installation that the journeys run on: a database of its own, and `fleetfolk run` as anybody starts it."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections

from fleetfolk.config.runtime.ports import free_port
from fleetfolk.testing.databases import create_database, drop_database

LONGEST_START = 240.0
ROOT = Path(__file__).resolve().parent.parent


@dataclass(kw_only=True)
class Installation:
    """Web server and worker over one database; `origin` is its address."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """The pages answer and the worker waits for work."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "FLEETFOLK_DATA": str(self.folder),
            "FLEETFOLK_MODE": "test",
            "FLEETFOLK_ORIGIN": self.origin,
            "FLEETFOLK_PORT": str(self.port),
            "FLEETFOLK_MAIL_IN_PORT": str(self.mail_port),
            "FLEETFOLK_WEB_PROCESSES": "1",
            **self.settings,
        }
        with (self.folder / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "fleetfolk.config.cli", "run"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + LONGEST_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Fleetfolk did not start.\n{self.said()}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Nothing of it runs any more; the database stays."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def said(self, lines: int = 60) -> str:
        """The end of what the installation and its parts have logged."""
        parts = [self.folder / "run.log", *sorted((self.folder / "logs").glob("*.log"))]
        texts = [(part.name, part.read_text(encoding="utf-8", errors="replace")) for part in parts if part.exists()]
        return "\n".join(f"--- {name}\n" + "\n".join(text.splitlines()[-lines:]) for name, text in texts)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}/readyz", timeout=5) as answer:  # noqa: S310 - our own server
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """A migrated database of this name beside that of DATABASE_URL, which Django uses here; gone afterwards."""
    server = os.environ["DATABASE_URL"]
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as given:
        drop_database(given, name)
        create_database(given, name)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connections.settings["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield url
    finally:
        connection.close()
        with psycopg.connect(server, autocommit=True) as given:
            drop_database(given, name)


@contextmanager
def running(folder: Path, database_url: str, **settings: str) -> Iterator[Installation]:
    """An installation that answers, stopped afterwards."""
    installation = Installation(folder=folder, database_url=database_url, settings=settings)
    installation.start()
    try:
        yield installation
    finally:
        installation.stop()
        shutil.rmtree(folder, ignore_errors=True)


def forget_attempts() -> None:
    """Every rate limit begins anew: all journeys come from the same address."""
    cache.clear()
