"""An e-mail address in the one spelling that is stored and compared."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from fleetfolk.users.importing.fields import LONGEST, Field
from fleetfolk.users.importing.names import refuse_longer
from fleetfolk.users.importing.problems import RowReason, UnfitValue

_LONGEST = LONGEST[Field.EMAIL]
_LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
# Quoted local parts ("a b"@example.org), address literals (ada@[192.0.2.1]) and localhost are refused on purpose.
_validate = EmailValidator(allowlist=[])
_SEPARATORS = re.compile(r"[,;|/\s]|:::")
# A part of what the validator accepts, and nearly all there is; the validator itself costs ten times as much.
_COMMON = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}",
    re.ASCII,
)
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")


def normal_email(text: str) -> str:
    """The address trimmed, lower-case and ASCII, with an international domain in its `xn--` form.

    A letter that folds into one of a-z (dotless ı, the Kelvin sign, long ſ, full width) or is drawn like one (Cyrillic
    а) would let one person's mail reach another, so a local part outside ASCII is refused. Raises `UnfitValue`.
    """
    address = text.strip()
    # Lower-casing comes after the check, because it turns the Kelvin sign into a k.
    if len(address) <= _LONGEST and _COMMON.fullmatch(address) and address.index("@") <= _LONGEST_LOCAL_PART:
        return address.lower()
    if address[:7].casefold() == "mailto:":
        address = address[7:]
    if not address:
        raise UnfitValue(RowReason.EMAIL_MISSING)
    if _SEPARATORS.search(address, address.find("@") + 1, max(address.rfind("@"), 0)):
        raise UnfitValue(RowReason.EMAIL_SEVERAL)
    refuse_longer(address, _LONGEST)
    local, _, domain = address.rpartition("@")
    if not address.isascii():
        _refuse_lookalike(local)
        domain = _ascii_domain(domain) or ""
    address = f"{local}@{domain}".lower()
    refuse_longer(address, _LONGEST)
    try:
        _validate(address)
    except ValidationError as error:
        raise _invalid(text) from error
    if local.startswith('"') or domain.startswith("[") or len(local) > _LONGEST_LOCAL_PART:
        raise _invalid(text)
    return address


def _invalid(text: str) -> UnfitValue:
    shown = "".join(character if character.isprintable() else "\ufffd" for character in text[:80])
    return UnfitValue(RowReason.EMAIL_INVALID, value=shown)


def _refuse_lookalike(local: str) -> None:
    """Raises `UnfitValue` for the first visible character outside ASCII."""
    for character in local:
        if not character.isascii() and character.isprintable():
            raise UnfitValue(RowReason.EMAIL_LOOKALIKE, character=character)


def _ascii_domain(domain: str) -> str | None:
    """The domain with each international label as RFC 5891 encodes it, compatibility characters folded first.

    The standard library's own codec is that of 2003, which turns ß into ss and so names another domain. None where a
    label holds something else than letters, marks, digits and hyphens.
    """
    labels = []
    for label in unicodedata.normalize("NFKC", domain.translate(_DOTS)).lower().split("."):
        composed = unicodedata.normalize("NFC", label)
        if composed.isascii():
            labels.append(composed)
        elif composed.startswith("xn--") or any(
            unicodedata.category(letter)[0] not in "LMN" and letter != "-" for letter in composed
        ):
            return None
        else:
            labels.append("xn--" + composed.encode("punycode").decode("ascii"))
    return ".".join(labels)
