"""The processes that make up a running Fleetfolk, and how each is started."""

from __future__ import annotations

import sys

WORKER_COMMAND = (
    *(sys.executable, "-m", "fleetfolk.config.cli", "procrastinate", "worker"),
    *("--shutdown-graceful-timeout", "5"),
)
SIMULATOR_COMMAND = (sys.executable, "-m", "fleetfolk.config.cli", "simulate")
LOOPBACK = "127.0.0.1"
LONGEST_IDLE = "600"
"""Seconds: the most that granian allows."""


def web_command(
    *, host: str, port: int, processes: int, application: str = "fleetfolk.config.wsgi:application"
) -> list[str]:
    """Pages, here and where they are measured.

    A thread that has nothing to do stays for as long as it may: with it goes its connection to the database, and to
    whoever asks next a new one costs more than many a page.
    """
    threads = ("--blocking-threads", "4", "--blocking-threads-idle-timeout", LONGEST_IDLE)
    return [*_granian(application, "wsgi", host=host, port=port, processes=processes), *threads]


def gateway_command(*, port: int, processes: int, host: str = LOOPBACK) -> list[str]:
    """What devices speak to. Several processes do the same work side by side."""
    application = "fleetfolk.gateway.application:application"
    return _granian(application, "rsgi", host=host, port=port, processes=processes)


def live_command(*, port: int, host: str = LOOPBACK) -> list[str]:
    """Live updates of open pages: one process, for each has a connection of its own that listens."""
    return _granian("fleetfolk.gateway.live:application", "asginl", host=host, port=port, processes=1)


def mail_command() -> list[str]:
    """What takes mail in: one process, for it counts how much comes from whom."""
    return [sys.executable, "-m", "fleetfolk.messages.pushmail.listener"]


def webhooks_command() -> list[str]:
    """What tells receivers of webhooks. Several may run side by side: each receiver is one's alone at a time."""
    return [sys.executable, "-m", "fleetfolk.webhooks.herald"]


def _granian(application: str, interface: str, *, host: str, port: int, processes: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", application, "--interface", interface,
        "--host", host, "--port", str(port), "--workers", str(processes),
        "--workers-kill-timeout", "3", "--log-level", "warning",
    ]  # fmt: skip
