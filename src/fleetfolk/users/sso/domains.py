"""Whose a domain is: its own name server says so, in a record that only its owner can write."""

from typing import Final

import dns.exception
import dns.resolver
from django.conf import settings

LABEL: Final = "_fleetfolk"
MARK: Final = "fleetfolk="
PATIENCE: Final = 4.0
"""Seconds for all that is asked of name servers."""


def record_of(domain: str) -> str:
    """The name of the record."""
    return f"{LABEL}.{domain}"


def is_ours(domain: str) -> bool:
    """Whether the operator of this installation answers for the domain, so that no record is needed."""
    return domain in settings.FLEETFOLK_SSO_DOMAINS


def says(domain: str, proof: str) -> bool:
    """Whether the domain's record holds the proof now. A name server that does not answer says nothing."""
    try:
        found = _resolver().resolve(record_of(domain), "TXT", lifetime=PATIENCE, search=False)
    except dns.exception.DNSException:
        return False
    texts = (b"".join(one.strings) for one in found)
    return f"{MARK}{proof}".encode() in texts


def _resolver() -> dns.resolver.Resolver:
    said = settings.FLEETFOLK_MAIL_IN_NAME_SERVER
    if not said:
        return dns.resolver.Resolver()
    host, _, port = said.rpartition(":")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [host.strip("[]")], int(port)
    return resolver
