"""Where anything may be posted to. The address was chosen by somebody, or by their browser: it is never trusted.

Posted to are only `https` addresses of hosts that are allowed by name, whose every network address is public. The one
exception is a service named with its port in the setting, for tests and for trying it out: production refuses those.
"""

import re
import socket
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 1500

_TEXT: Final = re.compile(r"[!-~]+", re.ASCII)
_HOST: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+", re.ASCII)
_LAST: Final = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?", re.ASCII)
_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


class Unfit(ValueError):
    """Nothing is posted to this address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """An address to post to. ``local`` is the service of a test, wherever it is."""

    host: str
    port: int
    target: str
    local: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a token's audience names them."""
        return f"https://{self.host}" if self.port == 443 else f"https://{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """What stands in the request's Host."""
        return self.origin.removeprefix("https://")


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """The hosts of the setting: by name, by what they are below (``*.``), all public ones (``*``), or local ones."""

    names: frozenset[str]
    below: tuple[str, ...]
    everything: bool
    local: frozenset[tuple[str, int]]

    def holds(self, host: str) -> bool:
        """Whether the host is one of them."""
        return self.everything or host in self.names or host.endswith(self.below)


@lru_cache(maxsize=8)
def allowed_of(said: str) -> Allowed:
    """What a text like ``fcm.googleapis.com,*.push.apple.com`` allows. What cannot be read is a `ValueError`."""
    names, below, local, everything = set(), [], set(), False
    for entry in filter(None, (one.strip().lower() for one in said.split(","))):
        host, _, port = entry.partition(":")
        if entry == "*":
            everything = True
        elif port:
            local.add((host, int(port)))
        elif _HOST.fullmatch(host.removeprefix("*.")):
            if host.startswith("*."):
                below.append(host[1:])
            else:
                names.add(host)
        else:
            raise ValueError(f"{entry!r} is no host.")
    return Allowed(names=frozenset(names), below=tuple(below), everything=everything, local=frozenset(local))


def read_endpoint(url: str, allowed: Allowed) -> Endpoint:
    """The address, taken apart. `Unfit` where nothing would be posted to it."""
    if len(url) > LONGEST or not _TEXT.fullmatch(url) or "\\" in url:
        raise Unfit("It is too long, or holds what no address holds.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unfit("It is no address.") from error
    host = parts.hostname or ""
    if parts.scheme != "https" or "@" in parts.netloc or "#" in url:
        raise Unfit("It is not https alone.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if (host, port) in allowed.local:
        return Endpoint(host=host, port=port or 443, target=target, local=True)
    if port not in (None, 443):
        raise Unfit("It has a port of its own.")
    if not _HOST.fullmatch(host) or not _LAST.fullmatch(host.rpartition(".")[2]):
        raise Unfit("It names no public host.")
    if not allowed.holds(host):
        raise Unfit("Its host is not one of those that are allowed.")
    return Endpoint(host=host, port=443, target=target)


def network_addresses(endpoint: Endpoint) -> list[str]:
    """Where the host is now. `Unfit` where one of its addresses is not public; `OSError` where it has none.

    Connect to one of these and not to the name: the name may lead somewhere else a moment later.
    """
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
    if not endpoint.local and not all(is_public(address) for address in addresses):
        raise Unfit("Its host is inside a network.")
    return addresses


def is_public(address: str) -> bool:
    """Whether the address is somewhere in the internet, and not this machine, a network behind it, or many at once.

    Addresses that wrap an older one are what they wrap.
    """
    try:
        place = ip_address(address)
    except ValueError:
        return False  # One with a zone: of this very link.
    if isinstance(place, IPv6Address):
        if place.scope_id is not None:
            return False
        inner = _wrapped(place)
        if inner is not None:
            return _is_public(inner)
    return _is_public(place)


def _wrapped(place: IPv6Address) -> IPv4Address | None:
    if place.ipv4_mapped or place.sixtofour:
        return place.ipv4_mapped or place.sixtofour
    if place.teredo:
        return place.teredo[1]
    if any(place in network for network in _NAT64) or int(place) >> 32 == 0:
        return IPv4Address(int(place) & 0xFFFFFFFF)
    return None


def _is_public(place: IPv4Address | IPv6Address) -> bool:
    return (
        place.is_global
        and not place.is_multicast
        and not place.is_reserved
        and not place.is_unspecified
        and not (isinstance(place, IPv6Address) and place.is_site_local)
    )
