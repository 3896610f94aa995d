"""A phone number in any spelling becomes E.164.

The rules are those of `phonenumbers`: a number counts when its country code exists and its length is one of that
country's. They are looser than "a number that is in use", because numbering plans change faster than the library. A
shortcut answers the plain majority of numbers from the same tables at a tenth of the cost; a property test holds it to
the library's answer.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, NumberParseException, ValidationResult
from phonenumbers.phonemetadata import PhoneMetadata

from fleetfolk.users.importing.problems import RowReason, UnfitValue

LONGEST = 15  # Digits; ITU-T E.164, 6.
_LONG = 10  # Digits; a number in national form without its trunk prefix seldom has more.
_LONGEST_TEXT = 250  # Characters; the library's own limit.
_NONE = frozenset({"null", "none", "nan", "n/a", "na", "\\n", "#n/a"})
_SCIENTIFIC = re.compile(r"\+?\d([.,]\d+)?e\+?\d{1,2}", re.IGNORECASE)
_FLOAT = re.compile(r"(\+?\d{6,15})\.0")
_LABEL = re.compile(r"\s*(tel|phone|mobile|fon|tlf)\s*[.:]+\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r":::|[/,;|\n\r]|(?<=\d)[^+\d,;]*(?=\+)")
_PLAIN = re.compile(r"[+\d(][\d ().\-/\u00a0\u2010-\u2013]*", re.ASCII)
_PUNCTUATION = re.compile(r"[^\d+]", re.ASCII)


@lru_cache(maxsize=300)
def is_country(code: str) -> bool:
    """Whether the library knows phone numbers of the country with this ISO 3166 code."""
    return code in phonenumbers.SUPPORTED_REGIONS


def normal_phone(text: str, *, country: str | None = None) -> str:
    """The number as E.164 (`+` and up to 15 digits), or an empty text where there is none.

    ``country`` (ISO 3166, two capitals) completes numbers in national form. Raises `UnfitValue`.
    """
    if text.isascii():
        number = text.strip()
    else:
        # Address books wrap numbers in direction marks, and Japanese ones write them in full width.
        folded = unicodedata.normalize("NFKC", text)
        number = "".join(letter for letter in folded if unicodedata.category(letter) != "Cf").strip()
    if not any(map(str.isalnum, number)) or number.casefold() in _NONE:
        return ""
    if _PLAIN.fullmatch(number) and "/" not in number:
        quick = _quick(_PUNCTUATION.sub("", number), country, bare=number.isdigit())
        if quick is not None:
            return quick
    if len(number) > _LONGEST_TEXT:
        raise UnfitValue(RowReason.PHONE_INVALID, value=_shown(number))
    return _thorough(number, country)


def _are_several(number: str) -> bool:
    """Whether two parts are each long enough to be a number; a slash also stands after an area code."""
    digits = [sum(map(str.isdigit, part)) for part in _SEPARATORS.split(number)]
    return len(digits) > 1 and (digits[0] >= 8 or "/" not in number) and sum(count >= 6 for count in digits) > 1


def _thorough(number: str, country: str | None) -> str:
    """The library's answer, with the reasons that it does not give."""
    if _SCIENTIFIC.fullmatch(number):
        raise UnfitValue(RowReason.PHONE_DAMAGED, value=number)
    if _are_several(number):
        raise UnfitValue(RowReason.PHONE_SEVERAL)
    if match := _FLOAT.fullmatch(number):
        number = match[1]
    number = _LABEL.sub("", number, count=1)
    if number.startswith("00"):
        # Where dialling abroad begins otherwise (011, 010, 0011), 00 is still what people write for the plus sign.
        try:
            return _parsed("+" + number[2:].lstrip(" -.("), country)
        except UnfitValue as error:
            if country is None or error.reason is RowReason.PHONE_EXTENSION:
                raise
    elif country is not None and number.isascii() and number.isdigit() and _lost_its_plus(number, country):
        number = "+" + number
    return _parsed(number, country)


def _lost_its_plus(digits: str, country: str) -> bool:
    """Whether digits are a real number with a country code and none inside the country.

    Spreadsheet programs read +49… as a sum and keep 49…, which the library takes for the rest of a national number.
    """
    own = digits.startswith(str(phonenumbers.country_code_for_region(country)))
    if len(digits) <= _LONG and not own:
        return False
    try:
        inside, abroad = phonenumbers.parse(digits, country), phonenumbers.parse("+" + digits)
    except NumberParseException:
        return False
    # Countries whose numbers have no fixed length (Germany, Austria) take nearly anything for one of theirs.
    return phonenumbers.is_valid_number(abroad) and (
        (own and len(digits) > _LONG) or not phonenumbers.is_valid_number(inside)
    )


def _shown(number: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in number[:40])


def _parsed(number: str, country: str | None) -> str:
    shown = _shown(number)
    try:
        parsed = phonenumbers.parse(number, country)
    except NumberParseException as error:
        raise UnfitValue(_parse_reason(error, number, country), value=shown) from error
    if parsed.extension:
        raise UnfitValue(RowReason.PHONE_EXTENSION, extension=parsed.extension)
    if any(map(str.isalpha, number)):
        # The library reads 1-800-FLOWERS and skips words before a number; a column of phone numbers has neither.
        raise UnfitValue(RowReason.PHONE_INVALID, value=shown)
    result = phonenumbers.is_possible_number_with_reason(parsed)
    if result != ValidationResult.IS_POSSIBLE:
        raise UnfitValue(_LENGTH_REASONS.get(result, RowReason.PHONE_INVALID), value=shown)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if len(e164) > LONGEST + 1:
        raise UnfitValue(RowReason.PHONE_TOO_LONG, value=shown)
    if phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.E164) != e164:
        # A digit too many that only the country's own plan puts up with; stored, it would be read as another number.
        raise UnfitValue(RowReason.PHONE_INVALID, value=shown)
    return e164


_LENGTH_REASONS = {
    ValidationResult.TOO_SHORT: RowReason.PHONE_TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: RowReason.PHONE_TOO_SHORT,
    ValidationResult.TOO_LONG: RowReason.PHONE_TOO_LONG,
}


def _parse_reason(error: NumberParseException, number: str, country: str | None) -> RowReason:
    if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        international = number.startswith("+") or country is not None
        return RowReason.PHONE_UNKNOWN_COUNTRY if international else RowReason.PHONE_NO_COUNTRY
    return {
        NumberParseException.TOO_LONG: RowReason.PHONE_TOO_LONG,
        NumberParseException.TOO_SHORT_NSN: RowReason.PHONE_TOO_SHORT,
        NumberParseException.TOO_SHORT_AFTER_IDD: RowReason.PHONE_TOO_SHORT,
    }.get(error.error_type, RowReason.PHONE_INVALID)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the shortcut needs of a country's numbering plan."""

    code: str
    lengths: frozenset[int]
    whole: re.Pattern[str]
    trunk: re.Pattern[str] | None
    abroad: re.Pattern[str] | None


def _plan(metadata: PhoneMetadata | None) -> _Plan | None:
    if metadata is None or metadata.general_desc is None or not metadata.general_desc.national_number_pattern:
        return None
    trunk, abroad = metadata.national_prefix_for_parsing, metadata.international_prefix
    return _Plan(
        code=str(metadata.country_code),
        lengths=frozenset(metadata.general_desc.possible_length),
        whole=re.compile(metadata.general_desc.national_number_pattern),
        trunk=re.compile(trunk) if trunk else None,
        abroad=re.compile(abroad) if abroad else None,
    )


@lru_cache(maxsize=1000)
def _plan_of_code(code: str) -> _Plan | None:
    """The plan that decides lengths for a country code: that of its main country."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    return _plan(PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0])) if regions else None


@lru_cache(maxsize=300)
def _plan_of_country(country: str) -> _Plan | None:
    return _plan(PhoneMetadata.metadata_for_region(country, None))


def _quick(number: str, country: str | None, *, bare: bool) -> str | None:
    """E.164 where the library's answer is sure to be the same, and None where the library must be asked.

    ``number`` is digits, perhaps with a plus sign; ``bare`` says that it was written without punctuation.
    """
    if number.startswith("+"):
        return _quick_international(number[1:])
    plan = _plan_of_country(country) if country else None
    main = _plan_of_code(plan.code) if plan else None
    if plan is None or main is None or not number.isdigit() or number.startswith(("00", plan.code)):
        return None
    if plan.abroad and plan.abroad.match(number):
        return None
    if bare and len(number) > _LONG and not number.startswith("0"):
        # It may have a country code that lost its plus sign.
        return None
    e164 = _e164(plan.code, _without_trunk(number, plan), plan.lengths & main.lengths)
    return e164 if e164 and _quick_international(e164[1:]) == e164 else None


def _quick_international(digits: str) -> str | None:
    if not digits.isdigit() or digits.startswith("0"):
        return None
    for length in (1, 2, 3):
        if plan := _plan_of_code(digits[:length]):
            national = _without_trunk(digits[length:], plan)
            if plan.trunk and national != digits[length:] and plan.trunk.match(national):
                return None
            return _e164(plan.code, national, plan.lengths)
    return None


def _without_trunk(number: str, plan: _Plan) -> str:
    """The national number without what is dialled before it inside the country, or nothing if that rewrites it."""
    if plan.trunk is None or not (match := plan.trunk.match(number)):
        return number
    if match.lastindex:
        return ""
    rest = number[match.end() :]
    return number if plan.whole.fullmatch(number) and not plan.whole.fullmatch(rest) else rest


def _e164(code: str, national: str, lengths: frozenset[int]) -> str | None:
    """The number, unless its length or a leading zero, which some countries keep, asks for the library."""
    if len(national) not in lengths or national.startswith("0") or len(code) + len(national) > LONGEST:
        return None
    return f"+{code}{national}"
