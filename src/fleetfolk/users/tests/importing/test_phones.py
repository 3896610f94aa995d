import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetfolk.users.importing import phones
from fleetfolk.users.importing.phones import normal_phone
from fleetfolk.users.importing.problems import RowReason, UnfitValue


@pytest.mark.parametrize(
    ("text", "country", "stored"),
    [
        ("", None, ""),
        ("-", "DE", ""),
        ("+", None, ""),
        ("n/a", "DE", ""),
        ("NULL", None, ""),
        ("+49 171 1234567", None, "+491711234567"),
        ("+49 (0)171 / 12 34 567", None, "+491711234567"),
        ("+49.171.1234567", None, "+491711234567"),
        ("0171 / 1234567", "DE", "+491711234567"),
        ("+4933203/123456", None, "+4933203123456"),
        ("0049-171-1234567", None, "+491711234567"),
        ("0049 171 1234567", "US", "+491711234567"),
        ("011 49 171 1234567", "US", "+491711234567"),
        ("0011 49 171 1234567", "AU", "+491711234567"),
        ("0171/1234567", "DE", "+491711234567"),
        ("171 1234567", "DE", "+491711234567"),
        ("491711234567", "DE", "+491711234567"),
        ("491711234567.0", "DE", "+491711234567"),
        ("33612345678", "ES", "+33612345678"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("1-202-555-0123", "US", "+12025550123"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06 698 12345", "IT", "+390669812345"),
        ("(11) 98765-4321", "BR", "+5511987654321"),
        ("０９０−１２３４−５６７８", "JP", "+819012345678"),
        ("٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567"),
        ("\u202a+49 171 1234567\u202c", None, "+491711234567"),
        ("+49\u00a0171\u20111234567", None, "+491711234567"),
        ("tel:+49-171-1234567", None, "+491711234567"),
        ("Tel.: 0171 1234567", "DE", "+491711234567"),
    ],
)
def test_a_number_in_any_spelling_is_stored_as_e164(text: str, country: str | None, stored: str) -> None:
    assert normal_phone(text, country=country) == stored


@pytest.mark.parametrize(
    ("text", "country", "reason"),
    [
        ("0171 1234567", None, RowReason.PHONE_NO_COUNTRY),
        ("555-0123", "US", RowReason.PHONE_TOO_SHORT),
        ("12", "DE", RowReason.PHONE_TOO_SHORT),
        ("+1 202 555 01234 5678", None, RowReason.PHONE_TOO_LONG),
        ("+49 1234 5678 9012 3456", None, RowReason.PHONE_TOO_LONG),
        ("+999 1234567", None, RowReason.PHONE_UNKNOWN_COUNTRY),
        ("+1 202 555 0123 ext. 5", None, RowReason.PHONE_EXTENSION),
        ("+1 202 555 0123 x5", None, RowReason.PHONE_EXTENSION),
        ("(202) 555-0123 #5", "US", RowReason.PHONE_EXTENSION),
        ("4.91761E+11", "DE", RowReason.PHONE_DAMAGED),
        ("4,91761E+11", "DE", RowReason.PHONE_DAMAGED),
        ("4.91761e11", None, RowReason.PHONE_DAMAGED),
        ("+49 171 1234567 / +49 30 123456", None, RowReason.PHONE_SEVERAL),
        ("030-1234567/0171-1234567", "DE", RowReason.PHONE_SEVERAL),
        ("+49 171 1234567 +49 30 123456", None, RowReason.PHONE_SEVERAL),
        ("0171 1234567, 030 1234567", "DE", RowReason.PHONE_SEVERAL),
        ("0171 1234567; 030 1234567", "DE", RowReason.PHONE_SEVERAL),
        ("0171 1234567\n030 1234567", "DE", RowReason.PHONE_SEVERAL),
        ("+49 171 1234567 ::: +49 30 123456", None, RowReason.PHONE_SEVERAL),
        ("call me", "DE", RowReason.PHONE_INVALID),
        ("ask for Bob 0171 1234567", "DE", RowReason.PHONE_INVALID),
        ("1-800-FLOWERS", "US", RowReason.PHONE_INVALID),
        ("5", None, RowReason.PHONE_INVALID),
    ],
)
def test_what_is_not_one_number_is_refused_with_a_reason(text: str, country: str | None, reason: RowReason) -> None:
    with pytest.raises(UnfitValue) as caught:
        normal_phone(text, country=country)
    assert caught.value.reason is reason
    assert "%" not in caught.value.sentence
    assert caught.value.sentence.isprintable()


def test_the_sentence_for_a_number_that_a_spreadsheet_rounded_shows_it() -> None:
    with pytest.raises(UnfitValue) as caught:
        normal_phone("4.91761E+11")
    assert "4.91761E+11" in caught.value.sentence


COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str | None]:
    """A number that is real, nearly real or made up, in some spelling, with its country or none."""
    country = draw(st.sampled_from(COUNTRIES))
    kind = draw(st.sampled_from([phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]))
    example = phonenumbers.example_number_for_type(country, kind)
    if example is None or draw(st.booleans()):
        text = draw(st.sampled_from(["+", "", "0", "1"])) + draw(
            st.text(alphabet="0123456789", min_size=5, max_size=15)
        )
    else:
        text = phonenumbers.format_number(example, draw(st.sampled_from([0, 1, 2])))
        place = draw(st.integers(0, len(text) - 1))
        digit = draw(st.sampled_from(["", "0", "1", "7", "9"]))
        text = text[:place] + digit + text[place + draw(st.integers(0, 1)) :]
    return text, draw(st.sampled_from([country, None]))


@settings(max_examples=1500)
@given(spellings())
def test_the_shortcut_says_what_the_library_says(spelling: tuple[str, str | None]) -> None:
    text, country = spelling
    if not phones._PLAIN.fullmatch(text):
        return
    quick = phones._quick(phones._PUNCTUATION.sub("", text), country, bare=text.isdigit())
    if quick is not None:
        assert phones._thorough(text, country) == quick


@settings(max_examples=500)
@given(spellings())
def test_a_stored_number_has_at_most_15_digits_and_stays_as_it_is(spelling: tuple[str, str | None]) -> None:
    text, country = spelling
    try:
        stored = normal_phone(text, country=country)
    except UnfitValue:
        return
    assert stored == "" or (stored[0] == "+" and stored[1:].isdigit() and len(stored) <= 16)
    assert normal_phone(stored) == stored


@settings(max_examples=500)
@given(st.text(max_size=40), st.sampled_from([None, "DE", "US", "JP"]))
def test_no_text_whatsoever_does_more_than_be_refused(text: str, country: str | None) -> None:
    try:
        stored = normal_phone(text, country=country)
    except UnfitValue as error:
        assert error.sentence  # noqa: PT017
    else:
        assert stored == "" or stored.startswith("+")
