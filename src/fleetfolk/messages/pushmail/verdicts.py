"""What is known about who sent a mail: possession of an address shows nothing about identity, these checks do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fleetfolk.messages.pushmail import dmarc
from fleetfolk.messages.pushmail.dkim_check import Signature, signatures_of
from fleetfolk.messages.pushmail.lookups import LookupFailed, Lookups
from fleetfolk.messages.pushmail.spf_check import spf_result


class Standing(StrEnum):
    """What follows from the checks: shown to be true, not shown either way, shown to be forged."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FORGED = "forged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The results in the words of RFC 8601, the author's domain, and what follows.

    ``undecided`` says that a name server did not answer: asked again, the outcome may be another.
    """

    spf: str = "none"
    dkim: str = "none"
    dkim_domains: Sequence[str] = field(default=())
    dmarc: str = "none"
    author: str = ""
    standing: Standing = Standing.UNVERIFIED
    undecided: bool = False


def judge(*, raw: bytes, address: str, helo: str, sender: str, authors: Sequence[str], lookups: Lookups) -> Verdict:
    """What SPF, DKIM and DMARC say. ``authors`` are the domains of the addresses in From: more or less than one is a
    forgery, since nobody could say which of them is shown."""
    spf = spf_result(address=address, helo=helo, sender=sender, lookups=lookups)
    signatures = signatures_of(raw, lookups=lookups)
    return verdict_of(spf=spf, signatures=signatures, authors=authors, lookups=lookups)


def verdict_of(
    *, spf: tuple[str, str], signatures: Sequence[Signature], authors: Sequence[str], lookups: Lookups
) -> Verdict:
    """What follows from the results of SPF and DKIM for the author."""
    author = authors[0] if len(authors) == 1 else ""
    undecided = spf[0] == "temperror" or any(each.result == "temperror" for each in signatures)
    policy, result = None, "permerror"
    standing = Standing.FORGED
    if author:
        try:
            policy = dmarc.policy_of(author, lookups=lookups)
        except LookupFailed:
            undecided, result = True, "temperror"
        else:
            result = "none"
        spoken_for = dmarc.speaks_for(author, policy=policy, spf=spf, signatures=signatures)
        if policy is not None:
            result = "pass" if spoken_for else "temperror" if undecided else "fail"
        standing = _standing(spoken_for=spoken_for, result=result, spf=spf[0], undecided=undecided)
    return Verdict(
        spf=spf[0],
        dkim=_together([each.result for each in signatures]),
        dkim_domains=tuple(each.domain for each in signatures if each.result == "pass"),
        dmarc=result,
        author=author,
        standing=standing,
        undecided=undecided and standing is not Standing.VERIFIED,
    )


def _standing(*, spoken_for: bool, result: str, spf: str, undecided: bool) -> Standing:
    # Where the policy itself could not be read, a loose match is not yet enough: it may ask for a strict one.
    if spoken_for and result != "temperror":
        return Standing.VERIFIED
    if result == "fail" or (result == "none" and spf == "fail" and not undecided):
        return Standing.FORGED
    return Standing.UNVERIFIED


def _together(results: Sequence[str]) -> str:
    for result in ("pass", "temperror", "fail", "policy", "permerror"):
        if result in results:
            return result
    return "none"
