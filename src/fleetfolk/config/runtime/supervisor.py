"""`fleetfolk run`: database, front door, web, gateway, mail, webhooks and worker, started and stopped together."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

from fleetfolk.config.runtime import server
from fleetfolk.config.runtime.children import Child, end_process, leftovers, spawn, wait_for_end
from fleetfolk.config.runtime.cluster import Cluster
from fleetfolk.config.runtime.failure import CannotStart, Stopped, sentence_for
from fleetfolk.config.runtime.folder import DataFolder, held, require_space, write_private
from fleetfolk.config.runtime.front_door import Inner, caddyfile, front_door_command, front_door_environment
from fleetfolk.config.runtime.plan import USUAL_SMTP, Plan
from fleetfolk.config.runtime.ports import free_ports, holder, is_free
from fleetfolk.config.runtime.progress import Progress
from fleetfolk.config.runtime.readiness import fail_of, log_of, wait_for_answer, wait_for_greeting
from fleetfolk.config.runtime.services import (
    LOOPBACK,
    SIMULATOR_COMMAND,
    WORKER_COMMAND,
    gateway_command,
    live_command,
    mail_command,
    web_command,
    webhooks_command,
)
from fleetfolk.config.runtime.terminal import complain, greet, say

FIRST_START_MEGABYTES = 800
LATER_START_MEGABYTES = 200
MARK = "FLEETFOLK_SUPERVISED"


def run() -> int:
    """Fleetfolk runs until somebody stops it, which gives 0; 1 after a sentence when it cannot start or go on."""
    try:
        with stopped_by_signals() as signals:
            supervise(Plan.read(), signals)
    except Stopped:
        say("Stopped. Everything is saved.")
        return 0
    except CannotStart as failure:
        complain(str(failure))
    except OSError as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        complain(sentence)
    return 1


@dataclass(kw_only=True)
class Signals:
    """Whether a request to stop still interrupts; it does until the stopping has begun."""

    armed: bool = field(default=True)

    def receive(self, _number: int, _frame: FrameType | None) -> None:
        if self.armed:
            self.armed = False
            raise Stopped


@contextmanager
def stopped_by_signals() -> Iterator[Signals]:
    """The first Ctrl-C, SIGTERM or SIGHUP raises Stopped; those that follow wait for the stopping to end."""
    signals = Signals()
    before = {}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup makes a program deaf to SIGHUP on purpose.
        if signal.getsignal(number) != signal.SIG_IGN:
            before[number] = signal.signal(number, signals.receive)
    try:
        yield signals
    finally:
        signals.armed = False
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(plan: Plan, signals: Signals) -> None:
    """Everything runs, until Stopped or until a part of it ends, which is a failure. Nothing is left running."""
    folder = plan.folder
    first = not folder.postgres.exists() and not plan.database_url
    require_space(folder.root, megabytes=FIRST_START_MEGABYTES if first else LATER_START_MEGABYTES)
    folder.make()
    lock = held(
        folder.lock,
        says=f"process {os.getpid()}, {plan.origin}",
        refusal=f"Fleetfolk already runs on {folder.root} ({{holder}}). Use that one, or stop it with Ctrl-C first.",
    )
    with lock:
        end_leftovers(folder)
        require_port(plan.port, plan.host, "FLEETFOLK_PORT", usual=8080)
        plan = replace(plan, mail=plan.mail.settled())
        if plan.mail.smtp:
            require_port(plan.mail.smtp, plan.mail.host, "FLEETFOLK_MAIL_IN_PORT", usual=USUAL_SMTP)
        if plan.mail.lmtp:
            require_port(plan.mail.lmtp, plan.mail.host, "FLEETFOLK_MAIL_IN_LMTP_PORT", usual=USUAL_SMTP - 1)
        children: list[Child] = []
        try:
            start(plan, children)
            fail_of(wait_for_end(children), children)
        finally:
            signals.armed = False
            stop(children)
            folder.database_url.unlink(missing_ok=True)


def start(plan: Plan, children: list[Child]) -> None:
    """All parts run and the pages answer; each child is in the list as soon as it exists."""
    folder = plan.folder
    begun = time.monotonic()
    url = plan.database_url
    if url:
        facts = server.reach(url)
        say(f"Using PostgreSQL {facts.version} at {server.place(url)}.")
    else:
        say("Starting the database …")
        cluster = Cluster(home=folder.postgres, passwords=folder.passwords, log=folder.logs / "database.log", tell=say)
        database, url = cluster.start()
        children.append(database)
        write_private(folder.database_url, url)
        facts = server.reach(url)
    environment = child_environment(plan, url)
    prepare(plan, children, environment, facts.identity)
    say("Starting front door, web, gateway and worker …")
    web, live, *gateways = free_ports(2 + plan.gateway_processes)
    inner = Inner(web=web, live=live, gateways=gateways)
    start_behind(plan, inner, environment, children)
    wait_for_answer(plan, "web server", (LOOPBACK, inner.web), {200}, children)
    for port in inner.gateways:
        wait_for_answer(plan, "gateway", (LOOPBACK, port), {200}, children)
    wait_for_answer(plan, "live updates", (LOOPBACK, inner.live), range(200, 500), children)
    for port in filter(None, (plan.mail.smtp, plan.mail.lmtp)):
        wait_for_greeting(plan, port, children)
    configuration = caddyfile(host=plan.host, port=plan.port, proxies=plan.proxies, inner=inner)
    children.append(
        spawn(
            "front door",
            front_door_command(folder.root / "Caddyfile", configuration),
            log=folder.logs / log_of("front door"),
            environment=front_door_environment(folder.root / "caddy", environment),
        )
    )
    address = "127.0.0.1" if plan.host in {"0.0.0.0", ""} else plan.host  # noqa: S104 - asked, not bound
    wait_for_answer(plan, "front door", (address, plan.port), {200}, children)
    if plan.demo and folder.simulated.exists():
        log = folder.logs / log_of("simulator")
        children.append(spawn("simulator", SIMULATOR_COMMAND, log=log, environment=environment))
    greet(plan, time.monotonic() - begun)


def start_behind(plan: Plan, inner: Inner, environment: Mapping[str, str], children: list[Child]) -> None:
    """Everything runs that answers behind the front door, and the worker."""

    def begin(name: str, command: Sequence[str | Path], *, orphaned: signal.Signals | None = None) -> None:
        log = plan.folder.logs / log_of(name)
        children.append(spawn(name, command, log=log, environment=environment, orphaned=orphaned))

    begin("web server", web_command(host=LOOPBACK, port=inner.web, processes=plan.web_processes))
    for number, port in enumerate(inner.gateways, start=1):
        begin("gateway" if number == 1 else f"gateway {number}", gateway_command(port=port, processes=1))
    begin("live updates", live_command(port=inner.live))
    if plan.mail.smtp or plan.mail.lmtp:
        begin("mail", mail_command())
    # Asked politely these would wait for the database, which goes at the same moment.
    begin("webhooks", webhooks_command(), orphaned=signal.SIGKILL)
    begin("worker", WORKER_COMMAND, orphaned=signal.SIGKILL)


def prepare(plan: Plan, children: list[Child], environment: Mapping[str, str], database: str) -> None:
    """Migrations are applied, static files gathered, and the demo world is there if this is a demo."""
    marker = plan.folder.demo_built
    build_demo = plan.demo and not (marker.exists() and marker.read_text(encoding="utf-8") == database)
    command = [sys.executable, "-m", "fleetfolk.config.runtime.prepare", *(["--demo"] if build_demo else [])]
    say("Building the demo world; this is done once and can take some minutes …" if build_demo else "Preparing …")
    child = spawn("preparation", command, log=plan.folder.logs / "prepare.log", environment=environment)
    children.append(child)
    ended = watched(child, children) if build_demo else wait_for_end(children)
    if ended is not child or child.process.returncode:
        fail_of(ended, children)
    children.remove(child)
    if build_demo:
        write_private(marker, database)


def watched(child: Child, children: list[Child]) -> Child:
    """The first of the children that has ended; until then the terminal shows how far the one child is."""
    progress = Progress(sys.stdout)
    try:
        while True:
            ended = next((each for each in children if not each.alive), None)
            progress.show(child.output())
            if ended is not None:
                return ended
            time.sleep(0.3)
    finally:
        progress.end()


def stop(children: list[Child]) -> None:
    """Every child is gone: those that use the database first, it last."""
    if not children:
        return
    say("Stopping …")
    users = [child for child in children if child.name != "database"]
    # Without the database they cannot finish anything.
    patience = 8 if all(child.alive for child in children if child.name == "database") else 1
    for child in users:
        child.ask_to_stop()
    for child in users:
        if not child.stop(seconds=patience) and patience > 1:
            complain(f"The {child.name} did not stop in time and was ended.")
    for child in children:
        if child not in users and not child.stop(seconds=60):
            complain("The database did not stop in time and was ended; it puts its data in order at the next start.")


def child_environment(plan: Plan, url: str) -> dict[str, str]:
    """What the children see: the settings, and marks by which a later start finds those that were left behind."""
    metrics = plan.folder.root / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
        "DATABASE_URL": url,
        "FLEETFOLK_DATA": str(plan.folder.root),
        "FLEETFOLK_ORIGIN": plan.origin,
        "FLEETFOLK_PORT": str(plan.port),
        # Behind our own front door there is one more.
        "FLEETFOLK_PROXIES": str(plan.proxies + 1),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "PYTHONUNBUFFERED": "1",
        "FLEETFOLK_MAIL_IN_HOST": plan.mail.host,
        "FLEETFOLK_MAIL_IN_PORT": str(plan.mail.smtp),
        "FLEETFOLK_MAIL_IN_LMTP_PORT": str(plan.mail.lmtp),
        MARK: str(plan.folder.root),
    }


def end_leftovers(folder: DataFolder) -> None:
    """No process of an earlier, killed run is left. We hold the lock, so any that carries our mark is one."""
    found = leftovers(f"{MARK}={folder.root}")
    if found:
        say("Ending what an earlier run left behind …")
    for pid in found:
        with suppress(PermissionError):
            end_process(pid, polite=signal.SIGTERM, seconds=3)


def require_port(port: int, host: str, name: str, *, usual: int) -> None:
    """The port, which this variable names, can be had."""
    try:
        if is_free(port, host):
            return
    except PermissionError:
        raise CannotStart(
            f"This user may not open port {port}. Choose one above 1023: {name}={usual} make run"
        ) from None
    who = holder(port)
    raise CannotStart(
        f"Port {port} is in use by another program{f' ({who})' if who else ''}. "
        f"Stop that, or choose another port: {name}={port + 1} make run"
    )
