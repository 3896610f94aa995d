"""The results of a mail server of ours that has checked the sender already (Authentication-Results, RFC 8601)."""

import re
from collections.abc import Sequence

from fleetfolk.messages.pushmail.dkim_check import Signature
from fleetfolk.messages.pushmail.lookups import Lookups
from fleetfolk.messages.pushmail.secret_addresses import ascii_domain
from fleetfolk.messages.pushmail.verdicts import Verdict, verdict_of

_PARENTHESES = re.compile(r"([()])")
_METHOD = re.compile(r"\s*(spf|dkim)\s*(?:/\s*1\s*)?=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"(smtp\.mailfrom|smtp\.helo|header\.d)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def trusted_verdict(
    headers: Sequence[str], *, identity: str, authors: Sequence[str], lookups: Lookups
) -> Verdict | None:
    """What the server called ``identity`` found; None where it left no results. Results of anybody else are not read.

    Only the topmost header of that name counts: the server writes its own above whatever came with the mail.
    """
    for header in headers:
        text = " ".join(_without_comments(header).split())
        server, _, results = text.partition(";")
        if server.split()[:1] and server.split()[0].lower() == identity.lower():
            spf, signatures = _read(results)
            return verdict_of(spf=spf, signatures=signatures, authors=authors, lookups=lookups)
    return None


def _without_comments(text: str) -> str:
    """The text without what stands in parentheses, also in each other, in one pass over it."""
    kept, depth = [], 0
    for piece in _PARENTHESES.split(text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            kept.append(piece)
    return " ".join(kept)


def _read(results: str) -> tuple[tuple[str, str], list[Signature]]:
    spf, signatures = ("none", ""), []
    for part in results.split(";"):
        found = _METHOD.match(part)
        if found is None:
            continue
        facts = {name.lower(): value for name, value in _PROPERTY.findall(part)}
        result = found.group(2).lower()
        if found.group(1).lower() == "spf":
            named = facts.get("smtp.mailfrom") or facts.get("smtp.helo", "")
            spf = (result, ascii_domain(named.rpartition("@")[2]))
        else:
            signatures.append(Signature(result, ascii_domain(facts.get("header.d", ""))))
    return spf, signatures
