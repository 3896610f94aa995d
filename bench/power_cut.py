"""Kills the database itself while devices report and people are imported: python -m bench.power_cut [--rounds 3]

On an embedded PostgreSQL of its own, durable as in earnest. Every process of the database is killed (SIGKILL) and it is
started again, several times: what was acknowledged to a device must be there, once; the gateway and the web server must
answer again by themselves; an import must go on and do nothing twice. Fails with an assertion where that is not so.
"""

import argparse
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

ROWS = 600
LONGEST = 60.0
SCRIPTS = "fleetfolk.users.tests.import_scripts"


def main() -> None:
    """Runs all of it, and says what it saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="power-cut-") as folder:
        Path(folder).chmod(0o755)
        cut(Path(folder), rounds)


def cut(folder: Path, rounds: int) -> None:
    """The database is killed so often, under values and then under an import."""
    from fleetfolk.config.runtime.cluster import Cluster  # noqa: PLC0415

    cluster = Cluster(home=folder / "postgres", passwords=folder / "passwords.json", log=folder / "database.log")
    database, url = cluster.start()
    try:
        os.environ |= {"DATABASE_URL": url, "FLEETFOLK_DATA": str(folder), "FLEETFOLK_MODE": "test"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "fleetfolk.config.settings"
        job = int(script("prepare", ROWS))

        def kill_and_start() -> None:
            nonlocal database
            os.killpg(database.process.pid, signal.SIGKILL)
            database.process.wait()
            time.sleep(0.5)
            database, again = cluster.start()
            sure(again == url, "it is where it was")

        values(folder, rounds, kill_and_start)
        people(url, job, kill_and_start)
    finally:
        database.stop(seconds=10)


def values(folder: Path, rounds: int, kill_and_start: Callable[[], None]) -> None:
    """Nothing of what devices were told is saved is lost, and nothing is there twice."""
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415

    from fleetfolk.config.runtime.children import spawn  # noqa: PLC0415
    from fleetfolk.config.runtime.ports import free_port  # noqa: PLC0415
    from fleetfolk.config.runtime.services import web_command  # noqa: PLC0415
    from fleetfolk.gateway.tests.conftest import Running  # noqa: PLC0415
    from fleetfolk.gateway.tests.test_nothing_lost import Crowd  # noqa: PLC0415
    from fleetfolk.testing.cast import find_cast  # noqa: PLC0415

    gateway, web = Running(folder=folder), free_port()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pages = spawn(
        "web server",
        web_command(host="127.0.0.1", port=web, processes=1),
        log=folder / "web.log",
        environment=environment,
    )
    try:
        gateway.start()
        until_ready(web, "web server")
        crowd = Crowd(gateway, find_cast())
        connection.close()
        with crowd:
            for number in range(1, rounds + 1):
                crowd.wait_for_more()
                kill_and_start()
                back = time.monotonic()
                until_ready(gateway.port, "gateway")
                first = time.monotonic() - back
                until_ready(web, "web server")
                both = time.monotonic() - back
                print(f"{number}. cut: gateway back after {first:.1f} s, web server after {both:.1f} s")
            crowd.wait_for_more()
        crowd.check()
        sure(all(each.failures for each in crowd.counting), "it was noticed")
        said = sum(len(each.acknowledged) for each in crowd.counting)
        print(f"{said} values were acknowledged to {len(crowd.counting)} devices, and each of them is there once")
    finally:
        connection.close()
        gateway.stop()
        pages.stop(seconds=5)


def people(url: str, job: int, kill_and_start: Callable[[], None]) -> None:
    """An import that lost its database goes on where it was."""
    work = subprocess.Popen([sys.executable, "-m", SCRIPTS, "run", str(job), "20"], stderr=subprocess.DEVNULL)
    while one(url, "SELECT done FROM jobs_job WHERE id = %s", job) < ROWS // 3:
        sure(work.poll() is None, "the import runs")
        time.sleep(0.05)
    kill_and_start()
    work.wait(timeout=LONGEST)
    done = one(url, "SELECT done FROM jobs_job WHERE id = %s", job)
    sure(0 < done < ROWS, f"it was cut in the middle, at {done}")
    script("work", job)
    sure(one(url, "SELECT state FROM jobs_job WHERE id = %s", job) == "done", "the import is done")
    found = "SELECT count({}) FROM users_user WHERE email LIKE 'p%%@example.org'"
    imported = ROWS - ROWS // 10
    there = (one(url, found.format("*")), one(url, found.format("DISTINCT email")))
    sure(there == (imported, imported), f"everybody is there once: {there}")
    entries = "SELECT count(*) FROM actionlog_entry WHERE code = 'user.import' AND result = 'done'"
    sure(one(url, entries) == imported, "each has one entry")
    print(f"an import was cut at {done} of {ROWS} rows, went on, and did nothing twice")


def sure(holds: bool, what: str) -> None:
    """Fails where it does not hold."""
    if not holds:
        raise AssertionError(f"not so: {what}")


def script(*arguments: object) -> str:
    """The last line that one of the import's programs prints."""
    command = [sys.executable, "-m", SCRIPTS, *map(str, arguments)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return (said.strip().splitlines() or [""])[-1]


def until_ready(port: int, name: str) -> None:
    """It answers that it is ready, and therefore has its database."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/readyz", headers={"Host": "localhost"})
            if asked.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    raise AssertionError(f"the {name} did not come back")


def one(url: str, query: str, *parameters: object) -> Any:
    """The only value of a query's answer."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query, parameters).fetchone()
    return row[0] if row else None


if __name__ == "__main__":
    main()
