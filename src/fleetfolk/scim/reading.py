"""What a directory says, read as what is kept here."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from scim2_models import InvalidValueException

from fleetfolk.organizations.models import Organization
from fleetfolk.scim import resources
from fleetfolk.users.importing.emails import normal_email
from fleetfolk.users.importing.phones import normal_phone
from fleetfolk.users.importing.problems import UnfitValue

_LONGEST: Final = {"givenName": 60, "familyName": 60, "nickName": 40}


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A person as the directory has them. ``phone`` is E.164 or empty; ``spelling`` as `models.Identity` keeps it."""

    user_name: str
    external_id: str
    email: str
    first_name: str
    last_name: str
    nickname: str
    language: str
    active: bool
    phone: str
    spelling: dict[str, Any]


def person_said(resource: resources.User, organization: Organization) -> Said:
    """What is said of somebody. Raises `InvalidValueException` for what cannot be kept, with the attribute."""
    name = resource.name or resources.Name()
    given, family = _text("givenName", name.given_name), _text("familyName", name.family_name)
    phone, spelling = _phone(resource.phone_numbers or [], organization)
    address = _chosen(resource.emails or [])
    email = _email(address)
    if address is not None and address.primary is False:
        spelling["plain"] = email
    return Said(
        user_name=(resource.user_name or "").strip(),
        external_id=resource.external_id or "",
        email=email,
        # As it is told: who has one name alone has it as a family name there.
        first_name=given or family,
        last_name=family if given else "",
        nickname=_text("nickName", resource.nick_name),
        language=_language(resource.preferred_language or ""),
        active=resource.active is not False,
        phone=phone,
        spelling=spelling,
    )


def _chosen(several: list[Any]) -> Any:
    """Of several, the primary one, else the one of work, else the first."""
    given = [one for one in several if one is not None and one.value]
    ranked = sorted(given, key=lambda one: (not one.primary, (one.type or "").casefold() != "work"))
    return ranked[0] if ranked else None


def _email(one: resources.Email | None) -> str:
    try:
        return normal_email("" if one is None else one.value or "")
    except UnfitValue as unfit:
        raise InvalidValueException(detail=f"emails: {unfit.sentence}") from unfit


def _phone(several: list[resources.PhoneNumber], organization: Organization) -> tuple[str, dict[str, Any]]:
    one = _chosen(several)
    if one is None:
        return "", {}
    said = one.value[:64]
    try:
        number = normal_phone(said.removeprefix("tel:"), country=organization.country or None)
    except UnfitValue as unfit:
        raise InvalidValueException(detail=f"phoneNumbers: {unfit.sentence}") from unfit
    spelled = {"value": said, "type": one.type, "primary": one.primary, "read": number}
    return number, ({"phone": spelled} if number else {})


def _text(attribute: str, value: str | None) -> str:
    text = " ".join((value or "").split())
    if len(text) > _LONGEST[attribute] or not text.isprintable():
        raise InvalidValueException(detail=f"{attribute} has at most {_LONGEST[attribute]} characters.")
    return text


def _language(tag: str) -> str:
    """The language of a tag such as ``de-AT``, where pages are in it; else none, which is as the browser asks."""
    spoken = {code.casefold(): code for code, _name in settings.LANGUAGES}
    lower = tag.strip().casefold().replace("_", "-")
    return spoken.get(lower) or spoken.get(lower.partition("-")[0]) or ""
