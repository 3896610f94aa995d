"""DKIM (RFC 6376): which domains have signed the mail, and whether it is as they signed it."""

import binascii
from dataclasses import dataclass

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from fleetfolk.messages.pushmail.lookups import LookupFailed, Lookups
from fleetfolk.messages.pushmail.secret_addresses import ascii_domain

MOST_SIGNATURES = 5
"""Each costs a question and a reckoning over the whole mail."""
LONGEST_KEY = 2048
"""Letters of a key's record, some more than RSA with 8192 bits has. Whoever signs chooses the key: with one of many
thousand bits a single reckoning takes hours."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: pass, fail, policy (valid, but not one that we take), temperror or permerror."""

    result: str
    domain: str


def signatures_of(raw: bytes, *, lookups: Lookups) -> list[Signature]:
    """What each of the first signatures is worth, in the order in which they stand."""
    try:
        mail = dkim.DKIM(raw, timeout=5)
    except dkim.DKIMException:
        return []
    headers = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    return [_judged(mail, index, value, lookups) for index, value in enumerate(headers[:MOST_SIGNATURES])]


def _judged(mail: dkim.DKIM, index: int, value: bytes, lookups: Lookups) -> Signature:
    try:
        tags = parse_tag_value(value)
    except InvalidTagValueList:
        return Signature("permerror", "")
    domain = ascii_domain(tags.get(b"d", b"").decode("utf-8", "replace"))
    if b"l" in tags or tags.get(b"a", b"").endswith(b"sha1"):
        # A signature over a part of the body lets anybody add the rest, and SHA-1 can be forged (RFC 8301, 3.1).
        return Signature("policy", domain)
    failed: list[LookupFailed] = []

    def text_record(name: bytes, timeout: int = 5) -> bytes | None:
        try:
            found = lookups(name.decode("ascii", "replace").rstrip("."), "TXT")
        except LookupFailed as error:
            failed.append(error)
            raise dkim.DnsTimeoutError(str(error)) from error
        record = b"".join(found[0]) if found else b""
        return record if 0 < len(record) <= LONGEST_KEY else None

    try:
        valid = mail.verify(idx=index, dnsfunc=text_record)
    except dkim.ValidationError:
        return Signature("fail", domain)
    except (dkim.DKIMException, binascii.Error, ValueError, IndexError, KeyError, TypeError):
        return Signature("temperror" if failed else "permerror", domain)
    if failed:
        return Signature("temperror", domain)
    return Signature("pass" if valid else "fail", domain)
