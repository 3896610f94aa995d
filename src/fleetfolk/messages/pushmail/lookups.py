"""Questions to the domain name system, as the checks of a sender ask them."""

from collections.abc import Sequence
from typing import Any, Protocol

import dns.exception
import dns.resolver

SECONDS = 4.0
"""For one question: a mail waits at the door meanwhile."""


class LookupFailed(Exception):
    """The question could not be answered now. Whether there is such a record nobody knows."""


class Lookups(Protocol):
    """Answers questions for records."""

    def __call__(self, name: str, kind: str) -> Sequence[Any]:
        """The records: text for A, AAAA and PTR, (preference, host) for MX, a tuple of bytes for TXT.

        Empty where there is none. Raises `LookupFailed`.
        """


class Resolver:
    """Asks the name servers of this machine, or the one at ``server`` (``address:port``)."""

    def __init__(self, server: str = "") -> None:
        self._resolver = dns.resolver.Resolver(configure=not server)
        if server:
            host, _, port = server.rpartition(":")
            self._resolver.nameservers, self._resolver.port = [host], int(port)
        self._resolver.cache = dns.resolver.LRUCache(10_000)

    def __call__(self, name: str, kind: str) -> Sequence[Any]:
        try:
            answer = self._resolver.resolve(name, kind, lifetime=SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel, dns.name.BadEscape):
            return []
        except dns.exception.DNSException as error:
            raise LookupFailed(str(error)) from error
        match kind:
            case "MX":
                return [(record.preference, record.exchange.to_text(omit_final_dot=True)) for record in answer]
            case "TXT" | "SPF":
                return [record.strings for record in answer]
            case "PTR":
                return [record.target.to_text(omit_final_dot=True) for record in answer]
            case _:
                return [record.to_text() for record in answer]
