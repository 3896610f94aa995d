"""RFC 8291: what a push says can be read by one browser alone."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetfolk.messages.webpush import base64url
from fleetfolk.messages.webpush.encryption import MOST, BrowserKeys, encrypted, sealed
from fleetfolk.testing.push_service import PushBrowser

# RFC 8291, section 5 and appendix A.
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
    "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_comes_out_letter_by_letter() -> None:
    private = ec.derive_private_key(int.from_bytes(base64url.read(SENDER)), ec.SECP256R1())
    keys = BrowserKeys.read(P256DH, AUTH)
    text = b"When I grow up, I want to be a watermelon"
    assert base64url.spelled(sealed(text, keys, private=private, salt=base64url.read(SALT))) == BODY


@settings(max_examples=25)
@given(text=st.binary(min_size=1, max_size=MOST))
def test_the_browser_reads_what_was_said(text: bytes) -> None:
    browser = PushBrowser(endpoint="", server_key=None)
    body = encrypted(text, BrowserKeys.read(browser.p256dh, browser.auth))
    assert browser.opened(body) == text
    assert len(body) <= 4096


def test_nothing_is_the_same_twice() -> None:
    keys = BrowserKeys.read(P256DH, AUTH)
    first, second = encrypted(b"Hello", keys), encrypted(b"Hello", keys)
    assert first[:16] != second[:16]  # salt
    assert first[21:86] != second[21:86]  # key


def test_another_browser_reads_nothing() -> None:
    meant, other = (PushBrowser(endpoint="", server_key=None) for _each in range(2))
    body = encrypted(b"Hello", BrowserKeys.read(meant.p256dh, meant.auth))
    with pytest.raises(Exception, match="Decryption error"):
        other.opened(body)


@pytest.mark.parametrize("text", [b"", b"x" * (MOST + 1)])
def test_a_push_is_neither_empty_nor_longer_than_every_service_takes(text: bytes) -> None:
    with pytest.raises(ValueError, match="octets"):
        encrypted(text, BrowserKeys.read(P256DH, AUTH))


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        (P256DH[:-3] + "AAA", AUTH),  # not on the curve
        (base64url.spelled(b"\x04" + bytes(64)), AUTH),
        (base64url.spelled(b"\x00"), AUTH),
        (base64url.spelled(b"\x02" + base64url.read(P256DH)[1:33]), AUTH),  # compressed
        (P256DH, AUTH[:-3]),
        (P256DH, AUTH + "AA"),
        (P256DH, ""),
        ("", AUTH),
        (P256DH.replace("_", "/"), AUTH),
        (P256DH, "BTBZMqHH6r4Tts7J aSIgg"),
        (P256DH + "\n", AUTH),
        ("ü" * 87, AUTH),
    ],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        BrowserKeys.read(p256dh, auth)


def test_keys_may_be_padded() -> None:
    assert BrowserKeys.read(P256DH + "=", AUTH + "==") == BrowserKeys.read(P256DH, AUTH)
