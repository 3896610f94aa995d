"""SPF (RFC 7208): whether the server that hands over the mail may send for the domain of the envelope."""

import ipaddress
from collections.abc import Sequence
from typing import Any

import spf

from fleetfolk.messages.pushmail.lookups import LookupFailed, Lookups
from fleetfolk.messages.pushmail.secret_addresses import split_address

MOST_SECONDS = 15


def spf_result(*, address: str, helo: str, sender: str, lookups: Lookups) -> tuple[str, str]:
    """The result in the words of RFC 7208 (2.6), and the domain that it speaks of.

    ``address`` is the peer's; without a sender (``<>``) the name that the server gave itself is asked about.
    """
    domain = split_address(sender)[1] if sender else split_address(f"postmaster@{helo}")[1]
    if "." not in domain or _says_nothing(address):
        return "none", domain
    query = _Query(address, sender, helo, lookups=lookups)
    try:
        result = query.check()[0]
    except spf.TempError:
        result = "temperror"
    except spf.PermError:
        result = "permerror"
    return str(result), domain


def _says_nothing(address: str) -> bool:
    """Whether the peer is a program on this machine: where that had the mail from, nobody knows."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True


class _Query(spf.query):  # type: ignore[misc]  # without types
    """A query that asks our own name service."""

    def __init__(self, address: str, sender: str, helo: str, *, lookups: Lookups) -> None:
        super().__init__(i=address, s=sender, h=helo, querytime=MOST_SECONDS)
        self._lookups = lookups

    def dns(
        self, name: str, qtype: str, cnames: dict[str, str] | None = None, ignore_void: bool = False
    ) -> Sequence[Any]:
        """The records; an answer without any counts towards the bound of RFC 7208 (4.6.4)."""
        try:
            found = self._lookups(str(name).rstrip(".").lower(), qtype)
        except LookupFailed as error:
            raise spf.TempError(str(error)) from error
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("Too many lookups without an answer.")
        return list(found)
