"""Phone numbers in forms and on pages: typed and read in the national way, kept as E.164."""

from dataclasses import dataclass

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.organizations.models import Organization
from fleetfolk.users.importing.phones import is_country, normal_phone
from fleetfolk.users.importing.problems import UnfitValue


def country_of(organization: Organization) -> str:
    """The country in which the organization's people write their numbers, as ISO 3166; empty where none is known."""
    for country in (organization.country, organization.tenant.country):
        if is_country(country):
            return country
    return ""


@dataclass(frozen=True, slots=True)
class ShownPhone:
    """A number as people in its country write it, and the country: ``0171 1234567``, ``+49``, ``DE``."""

    national: str
    code: str
    country: str


def shown_phone(number: str) -> ShownPhone | None:
    """The E.164 number taken apart for a page; None where there is none."""
    if not number:
        return None
    parsed = phonenumbers.parse(number)
    return ShownPhone(
        national=phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL),
        code=f"+{parsed.country_code}",
        country=phonenumbers.region_code_for_number(parsed) or "",
    )


def typed_phone(number: str, country: str) -> str:
    """The number as somebody in the country would type it: national at home, international abroad."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    at_home = bool(country) and parsed.country_code == phonenumbers.country_code_for_region(country)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


class PhoneField(forms.CharField):
    """Takes a number in any spelling; without a country code it is one of the organization's country."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "maxlength": 40})

    def __init__(self, *, organization: Organization) -> None:
        self.country = country_of(organization)
        super().__init__(label=_("Phone"), required=False, max_length=40, help_text=_hint(self.country))

    def prepare_value(self, value: object) -> object:
        """A stored number is shown as it would be typed; what was typed stays as it is."""
        if isinstance(value, str) and value.startswith("+") and value[1:].isdigit():
            return typed_phone(value, self.country)
        return value

    def clean(self, value: object) -> str:
        """The number as E.164, or an empty text."""
        text = super().clean(value)
        try:
            return normal_phone(text, country=self.country or None)
        except UnfitValue as error:
            raise ValidationError(error.sentence) from error


def _hint(country: str) -> str:
    if not country:
        return gettext("With the country code, like +49 171 1234567.")
    return gettext("Without a country code it is taken as a number of %(country)s (%(code)s).") % {
        "country": country,
        "code": f"+{phonenumbers.country_code_for_region(country)}",
    }
