"""Measures the gateway: `make bench-gateway`, or `python -m bench.gateway --minutes 10` with a DATABASE_URL.

Values of single updates and of batches a second, through the front door, with the load generator on the same machine;
memory over time; a plain Django view on the same tables; and the chart of a year of minutes. Prints a table, keeps its
rows in bench/gateway_results.jsonl and writes docs/explanation/gateway-performance.md. TLS is not measured.
"""

import argparse
import contextlib
import datetime as dt
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import psycopg
from psycopg import sql

from fleetfolk.config.runtime.children import Child, spawn
from fleetfolk.config.runtime.front_door import Inner, caddyfile, front_door_command, front_door_environment
from fleetfolk.config.runtime.ports import free_ports
from fleetfolk.config.runtime.services import gateway_command, web_command
from fleetfolk.testing.databases import drop_database

DATABASE = "bench_gateway"
DEVICES = 1_500
PINS = 20
YEAR = 525_600
LONGEST_START = 60.0
ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench/gateway_results.jsonl"
PAGE = ROOT / "docs/explanation/gateway-performance.md"
LOAD_BEFORE = os.getloadavg()[0]


@dataclass(kw_only=True)
class Line:
    """One line of the table."""

    what: str
    values_a_second: float
    p50_ms: float
    p99_ms: float
    note: str = ""
    target: str = ""


@dataclass(kw_only=True)
class Bench:
    """One run: its database, its processes, and what it has found."""

    url: str
    folder: Path
    seconds: float
    lines: list[Line] = field(default_factory=list)

    def run(self) -> None:
        """Everything is measured."""
        with self._served() as (port, gateway):
            self._load("warming up", "single", port=port, rate=300, seconds=5, values=1, keep=False)
            for what, kind, rate, values, target in (
                ("Single updates", "single", 1_500, 1, "1,500 a second, p99 under 100 ms"),
                ("Batches of 100 points of one pin", "points", 200, 100, "20,000 a second, p99 under 100 ms"),
                ("Batches of 20 pins", "pins", 400, 20, ""),
            ):
                with watched_memory(gateway) as memory:
                    line = self._load(what, kind, port=port, rate=rate, seconds=self.seconds, values=values)
                line.note, line.target = memory.said(), target
            self._load("Single updates, as many as go", "single", port=port, rate=0, seconds=10, values=1)
        with self._peer() as port:
            self._load(
                "Plain Django view, a row a value with the ORM", "single", port=port, rate=0, seconds=10, values=1
            )
            self._load("The same, batches of 20 pins", "pins", port=port, rate=0, seconds=10, values=PINS)
        self._chart()

    def _load(
        self, what: str, kind: str, *, port: int, rate: float, seconds: float, values: int, keep: bool = True
    ) -> Line:
        before = self._stored()
        command = [sys.executable, "-m", "bench.gateway_load", kind, str(self.folder / "tokens")]
        options = ["--port", str(port), "--rate", str(rate), "--seconds", str(seconds)]
        said = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, check=True).stdout
        found = json.loads(said)
        if found["wrong"]:
            raise SystemExit(f"{what}: {found['wrong']} of {found['requests']} answers were not 200.")
        stored = self._stored() - before
        if stored != found["requests"] * values:
            raise SystemExit(f"{what}: {found['requests'] * values} values were acknowledged, {stored} are stored.")
        line = Line(
            what=what,
            values_a_second=found["per_second"] * values,
            p50_ms=found["p50_ms"],
            p99_ms=found["p99_ms"],
        )
        if keep:
            self.lines.append(line)
            print(f"  {what:<50} {line.values_a_second:10,.0f}/s  p50 {line.p50_ms:7.1f}  p99 {line.p99_ms:7.1f} ms")
        return line

    def _stored(self) -> int:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(
                "SELECT coalesce(sum(count), 0) + (SELECT count(*) FROM devices_point) FROM devices_minute"
            ).fetchone()
        return int(row[0]) if row else 0

    def _chart(self) -> None:
        from fleetfolk.devices.history import series  # noqa: PLC0415 - needs settings
        from fleetfolk.devices.values import Stream  # noqa: PLC0415

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(MONTHS)
            connection.execute(YEAR_OF_MINUTES, {"minutes": YEAR})
            connection.execute("VACUUM ANALYZE devices_minute")
        until = dt.datetime.now(dt.UTC)
        stream = Stream(id=1_000_001, pin=1, name="It", kind="double")
        times, found = [], []
        for _ in range(12):
            began = time.perf_counter()
            found = series(1_000_001, stream, since=until - dt.timedelta(days=365), until=until)
            times.append((time.perf_counter() - began) * 1000)
        times = sorted(times[2:])
        self.lines.append(
            Line(
                what="Chart of a year of minute values",
                values_a_second=0,
                p50_ms=times[len(times) // 2],
                p99_ms=times[-1],
                note=f"{YEAR:,} minutes drawn as {len(found)} points",
                target="under 300 ms",
            )
        )

    @contextlib.contextmanager
    def _served(self) -> Iterator[tuple[int, Child]]:
        web, gateway, live, front = free_ports(4)
        child = spawn(
            "gateway",
            gateway_command(port=gateway, processes=1),
            log=self.folder / "gateway.log",
            environment=self._environment(front),
        )
        configuration = caddyfile(
            host="127.0.0.1", port=front, proxies=0, inner=Inner(web=web, gateways=[gateway], live=live)
        )
        door = spawn(
            "front door",
            front_door_command(self.folder / "Caddyfile", configuration),
            log=self.folder / "front-door.log",
            environment=front_door_environment(self.folder / "caddy", os.environ),
        )
        try:
            wait(child, gateway, "/readyz", 200)
            wait(door, front, "/external/api/get", 400)
            yield front, child
        finally:
            door.stop(seconds=5)
            child.stop(seconds=5)

    @contextlib.contextmanager
    def _peer(self) -> Iterator[int]:
        (port,) = free_ports(1)
        processes = min(os.cpu_count() or 1, 4)
        command = web_command(
            host="127.0.0.1", port=port, processes=processes, application="bench.plain_wsgi:application"
        )
        environment = self._environment(port) | {"DJANGO_SETTINGS_MODULE": "bench.plain_settings"}
        child = spawn("peer", command, log=self.folder / "peer.log", environment=environment)
        try:
            wait(child, port, "/readyz", 200)
            yield port
        finally:
            child.stop(seconds=5)

    def _environment(self, port: int) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
            "DATABASE_URL": self.url,
            "FLEETFOLK_DATA": str(self.folder),
            "FLEETFOLK_ORIGIN": f"http://localhost:{port}",
            "FLEETFOLK_PROXIES": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
        }


MONTHS = "SELECT devices_ensure_month((now() - make_interval(months => n))::date) FROM generate_series(0, 12) AS n"
YEAR_OF_MINUTES = """
INSERT INTO devices_minute
SELECT device, 1000001, date_trunc('minute', now()) - make_interval(mins => minute), 1, value, value, value
FROM generate_series(%(minutes)s, 1, -1) AS minute, generate_series(1000001, 1000003) AS device,
    LATERAL (SELECT 20 + 5 * sin(minute / 100.0) AS value) AS each
"""


@dataclass
class Memory:
    """What a process group held, second by second, in MB."""

    samples: list[float] = field(default_factory=list)

    def said(self) -> str:
        """How much it was after the first tenth, and at the end."""
        early = self.samples[len(self.samples) // 10] if self.samples else 0
        return f"memory {early:.0f} → {self.samples[-1] if self.samples else 0:.0f} MB"


@contextlib.contextmanager
def watched_memory(child: Child) -> Iterator[Memory]:
    """The memory of the child's group while the block runs."""
    memory, ending = Memory(), threading.Event()

    def watch() -> None:
        while not ending.wait(1):
            memory.samples.append(resident_megabytes(child))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield memory
    finally:
        ending.set()
        thread.join()


def resident_megabytes(child: Child) -> float:
    """What the processes of the child's group hold now."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError, KeyError, ValueError):
            if os.getpgid(int(status.parent.name)) == child.process.pid:
                fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
                total += int(fields["VmRSS"].split()[0])
    return total / 1024


def wait(child: Child, port: int, path: str, status: int) -> None:
    """That is answered there."""
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline and child.alive:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == status:
                return
        time.sleep(0.1)
    raise SystemExit(f"The {child.name} did not answer; it {child.ending()}:\n{child.output()[-2000:]}")


@contextlib.contextmanager
def own_database(server: str) -> Iterator[str]:
    """A fresh, migrated database with one template and its devices, gone afterwards."""
    from django.core.management import call_command  # noqa: PLC0415 - needs settings
    from django.db import connections  # noqa: PLC0415

    with psycopg.connect(server, autocommit=True) as given:
        drop_database(given, DATABASE)
        given.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    connections["default"].settings_dict["NAME"] = DATABASE
    try:
        call_command("migrate", verbosity=0)
        yield urlsplit(server)._replace(path=f"/{DATABASE}").geturl()
    finally:
        connections.close_all()
        with psycopg.connect(server, autocommit=True) as given:
            drop_database(given, DATABASE)


def make_devices(tokens: Path) -> None:
    """One template with twenty datastreams, and devices that have no history yet."""
    from fleetfolk.devices.models import Datastream, Device, Reported, StreamKind, Template  # noqa: PLC0415
    from fleetfolk.devices.tokens import secret_hash  # noqa: PLC0415
    from fleetfolk.kernel import clock  # noqa: PLC0415
    from fleetfolk.organizations.models import Organization  # noqa: PLC0415

    tenant = Organization.objects.get(pk=1)
    template = Template.objects.create(tenant=tenant, name="Measured", public_id="TMPLbench")
    Datastream.objects.bulk_create(
        Datastream(tenant=tenant, template=template, name=f"Pin {pin}", pin=pin, kind=StreamKind.DOUBLE, writable=True)
        for pin in range(1, PINS + 1)
    )
    secret = [secrets.token_urlsafe(24) for _ in range(DEVICES)]
    devices = Device.objects.bulk_create(
        Device(
            tenant=tenant,
            organization=tenant,
            template=template,
            name=f"Device {number}",
            token_hash=secret_hash(token),
            token_end=token[-4:],
            activated_at=clock.now(),
        )
        for number, token in enumerate(secret)
    )
    Reported.objects.bulk_create(Reported(device=device, tenant=tenant) for device in devices)
    tokens.write_text("\n".join(secret), encoding="utf-8")


def page(lines: list[Line], facts: dict[str, Any]) -> str:
    """The page of the docs."""
    rows = "\n".join(
        f"| {line.what} | {f'{line.values_a_second:,.0f}' if line.values_a_second else ''} | {line.p50_ms:.1f} |"
        f" {line.p99_ms:.1f} | {line.note} | {line.target} |"
        for line in lines
    )
    return f"""# How much the gateway takes

<!-- Written by `make bench-gateway`; the words are in bench/gateway.py. -->

{DEVICES:,} devices speak over HTTP through the front door to one gateway process, as `make run` starts it; PostgreSQL
is the embedded one with `fsync` on. The load generator runs on the same machine. It sends at a fixed rate and counts
each request's time from the moment at which it was due. After each line all acknowledged values are counted in the
database: if one were missing, there would be no table. **TLS is not measured**; the operator's proxy adds it.

The peer is what one would write first: a Django view, without middleware of ours, that looks the device up and writes
one row a value with the ORM, on the same tables, served by as many granian processes as there are cores, without a
front door. It stores less: no minutes, no presence, no event.

| | values a second | p50 ms | p99 ms | | target |
| --- | ---: | ---: | ---: | --- | --- |
{rows}

Measured {facts["day"]}: {facts["cores"]} cores, each line for {facts["seconds"]:.0f} s, load {facts["load"]:.1f} before
(above 0.5 the machine was busy with other work, and the figures are worse than the truth).
"""


def main() -> int:
    """0 after the table."""
    parser = argparse.ArgumentParser(prog="bench.gateway", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20, help="of each line (default 20)")
    parser.add_argument("--minutes", type=float, default=0, help="of each line; 10 shows the memory")
    parser.add_argument("--no-keep", action="store_true", help="only print")
    options = parser.parse_args()
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        print("DATABASE_URL is not set. Run this by `make bench-gateway`, which brings a database.", file=sys.stderr)
        return 2
    os.environ.setdefault("FLEETFOLK_MODE", "demo")
    os.environ["DJANGO_SETTINGS_MODULE"] = "fleetfolk.config.settings"
    folder = Path(os.environ.get("FLEETFOLK_DATA") or ".fleetfolk").absolute() / "bench-gateway"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["FLEETFOLK_DATA"] = str(folder)
    django.setup()
    seconds = options.minutes * 60 or options.seconds
    with own_database(server) as url:
        make_devices(folder / "tokens")
        bench = Bench(url=url, folder=folder, seconds=seconds)
        bench.run()
    facts = {
        "day": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "seconds": seconds,
        "load": LOAD_BEFORE,
    }
    text = page(bench.lines, facts)
    print(text)
    if not options.no_keep:
        PAGE.write_text(text, encoding="utf-8")
        with RESULTS.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps({**facts, **vars(line)}) + "\n" for line in bench.lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
