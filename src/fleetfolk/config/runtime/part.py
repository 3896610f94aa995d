"""`fleetfolk part NAME`: one process of an installation alone, for a service manager or a container to keep running."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from fleetfolk.config.runtime.services import (
    LOOPBACK,
    WORKER_COMMAND,
    gateway_command,
    live_command,
    mail_command,
    web_command,
    webhooks_command,
)

PORTS = {"web": 8001, "gateway": 8002, "live": 8003}


def run(arguments: Sequence[str]) -> int:
    """This process is the part from now on: its signals, its output and its end are the part's."""
    parser = argparse.ArgumentParser(prog="fleetfolk part", description=__doc__)
    parser.add_argument("name", choices=["web", "gateway", "live", "worker", "webhooks", "mail"])
    parser.add_argument("--host", default=LOOPBACK, help="the address that web, gateway and live listen on")
    parser.add_argument("--port", type=int, help=f"their port: {PORTS['web']}, {PORTS['gateway']}, {PORTS['live']}")
    parser.add_argument("--processes", type=int, default=2, help="how many processes answer pages")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    command = command_of(
        options.name, host=options.host, port=options.port or PORTS.get(options.name, 0), processes=options.processes
    )
    os.execv(command[0], command)  # noqa: S606 - our own command


def command_of(name: str, *, host: str, port: int, processes: int) -> list[str]:
    """How the part is started."""
    match name:
        case "web":
            return web_command(host=host, port=port, processes=processes)
        case "gateway":
            # One process a port: a device is answered, and its limits are counted, by one of them.
            return gateway_command(host=host, port=port, processes=1)
        case "live":
            return live_command(host=host, port=port)
        case "mail":
            return mail_command()
        case "webhooks":
            return webhooks_command()
        case "worker":
            return list(WORKER_COMMAND)
    raise ValueError(name)
