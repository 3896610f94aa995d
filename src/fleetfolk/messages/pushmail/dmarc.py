"""DMARC (RFC 7489): whether somebody who may speak for the domain in From has sent the mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from publicsuffixlist import PublicSuffixList

from fleetfolk.messages.pushmail.dkim_check import Signature
from fleetfolk.messages.pushmail.lookups import Lookups

_SUFFIXES = PublicSuffixList()


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner of a domain publishes: none, quarantine or reject, and how close a match has to be."""

    asks: str
    strict_dkim: bool = False
    strict_spf: bool = False


def organizational_domain(domain: str) -> str:
    """The domain that somebody registered (3.2); a public suffix is its own."""
    return _SUFFIXES.privatesuffix(domain) or domain


def policy_of(domain: str, *, lookups: Lookups) -> Policy | None:
    """What the domain, or the one that was registered above it, publishes (6.6.3). Raises `LookupFailed`."""
    above = organizational_domain(domain)
    for name in dict.fromkeys((domain, above)):
        records = [
            text
            for strings in lookups(f"_dmarc.{name}", "TXT")
            if (text := b"".join(strings).decode("ascii", "replace")).replace(" ", "").startswith("v=DMARC1")
        ]
        if len(records) == 1:
            return _parsed(records[0], below=name != domain)
        if records:
            return None
    return None


def _parsed(record: str, *, below: bool) -> Policy:
    tags: dict[str, str] = {}
    for part in record.split(";"):
        name, _, value = part.partition("=")
        tags.setdefault(name.strip().lower(), value.strip().lower())
    asks = tags.get("sp") or tags.get("p", "none") if below else tags.get("p", "none")
    return Policy(
        asks=asks if asks in {"none", "quarantine", "reject"} else "none",
        strict_dkim=tags.get("adkim") == "s",
        strict_spf=tags.get("aspf") == "s",
    )


def is_aligned(domain: str, author: str, *, strict: bool) -> bool:
    """Whether a domain that was shown to be true stands for the author's (3.1)."""
    if not domain or not author:
        return False
    return domain == author if strict else organizational_domain(domain) == organizational_domain(author)


def speaks_for(author: str, *, policy: Policy | None, spf: tuple[str, str], signatures: Sequence[Signature]) -> bool:
    """Whether SPF or a signature shows that the author's domain sent it; without a policy a loose match is enough."""
    asked = policy or Policy("none")
    return (spf[0] == "pass" and is_aligned(spf[1], author, strict=asked.strict_spf)) or any(
        each.result == "pass" and is_aligned(each.domain, author, strict=asked.strict_dkim) for each in signatures
    )
