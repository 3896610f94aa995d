import pytest
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from hypothesis import given
from hypothesis import strategies as st

from fleetfolk.users.importing.emails import normal_email
from fleetfolk.users.importing.problems import RowReason, UnfitValue


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("  ada@example.org\t", "ada@example.org"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("ada+tag@mail.example.co.uk", "ada+tag@mail.example.co.uk"),
        ("o'neil!#$%&*/=?^`{|}~@example.org", "o'neil!#$%&*/=?^`{|}~@example.org"),
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("ada@xn--mnchen-3ya.example", "ada@xn--mnchen-3ya.example"),
        ("ada@straße.example", "ada@xn--strae-oqa.example"),
        ("ada@ＥＸＡＭＰＬＥ。org", "ada@example.org"),
        ("ada@\u212aelvin.example", "ada@kelvin.example"),
        ("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
        ("ada@" + "a" * 63 + ".org", "ada@" + "a" * 63 + ".org"),
        ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
    ],
)
def test_an_address_is_stored_in_one_spelling(text: str, stored: str) -> None:
    assert normal_email(text) == stored


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", RowReason.EMAIL_MISSING),
        ("   ", RowReason.EMAIL_MISSING),
        ("ada@x.org, bob@x.org", RowReason.EMAIL_SEVERAL),
        ("ada@x.org;bob@x.org", RowReason.EMAIL_SEVERAL),
        ("ada@x.org bob@x.org", RowReason.EMAIL_SEVERAL),
        ("ada@x.org\nbob@x.org", RowReason.EMAIL_SEVERAL),
        ("ada@x.org ::: bob@x.org", RowReason.EMAIL_SEVERAL),
        ("ada@x.org|bob@x.org", RowReason.EMAIL_SEVERAL),
        ("ada", RowReason.EMAIL_INVALID),
        ("ada@x", RowReason.EMAIL_INVALID),
        ("ada@localhost", RowReason.EMAIL_INVALID),
        ("ada@[127.0.0.1]", RowReason.EMAIL_INVALID),
        ('"ada lovelace"@x.org', RowReason.EMAIL_INVALID),
        ("Ada <ada@x.org>", RowReason.EMAIL_INVALID),
        ("ada@x.org,", RowReason.EMAIL_INVALID),
        ("ada@@x.org", RowReason.EMAIL_INVALID),
        ("a..b@x.org", RowReason.EMAIL_INVALID),
        ("ada@-x.org", RowReason.EMAIL_INVALID),
        ("ada@x..org", RowReason.EMAIL_INVALID),
        ("ada\r\nBcc:eve@x.org", RowReason.EMAIL_INVALID),
        ("ada@x.org\0", RowReason.EMAIL_INVALID),
        ("ada\u202e@x.org", RowReason.EMAIL_INVALID),
        ("ada@x\u202e.org", RowReason.EMAIL_INVALID),
        ("ada@exa\u200bmple.org", RowReason.EMAIL_INVALID),
        ("ada@💌.example", RowReason.EMAIL_INVALID),
        ("a" * 65 + "@example.org", RowReason.EMAIL_INVALID),
        ("ada@" + "a" * 64 + ".org", RowReason.EMAIL_INVALID),
        ("ada@" + ".".join(["a" * 60] * 5), RowReason.TOO_LONG),
        ("ıda@x.org", RowReason.EMAIL_LOOKALIKE),
        ("\u212aarl@x.org", RowReason.EMAIL_LOOKALIKE),
        ("ſam@x.org", RowReason.EMAIL_LOOKALIKE),
        ("аda@x.org", RowReason.EMAIL_LOOKALIKE),
        ("ａda@x.org", RowReason.EMAIL_LOOKALIKE),
        ("ådne@x.org", RowReason.EMAIL_LOOKALIKE),
    ],
)
def test_what_is_not_one_plain_address_is_refused(text: str, reason: RowReason) -> None:
    with pytest.raises(UnfitValue) as caught:
        normal_email(text)
    assert caught.value.reason is reason
    assert "%" not in caught.value.sentence.replace(text, "")
    assert caught.value.sentence.isprintable()


@given(st.text(alphabet="abzAZ09.+-_@\"'[] ,;ıK\u212aßé\u202e", max_size=30))
def test_every_address_that_passes_is_ascii_stays_as_it_is_and_is_an_address_to_django(text: str) -> None:
    try:
        stored = normal_email(text)
    except UnfitValue:
        return
    assert stored.isascii()
    assert stored == normal_email(stored) == stored.lower()
    try:
        EmailValidator()(stored)
    except ValidationError:  # pragma: no cover
        pytest.fail(f"{stored!r} is none")
