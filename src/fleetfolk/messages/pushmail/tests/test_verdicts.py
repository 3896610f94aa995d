"""Who sent a mail: SPF, DKIM and DMARC against name servers of ours, with real signatures."""

import base64
import time
from dataclasses import replace

import dkim
import pytest
from aiosmtpd.smtp import Envelope
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fleetfolk.messages.pushmail import door
from fleetfolk.messages.pushmail.headers import authors_of, domains_of, headers_of
from fleetfolk.messages.pushmail.lookups import LookupFailed
from fleetfolk.messages.pushmail.settings import MailIn
from fleetfolk.messages.pushmail.trusted_results import trusted_verdict
from fleetfolk.messages.pushmail.verdicts import Standing, Verdict, judge

_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = _KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    _KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)
DNS: dict[tuple[str, str], list[tuple[bytes, ...]]] = {
    ("example.com", "TXT"): [(b"v=spf1 ip4:192.0.2.1 -all",)],
    ("mail._domainkey.example.com", "TXT"): [(b"v=DKIM1; k=rsa; p=" + PUBLIC[:200], PUBLIC[200:])],
    ("_dmarc.example.com", "TXT"): [(b"v=DMARC1; p=reject; sp=quarantine",)],
    ("loose.example", "TXT"): [(b"v=spf1 ip4:192.0.2.1 -all",)],
    ("_dmarc.strict.example", "TXT"): [(b"v=DMARC1; p=reject; adkim=s; aspf=s",)],
    ("mail.strict.example", "TXT"): [(b"v=spf1 ip4:192.0.2.1 -all",)],
    ("_dmarc.mail.twice.example", "TXT"): [(b"v=DMARC1; p=reject",), (b"v=DMARC1; p=none",)],
    ("_dmarc.twice.example", "TXT"): [(b"v=DMARC1; p=reject",)],
    ("void.example", "TXT"): [(b"v=spf1 a:n1.void.example a:n2.void.example a:n3.void.example -all",)],
    ("forger.example", "TXT"): [(b"v=spf1 +all",)],
    ("mail._domainkey.forger.example", "TXT"): [(b"v=DKIM1; k=rsa; p=" + PUBLIC,)],
}
MAIL = b"From: Ada <ada@%s>\r\nTo: x@y.example\r\nSubject: Hello\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\n\r\nHi!\r\n"


def names(name: str, kind: str) -> list[tuple[bytes, ...]]:
    if "down" in name:
        raise LookupFailed(name)
    return DNS.get((name, kind), [])


def signed(mail: bytes, domain: bytes, **kwargs: object) -> bytes:
    return bytes(dkim.sign(mail, b"mail", domain, PRIVATE, **kwargs)) + mail


def verdict(mail: bytes, *, address: str = "198.51.100.9", sender: str = "", helo: str = "mx.nowhere.test") -> Verdict:
    headers = headers_of(mail)
    authors = domains_of(authors_of(headers), headers)
    return judge(raw=mail, address=address, helo=helo, sender=sender, authors=authors, lookups=names)


def test_mail_from_a_server_of_the_domain_is_verified() -> None:
    found = verdict(MAIL % b"example.com", address="192.0.2.1", sender="ada@example.com")
    assert (found.spf, found.dmarc, found.standing) == ("pass", "pass", Standing.VERIFIED)


def test_signed_mail_is_verified_from_anywhere() -> None:
    found = verdict(signed(MAIL % b"example.com", b"example.com"), sender="ada@example.com")
    assert (found.spf, found.dkim, found.dmarc, found.standing) == ("fail", "pass", "pass", Standing.VERIFIED)


def test_changed_mail_is_forged() -> None:
    mail = signed(MAIL % b"example.com", b"example.com").replace(b"Hi!", b"Pay!")
    found = verdict(mail, sender="ada@example.com")
    assert (found.dkim, found.dmarc, found.standing) == ("fail", "fail", Standing.FORGED)


def test_the_forgers_own_signature_and_envelope_do_not_help() -> None:
    found = verdict(signed(MAIL % b"example.com", b"forger.example"), sender="ada@forger.example")
    assert (found.spf, found.dkim, found.dmarc, found.standing) == ("pass", "pass", "fail", Standing.FORGED)


def test_a_domain_below_has_the_policy_of_the_one_above() -> None:
    assert verdict(MAIL % b"news.example.com").dmarc == "fail"


def test_a_strict_policy_takes_no_domain_below() -> None:
    found = verdict(MAIL % b"strict.example", address="192.0.2.1", sender="a@mail.strict.example")
    assert (found.spf, found.standing) == ("pass", Standing.FORGED)


def test_without_a_policy_a_loose_match_verifies_and_a_refusal_of_the_domain_is_a_forgery() -> None:
    mail = MAIL % b"loose.example"
    assert verdict(mail, address="192.0.2.1", sender="ada@loose.example").standing is Standing.VERIFIED
    assert verdict(mail, sender="ada@loose.example").standing is Standing.FORGED


def test_a_domain_that_says_nothing_is_not_verified_and_not_forged() -> None:
    assert verdict(MAIL % b"silent.example", sender="a@silent.example").standing is Standing.UNVERIFIED


def test_a_name_server_that_does_not_answer_leaves_it_open() -> None:
    found = verdict(MAIL % b"down.example", sender="a@down.example")
    assert (found.spf, found.dmarc, found.undecided) == ("temperror", "temperror", True)
    assert found.standing is Standing.UNVERIFIED


@pytest.mark.parametrize(
    "source",
    [
        b"From: Ada <ada@example.com>\r\nFrom: Eve <eve@loose.example>\r\n\r\nHi\r\n",
        b"From: Ada <ada@example.com>, Eve <eve@loose.example>\r\n\r\nHi\r\n",
        b"From: Ada <ada@example.com>\r\nFrom: \r\n\r\nHi\r\n",
        b"Subject: Nobody\r\n\r\nHi\r\n",
        b'From: "ada@example.com" <>\r\n\r\nHi\r\n',
    ],
)
def test_two_authors_or_none_are_a_forgery(source: bytes) -> None:
    assert verdict(source, address="192.0.2.1", sender="ada@example.com").standing is Standing.FORGED


def test_a_signature_over_a_part_of_the_body_does_not_count() -> None:
    mail = signed(MAIL % b"example.com", b"example.com", length=True) + b"Pay now!\r\n"
    assert (verdict(mail).dkim, verdict(mail).standing) == ("policy", Standing.FORGED)


def test_two_policies_of_a_domain_are_none() -> None:
    assert verdict(MAIL % b"mail.twice.example").dmarc == "none"
    assert verdict(MAIL % b"news.twice.example").dmarc == "fail"


def test_a_domain_that_asks_for_name_after_name_that_is_not_there_is_not_followed() -> None:
    found = verdict(MAIL % b"void.example", sender="ada@void.example")
    assert (found.spf, found.standing) == ("permerror", Standing.UNVERIFIED)


def test_what_a_mail_server_of_ours_found_counts_at_the_door_and_nobody_elses_word_does() -> None:
    raw = b"Authentication-Results: mx.ours.example; spf=pass smtp.mailfrom=ada@example.com\r\n" + MAIL % b"example.com"

    def standing(peer: str, *, trusted: str) -> Standing:
        settings = replace(MailIn.read(), relays=("192.0.2.9",), trusted=trusted)
        asked = door.Door(settings, lookups=names)
        return asked._verdict(raw, headers_of(raw), peer, "mx.nowhere.test", "ada@example.com").standing

    assert standing("192.0.2.9", trusted="mx.ours.example") is Standing.VERIFIED
    assert standing("192.0.2.9", trusted="") is Standing.FORGED
    assert standing("198.51.100.9", trusted="mx.ours.example") is Standing.FORGED


def test_a_key_that_takes_hours_is_none() -> None:
    huge = base64.b64encode(_huge_key(100_000))
    DNS["mail._domainkey.huge.example", "TXT"] = [(b"v=DKIM1; k=rsa; p=" + huge,)]
    mail = MAIL % b"huge.example"
    head = signed(mail, b"huge.example").partition(b" b=")[0]
    forged = head + b" b=" + base64.b64encode(b"\x7f" * 12_500) + b"\r\n" + mail
    began = time.monotonic()
    assert verdict(forged).dkim == "fail"
    assert time.monotonic() - began < 5


def _huge_key(bits: int) -> bytes:
    """A public key that nobody made, whose exponent is as long as its modulus."""
    n, e = (_der(0x02, b"\0" + ((1 << bits) - less).to_bytes(bits // 8)) for less in (1, 3))
    return _der(0x30, _der(0x30, bytes.fromhex("06092a864886f70d0101010500")) + _der(0x03, b"\0" + _der(0x30, n + e)))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content).to_bytes(3).lstrip(b"\0")
    return bytes([tag, 0x80 | len(size)]) + size + content


def test_no_header_is_read_before_the_bounds_were_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoding takes time with the square of the words, and a stranger can write to the postmaster."""
    read: list[bytes] = []
    monkeypatch.setattr(door, "headers_of", read.append)
    envelope = Envelope()
    envelope.mail_from = "eve@forger.example"
    raw = b"Subject: " + b"=?utf-8?q?a?=\r\n " * 100_000 + b"\r\n\r\nHi\r\n"
    assert door.Door(MailIn.read(), lookups=names)._decided(raw, [None], "192.0.2.1", "", envelope) == [door.UNREADABLE]
    assert not read


def test_comments_in_results_are_passed_over_at_once() -> None:
    ours = "mx.ours.example; " + "(" * 60_000 + ")" * 60_000 + " spf=pass (a (b) c) smtp.mailfrom=ada@example.com"
    began = time.monotonic()
    taken = trusted_verdict([ours], identity="mx.ours.example", authors=["example.com"], lookups=names)
    assert time.monotonic() - began < 2
    assert taken is not None
    assert taken.spf == "pass"


def test_results_of_our_own_server_are_taken_and_nobody_elses() -> None:
    ours = "mx.ours.example; spf=pass (all (is) well) smtp.mailfrom=ada@example.com; dkim=fail header.d=example.com"
    theirs = "mx.evil.example; dkim=pass header.d=example.com"

    def found(*headers: str) -> Verdict | None:
        return trusted_verdict(headers, identity="mx.ours.example", authors=["example.com"], lookups=names)

    taken = found(ours)
    assert taken is not None
    assert (taken.spf, taken.standing) == ("pass", Standing.VERIFIED)
    assert found(theirs) is None
    topmost = found("mx.ours.example; spf=fail smtp.mailfrom=ada@example.com", ours)
    assert topmost is not None
    assert topmost.standing is Standing.FORGED
