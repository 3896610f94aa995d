"""What `fleetfolk run` is to start, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import DataFolder, data_folder
from fleetfolk.config.runtime.ports import free_ports, is_free

USUAL_SMTP = 2525


@dataclass(frozen=True, kw_only=True)
class MailPorts:
    """Where Push Mail is taken in: 0 is nowhere. ``chosen`` says that the environment named the port."""

    host: str
    smtp: int
    lmtp: int
    chosen: bool

    @classmethod
    def read(cls) -> MailPorts:
        """What the environment says of them."""
        production = os.environ.get("FLEETFOLK_MODE") == "production"
        return cls(
            host=os.environ.get("FLEETFOLK_MAIL_IN_HOST") or "127.0.0.1",
            smtp=whole_number("FLEETFOLK_MAIL_IN_PORT", default=0 if production else USUAL_SMTP, least=0, most=65_535),
            lmtp=whole_number("FLEETFOLK_MAIL_IN_LMTP_PORT", default=0, least=0, most=65_535),
            chosen=bool(os.environ.get("FLEETFOLK_MAIL_IN_PORT")),
        )

    def settled(self) -> MailPorts:
        """With a free port where nobody named one and the usual one is taken, or would soon be: tests start many."""
        testing = os.environ.get("FLEETFOLK_MODE") == "test"
        if self.chosen or not self.smtp or (is_free(self.smtp, self.host) and not testing):
            return self
        return replace(self, smtp=free_ports(1, self.host)[0])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to start, from the environment."""

    folder: DataFolder
    host: str
    port: int
    origin: str
    demo: bool
    database_url: str
    web_processes: int
    gateway_processes: int
    proxies: int
    mail: MailPorts

    @classmethod
    def read(cls) -> Plan:
        """What the environment says to start."""
        port = whole_number("FLEETFOLK_PORT", default=8080, most=65_535)
        return cls(
            folder=data_folder(),
            host=os.environ.get("FLEETFOLK_HOST") or "127.0.0.1",
            port=port,
            origin=os.environ.get("FLEETFOLK_ORIGIN") or f"http://localhost:{port}",
            demo=(os.environ.get("FLEETFOLK_MODE") or "demo") == "demo",
            database_url=os.environ.get("DATABASE_URL", ""),
            web_processes=whole_number("FLEETFOLK_WEB_PROCESSES", default=min(os.cpu_count() or 1, 4), most=64),
            gateway_processes=whole_number("FLEETFOLK_GATEWAY_PROCESSES", default=1, most=64),
            proxies=whole_number("FLEETFOLK_PROXIES", default=0, least=0, most=8),
            mail=MailPorts.read(),
        )


def whole_number(name: str, *, default: int, most: int, least: int = 1) -> int:
    """The number that the variable holds. Raises `CannotStart` for what is none, or out of bounds."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not given.isdecimal() or not least <= int(given) <= most:
        raise CannotStart(f"{name} is {given!r}. Set it to a whole number from {least} to {most}.")
    return int(given)
