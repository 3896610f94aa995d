"""One run of the benchmark on one copy of the world: the servers, the people who look, and every measurement."""

import datetime as dt
import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import django
import psycopg

from bench import bulk, devices, exports, imports, inboxes, places, profiles, rest, results, rights, segments, server
from bench.browser import Ask, Browser, UnexpectedAnswer, opened
from bench.floor import Floor, Written
from bench.measure import Times, Work, measured
from bench.results import Row
from bench.scenarios import Request, Scenario, Viewer, World, changing, reading
from bench.world import BUSY, PASSWORD, plan
from fleetfolk.assistance.models import Assistance
from fleetfolk.users.models import User

CLIENTS = (1, 8)
REQUESTS = {1: 100, 8: 120}
MOST_SECONDS = {1: 20.0, 8: 20.0}
PEER_REQUESTS = 12
PEER_SECONDS = 25.0
CHANGES = 160
WARMING = 48
LOAD_BEFORE = os.getloadavg()[0]


@dataclass(kw_only=True)
class Session:
    """What a run needs, and the rows that it has measured."""

    url: str
    people: int
    folder: Path
    log_entries: int = 0
    only: str = ""
    rows: list[Row] = field(default_factory=list)
    written: Written = field(default_factory=dict)

    def measure(self) -> list[Row]:
        """Every scenario, by one client and by several; then the peer, then the import."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            world = World(connection, plan(self.people))
            changes = changing(world, CHANGES if self.people >= 10_000 else CHANGES // 8)
            known = [
                *reading(world),
                *devices.of_devices(world),
                *profiles.of_one_person(world, log_entries=self.log_entries),
                *places.of_many_places(world),
            ]
            scenarios = [scenario for scenario in known if self._wanted(scenario.name)]
            customer = profiles.customer_of(world)
            many = bulk.many(world, min(100_000, self.people // 10))
        with server.ours(url=self.url, folder=self.folder) as ours:
            browsers = _signed_in(ours.port, scenarios, changes)
            _warm_up(browsers)
            for scenario in scenarios:
                self._read(scenario, browsers, ours)
            for scenario in changes:
                if self._wanted(scenario.name):
                    self._change(scenario, browsers, ours)
            if self._wanted(profiles.PORTAL) or self._wanted(profiles.ASSISTED):
                self._assist(customer, world.admin, ours)
            if self._wanted(rest.READS):
                self._programs(world.admin, ours)
            if self._wanted("Django admin") or self.only:
                with server.admin(url=self.url, folder=self.folder) as admin:
                    for scenario in scenarios:
                        self._peer(scenario, browsers, admin)
        with psycopg.connect(self.url, autocommit=True) as connection:
            self._work(World(connection, plan(self.people)), many)
        return self.rows

    def measure_reading(self) -> list[Row]:
        """Lists and searches alone, by one client and by several."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            world = World(connection, plan(self.people))
            known = [*reading(world), *devices.of_devices(world)]
        scenarios = [scenario for scenario in known if self._wanted(scenario.name)]
        with server.ours(url=self.url, folder=self.folder) as ours:
            browsers = _signed_in(ours.port, scenarios, [])
            _warm_up(browsers)
            for scenario in scenarios:
                self._read(scenario, browsers, ours)
        return self.rows

    def _work(self, world: World, many: Sequence[int]) -> None:
        """What takes seconds and more, each by itself."""
        if self._wanted("Export of"):
            self._export(world.admin)
        if self._wanted(bulk.TAGGING):
            self._tag(many, world.admin)
        if self._wanted(inboxes.MESSAGE):
            self._write(many, world.admin)
        if self._wanted(segments.COUNTING):
            self._count(world)
        if self._wanted(rights.RIGHT):
            ours, bare = rights.checked(world, url=self.url)
            self._add(rights.RIGHT, 1, ours, results.OURS, 0)
            self._add(rights.RIGHT, 1, bare, results.SQL, 0, ours=ours)
        if self._wanted("Import"):
            self._import(world.admins[min(2, len(world.admins) - 1)])
        if self._wanted(bulk.FILE):
            self._file(world.admins[-1], [world.admins[2], world.admin])  # Last: everybody is gathered for it.

    def _wanted_of(self, clients: int) -> int:
        """How many requests: twice as many in a large world, a third in one that only shows that everything works."""
        if self.people < 10_000:
            return REQUESTS[clients] // 3
        return REQUESTS[clients] * (1 if self.people < 100_000 else 2)

    def _wanted(self, name: str) -> bool:
        return self.only.casefold() in name.casefold()

    def _read(self, scenario: Scenario, browsers: dict[str, Browser], running: server.Running) -> None:
        _check(scenario, browsers)
        # Each of the server's connections has met the tables of these pages, as in a server that is in use.
        _over_http(_mixed(scenario.requests, WARMING), browsers, clients=max(CLIENTS))
        for clients in CLIENTS:
            requests = _mixed(scenario.requests, self._wanted_of(clients))
            times = _over_http(requests, browsers, clients=clients)
            self._add(scenario.name, clients, times, results.OURS, running.peak_megabytes())
            if scenario.list:
                self._floor(scenario.name, requests[: len(times.milliseconds)], clients, ours=times)

    def _floor(self, name: str, requests: Sequence[Request], clients: int, *, ours: Times) -> None:
        floor = Floor.under(requests, written=self.written)
        workers = [floor.worker(self.url) for _ in range(clients)]
        try:
            for work, _connection in workers:
                work(0)  # A fresh connection knows no tables yet.
            times = measured([work for work, _ in workers], len(requests), seconds=MOST_SECONDS[clients])
        finally:
            for _work, connection in workers:
                connection.close()
        self._add(name, clients, times, results.SQL, 0, ours=ours)

    def _change(self, scenario: Scenario, browsers: dict[str, Browser], running: server.Running) -> None:
        """Half of the requests by one client, the other half by several: each can be asked only once."""
        half = len(scenario.requests) // 2
        for clients, requests in zip(CLIENTS, (scenario.requests[:half], scenario.requests[half:]), strict=True):
            times = _over_http(requests, browsers, clients=clients)
            self._add(scenario.name, clients, times, results.OURS, running.peak_megabytes())

    def _peer(self, scenario: Scenario, browsers: dict[str, Browser], running: server.Running) -> None:
        asked = [request for request in scenario.requests if request.peer]
        if not asked:
            return
        step = max(1, len(asked) // PEER_REQUESTS)
        chosen = [
            Request(viewer=request.viewer, ask=Ask(path=request.peer, expected=(200, 503)))
            for request in asked[::step][:PEER_REQUESTS]
        ]
        visitors = {
            email: Browser(port=running.port, cookies=dict(browser.cookies)) for email, browser in browsers.items()
        }
        for request in chosen[:2]:
            page = opened(visitors[request.viewer.email].ask(request.ask))
            if b'id="result_list"' not in page and b"0 users" not in page and b"gave up" not in page:
                raise UnexpectedAnswer(f"{request.ask.path} shows no list: {page[:400]!r}")
        times = _over_http(chosen, visitors, clients=1, seconds=PEER_SECONDS)
        ours = next(row for row in self.rows if row.key == (self.people, scenario.name, 1, results.OURS))
        self._add(scenario.name, 1, times, results.ADMIN, running.peak_megabytes(), ours_p95=ours.p95_ms)

    def _assist(self, customer: Viewer, agent: Viewer, running: server.Running) -> None:
        """The same page by the customer and by somebody who helps them, in turns: the difference is the check."""
        own, helping = Browser(port=running.port), Browser(port=running.port)
        own.sign_in(customer.email, PASSWORD)
        # The agent's password must have been given a moment ago.
        helping.sign_in(agent.email, PASSWORD)
        person = User.objects.get(email=customer.email)
        form = (("reason", "To see what this costs"), ("ticket", ""), ("minutes", "60"), ("mode", "view"))
        helping.ask(Ask(path=f"/assistance/of/{person.pk}/start/", form=form, expected=(302,)))
        address = f"/as/{Assistance.objects.latest('pk').public_id}/account/"
        asked = ((own, Ask(path="/account/")), (helping, Ask(path=address)))
        spent: tuple[list[float], list[float]] = ([], [])
        for number in range(2 * self._wanted_of(1)):
            browser, ask = asked[number % 2]
            began = time.perf_counter()
            browser.ask(ask)
            spent[number % 2].append((time.perf_counter() - began) * 1000)
        for name, milliseconds in zip((profiles.PORTAL, profiles.ASSISTED), spent, strict=True):
            times = Times(milliseconds=tuple(milliseconds), rate=1000 * len(milliseconds) / sum(milliseconds))
            self._add(name, 1, times, results.OURS, running.peak_megabytes())

    def _programs(self, admin: Viewer, running: server.Running) -> None:
        """Four times as many requests as of a page: what is promised is how many a second."""
        credentials = rest.program_of(User.objects.select_related("organization").get(email=admin.email))
        for clients in CLIENTS:
            count = 4 * self._wanted_of(clients)
            times = rest.read_by(running.port, credentials, clients=clients, count=count, seconds=MOST_SECONDS[clients])
            self._add(rest.READS, clients, times, results.OURS, running.peak_megabytes())

    def _export(self, by: Viewer) -> None:
        """The less busy person first, so that the worker's most memory after the busiest says what they add."""
        with server.worker(url=self.url, folder=self.folder, port=1) as worker:
            exports.exported(by.tenant.first_person, by=by, worker=worker)  # The worker is up and has begun.
            for place, entries in sorted(BUSY.items(), key=lambda pair: pair[1]):
                done = exports.exported(by.tenant.first_person + place, by=by, worker=worker)
                times = Times(milliseconds=(done.seconds * 1000,), rate=entries / done.seconds)
                self._add(f"Export of {entries:,} entries", 1, times, results.OURS, done.peak_mb)

    def _write(self, people: Sequence[int], by: Viewer) -> None:
        """A message as the worker brings it, then the same rows for another one by bare SQL."""
        name = f"{inboxes.MESSAGE} {len(people):,} inboxes"
        segment = inboxes.chosen(self.url, people, by=by)
        ours = inboxes.brought(inboxes.written(segment, by=by), len(people), by=by)
        bare = inboxes.written_by_sql(self.url, inboxes.written(segment, by=by), people)
        times = [Times(milliseconds=(spent * 1000,), rate=len(people) / spent) for spent in (ours, bare)]
        self._add(name, 1, times[0], results.OURS, 0)
        self._add(name, 1, times[1], results.SQL, 0, ours=times[0])

    def _tag(self, people: Sequence[int], by: Viewer) -> None:
        """By the Action, then by bare SQL with another tag: the same rows, in the same world."""
        name = f"{bulk.TAGGING} {len(people):,} people"
        ours = bulk.tagged(people, by=by, tag=by.tenant.first_tag)
        bare = bulk.tagged_by_sql(self.url, people, by=by, tag=by.tenant.first_tag + 1)
        times = [Times(milliseconds=(spent * 1000,), rate=len(people) / spent) for spent in (ours, bare)]
        self._add(name, 1, times[0], results.OURS, 0)
        self._add(name, 1, times[1], results.SQL, 0, ours=times[0])

    def _file(self, first: Viewer, viewers: Sequence[Viewer]) -> None:
        """By a server that has done nothing else: the first only warms it, then a short list and the longest."""
        with server.ours(url=self.url, folder=self.folder) as running:
            bulk.filed(running.port, first)
            for viewer in viewers:
                if viewer is viewers[-1]:
                    bulk.gathered(self.url, into=viewer.tenant)
                done = bulk.filed(running.port, viewer)
                times = Times(milliseconds=(done.seconds * 1000,), rate=done.people / done.seconds)
                name = f"{bulk.FILE} {done.people:,} people"
                self._add(name, 1, times, results.OURS, running.peak_megabytes())

    def _count(self, world: World) -> None:
        name, ours, bare = segments.counted(world, by=world.admin, url=self.url)
        self._add(name, 1, ours, results.OURS, 0)
        self._add(name, 1, bare, results.SQL, 0, ours=ours)

    def _import(self, into: Viewer) -> None:
        rows = min(100_000, self.people)
        with server.worker(url=self.url, folder=self.folder, port=1) as worker:
            imports.imported(50, into=into, worker=worker, label="bench-first")  # The worker is up and has begun.
            imports.at_rest(worker)
            small = imports.imported(rows // 10, into=into, worker=worker, label="bench-small")
            large = imports.imported(rows, into=into, worker=worker, label="bench-large")
        for done in (small, large):
            milliseconds = done.seconds * 1000
            times = Times(milliseconds=(milliseconds,), rate=done.rows / done.seconds)
            self._add(f"Import of {done.rows:,} rows", 1, times, results.OURS, done.peak_mb)

    def _add(
        self,
        scenario: str,
        clients: int,
        times: Times,
        peer: str,
        peak: float,
        *,
        ours: Times | None = None,
        ours_p95: float | None = None,
    ) -> None:
        base = ours.at(95) if ours else ours_p95
        row = Row(
            scenario=scenario,
            people=self.people,
            clients=clients,
            p50_ms=round(times.at(50), 2),
            p95_ms=round(times.at(95), 2),
            p99_ms=round(times.at(99), 2),
            rps=round(times.rate, 1),
            peak_mb=round(peak, 1),
            peer=peer,
            ratio=round(times.at(95) / base, 2) if base else None,
            requests=len(times.milliseconds),
            day=f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
            machine=machine(),
        )
        self.rows.append(row)
        print(
            f"  {scenario:<52} {peer:<13} {clients} client{'s' if clients > 1 else ' '}"
            f"  p50 {row.p50_ms:9.1f}  p95 {row.p95_ms:9.1f} ms  {row.rps:8.1f}/s",
            flush=True,
        )


def machine() -> str:
    """What measured: cores, memory, versions, and how busy it was with other things just before."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {gigabytes:.0f} GB, {platform.machine()}, Python {platform.python_version()}, "
        f"Django {django.get_version()}, PostgreSQL 18, load {LOAD_BEFORE:.1f} before"
    )


def _signed_in(port: int, scenarios: Sequence[Scenario], changes: Sequence[Scenario]) -> dict[str, Browser]:
    """A browser for everybody who looks, signed in on the sign-in page."""
    viewers: dict[str, Viewer] = {}
    for scenario in (*scenarios, *changes):
        viewers |= {request.viewer.email: request.viewer for request in scenario.requests}
    browsers = {}
    for email in viewers:
        browsers[email] = Browser(port=port)
        browsers[email].sign_in(email, PASSWORD)
        browsers[email].close()
    return browsers


def _warm_up(browsers: dict[str, Browser]) -> None:
    """Every thread of the server has its connection and its templates, as in a server that has been up for a minute."""
    first = next(iter(browsers.values()))
    asks = [
        *(Ask(path=f"/users/?q={word}", target="people") for word in ("anna", "xq", "")),
        *(Ask(path=f"/devices/?q={word}", target=devices.TABLE) for word in ("boiler", "xq", "")),
        *(
            Ask(path=path)
            for path in ("/users/", "/find/?q=a", "/action-log/", "/users/?q=maria&sort=name", "/devices/")
        ),
    ]

    def worker() -> Work:
        browser = first.again()

        def work(number: int) -> None:
            browser.ask(asks[number % len(asks)])
            if number % 5 == 0:
                browser.close()  # The next connection may reach another process.

        return work

    measured([worker() for _ in range(8)], 160, seconds=30)


def _check(scenario: Scenario, browsers: dict[str, Browser]) -> None:
    """What is measured is a table of people or devices, or says that nothing was found."""
    for request in scenario.requests[:: max(1, len(scenario.requests) // 5)]:
        page = opened(browsers[request.viewer.email].ask(request.ask))
        if scenario.list and b"data-row=" not in page and b"ff-empty" not in page:
            raise UnexpectedAnswer(f"{request.ask.path} shows no list: {page[:400]!r}")


def _mixed(requests: Sequence[Request], wanted: int) -> list[Request]:
    """So many of the requests, some more than once where there are few, evenly and in an order that mixes them."""
    count = len(requests)
    step = next(step for step in (37, 41, 43, 47, 53) if count % step)
    return [requests[index * step % count] for index in range(wanted)]


def _over_http(requests: Sequence[Request], browsers: dict[str, Browser], *, clients: int, seconds: float = 0) -> Times:
    workers = list(_workers(requests, browsers, clients))
    try:
        return measured(workers, len(requests), seconds=seconds or MOST_SECONDS[clients])
    finally:
        for work in workers:
            work.close()


@dataclass(kw_only=True)
class _Client:
    """One of several clients at once: everybody's browser, each with a connection of its own."""

    requests: Sequence[Request]
    browsers: dict[str, Browser]

    def __call__(self, number: int) -> None:
        request = self.requests[number]
        self.browsers[request.viewer.email].ask(request.ask)

    def close(self) -> None:
        for browser in self.browsers.values():
            browser.close()


def _workers(requests: Sequence[Request], browsers: dict[str, Browser], clients: int) -> Iterator[_Client]:
    for _ in range(clients):
        yield _Client(requests=requests, browsers={email: browser.again() for email, browser in browsers.items()})
