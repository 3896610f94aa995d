"""Who hands mail over, as far as the network says."""

import ipaddress
from typing import Any


def address_of(peername: Any) -> str:
    """The address in what a connection says of its other end; IPv4 as such, also where it came in over IPv6."""
    return str(peername[0]).removeprefix("::ffff:").partition("%")[0] if peername else ""


def network_of(address: str) -> str:
    """What a server is counted by: its address; with IPv6 the network of 64 bits, of which one host has all."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
