"""Loses the primary database while people and devices are served, and lets the standby take over: -m bench.failover

First the database is ended and started again, then it is killed for good and its standby, which had everything before
anything was acknowledged (synchronous_standby_names), is promoted. Meanwhile a program changes things, devices report,
and somebody looks at a page again and again: every answer is the page, or a sentence with Retry-After; whatever was
acknowledged is there, once; and serving goes on with nobody restarting anything of Fleetfolk.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psycopg

from bench.browser import Browser
from bench.faults.installation import Installation, sure, until
from fleetfolk.config.runtime.children import Child
from fleetfolk.config.runtime.cluster import Cluster, Passwords, _run_as
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.config.runtime.software import unpacked

if TYPE_CHECKING:
    from bench.faults.world import World


def main() -> None:
    """Runs all of it, and says what it saw."""
    with tempfile.TemporaryDirectory(prefix="failover-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        installation = Installation(folder=folder)
        standby: Child | None = None
        try:
            installation.begin()
            first, port = installation.url, free_port()
            installation.url = both(first, port)
            os.environ |= installation.environment()
            import django  # noqa: PLC0415 - the settings are known only now

            django.setup()
            from bench.faults.world import World  # noqa: PLC0415

            world = World.build(200, entries=10)
            standby = standby_of(installation, port)
            print("the standby streams", flush=True)
            rehearse(installation, world, port)
        except BaseException:
            for part in ("web", "gateway", "worker"):
                log = folder / f"{part}.log"
                print(f"--- {part}\n{log.read_text()[-6000:] if log.exists() else ''}", file=sys.stderr)
            raise
        finally:
            if standby is not None:
                standby.stop(seconds=10)
            installation.close()


def standby_of(installation: Installation, port: int) -> Child:
    """A standby streams from the primary, which waits for it with every commit."""
    primary = installation.cluster
    known = Passwords.read(primary.passwords)
    copy = Cluster(
        home=installation.folder / "standby",
        passwords=installation.folder / "standby.json",
        log=installation.folder / "standby.log",
        software_home=installation.folder / "software",
    )
    account = copy._settle()
    software = unpacked(copy.software_home or copy.home)
    scratch = copy.home / "data"
    source = f"host=127.0.0.1 port={known.port} user=postgres password={known.superuser} application_name=standby"
    scratch.mkdir(mode=0o700)
    if account:
        os.chown(scratch, account.uid, account.gid)
    command: list[str | Path] = [software.program("pg_basebackup"), "--pgdata", scratch, "--dbname", source]
    command += ["--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream"]
    made = _run_as(account, command, software.environment())
    sure(made.returncode == 0, f"a copy of the primary: {made.stderr}")
    Passwords(superuser=known.superuser, application=known.application, port=port).write(copy.passwords)
    child, _url = copy.start()
    superuser(installation, known.port, "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
    superuser(installation, known.port, "SELECT pg_reload_conf()")
    streaming = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
    until(lambda: superuser(installation, known.port, streaming) == 1, "the standby streams", seconds=60, pause=0.5)
    return child


def superuser(installation: Installation, port: int, statement: str) -> object:
    """What the server of that port answers its superuser."""
    known = Passwords.read(installation.cluster.passwords)
    where = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    with psycopg.connect(where, password=known.superuser, autocommit=True) as connection:
        answer = connection.execute(statement)
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def both(first: str, port: int) -> str:
    """The address that names two servers, of which the one that can be written to is taken."""
    head, _, name = first.rpartition("/")
    return f"{head},127.0.0.1:{port}/{name}?target_session_attrs=read-write"


@dataclass(kw_only=True)
class Looker:
    """Somebody who is signed in and looks at the list of people again and again."""

    browser: Browser
    answers: Counter[str] = field(default_factory=Counter)
    ending: threading.Event = field(default_factory=threading.Event)
    last_good: float = 0.0
    longest: float = 0.0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self.ending.is_set():
            answer = self._look()
            self.answers[answer] += 1
            now = time.monotonic()
            if answer == "200":
                self.longest = max(self.longest, now - (self.last_good or now))
                self.last_good = now
            time.sleep(0.1)

    def _look(self) -> str:
        port, cookies = self.browser.port, self.browser.cookies
        asked = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            shown = "; ".join(f"{name}={value}" for name, value in cookies.items())
            asked.request("GET", "/users/", headers={"Host": f"localhost:{port}", "Cookie": shown})
            answer = asked.getresponse()
            said = answer.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            return type(error).__name__
        finally:
            asked.close()
        if answer.status == 503 and answer.headers.get("Retry-After") and "does not answer right now" in said:
            return "503 with the sentence"
        return "200" if answer.status == 200 else f"{answer.status} {said[:80]!r}"


def rehearse(installation: Installation, world: World, port: int) -> None:
    """A restart, and then the end of the primary, whose standby has that port."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from bench.faults.traffic import Program  # noqa: PLC0415
    from fleetfolk.gateway.tests.test_nothing_lost import Crowd  # noqa: PLC0415
    from fleetfolk.testing.cast import PASSWORD  # noqa: PLC0415

    installation.start()
    crowd = Crowd(installation, world.cast, count=2)
    connection.close()
    program = Program(installation=installation, key=world.key, organization=world.cast.lumen.pk, name="Over")
    browser = Browser(port=installation.ports["web"])
    browser.sign_in(world.cast.ada.email, PASSWORD)
    looker = Looker(browser=browser)
    with crowd, program, looker:
        crowd.wait_for_more(20)
        installation.children["database"].stop(seconds=30)
        installation.children["database"], _ = installation.cluster.start()
        print(f"restarted: pages and gateway back {installation.ready():.1f} s after the database", flush=True)
        crowd.wait_for_more(20)
        print(f"  looked: {dict(looker.answers)}; longest without the page {looker.longest:.1f} s", flush=True)
        looker.answers.clear()
        looker.longest = 0.0
        installation.kill("database")
        del installation.children["database"]
        killed = time.monotonic()
        time.sleep(2)
        superuser(installation, port, "SELECT pg_promote()")
        promoted = time.monotonic()
        back = installation.ready()
        crowd.wait_for_more(20)
        print(f"failed over: promoted {promoted - killed:.1f} s after the kill, serving {back:.1f} s later", flush=True)
        print(f"  looked: {dict(looker.answers)}; longest without the page {looker.longest:.1f} s", flush=True)
    program.check()
    crowd.check()
    connection.close()
    odd = {answer for answer in looker.answers if answer not in {"200", "503 with the sentence"}}
    sure(not odd, f"every answer is the page or a sentence: {odd}")
    sure(installation.children["web"].alive and installation.children["gateway"].alive, "nothing was restarted")
    values = sum(len(each.acknowledged) for each in crowd.counting)
    print(f"{len(program.acknowledged)} changes and {values} values acknowledged, each there once", flush=True)
    print(f"the worker {installation.children['worker'].ending()}")


if __name__ == "__main__":
    main()
