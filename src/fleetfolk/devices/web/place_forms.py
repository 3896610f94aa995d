"""What is typed about a location."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.devices.fitting import is_one_line, tidy
from fleetfolk.organizations.models import Location, LocationWord

_AS_TYPED = {"autocomplete": "off", "spellcheck": "false"}
_NUMBER = r"([+-]?\d{1,3}(?:\.\d{1,12})?)"
_PLACE = re.compile(rf"{_NUMBER}\s*[,;\s]\s*{_NUMBER}")


class LocationForm(StillAsShown):
    """A location: its name, its address, and where it is on the map."""

    name = forms.CharField(
        label=_("Name"),
        max_length=48,
        widget=forms.TextInput(attrs=_AS_TYPED),
        error_messages={"required": _("Give it a name.")},
    )
    address = forms.CharField(
        label=_("Address"), max_length=200, required=False, widget=forms.TextInput(attrs=_AS_TYPED)
    )
    place = forms.CharField(
        label=_("Coordinates"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={**_AS_TYPED, "placeholder": "52.5200, 13.4050"}),
        help_text=_("Latitude and longitude, as maps show them when a place is clicked. It stands on the map then."),
    )

    def __init__(self, data: Any = None, *, location: Location | None = None) -> None:
        super().__init__(data)
        if location is not None:
            self.edits = True
            place = ", ".join(f"{part:.6f}".rstrip("0").rstrip(".") for part in location.place or ())
            self.initial = {"name": location.name, "address": location.address, "place": place}

    def clean_name(self) -> str:
        """The name in one line."""
        return _line(self.cleaned_data["name"])

    def clean_address(self) -> str:
        """The address in one line."""
        return _line(self.cleaned_data["address"])

    def clean_place(self) -> tuple[float, float] | None:
        """Latitude and longitude, or nothing."""
        text = self.cleaned_data["place"].strip()
        if not text:
            return None
        match = _PLACE.fullmatch(text)
        if match is None:
            raise ValidationError(gettext("Write it as two numbers, as in 52.5200, 13.4050."))
        place = float(match[1]), float(match[2])
        if not (-90 <= place[0] <= 90 and -180 <= place[1] <= 180):
            raise ValidationError(gettext("A latitude is between -90 and 90, a longitude between -180 and 180."))
        return place


class WordForm(forms.Form):
    """What locations are called."""

    word = forms.ChoiceField(label=_("Word"), required=False)

    def __init__(self, data: Any = None, *, present: str | None, above: LocationWord | None) -> None:
        super().__init__(data)
        field = self.fields["word"]
        if isinstance(field, forms.ChoiceField):
            as_above = gettext("As the organization above (now: %(word)s)") % {"word": above.label} if above else None
            field.choices = [*([("", as_above)] if as_above else []), *LocationWord.choices]
        self.initial["word"] = present or ("" if above else LocationWord.LOCATION)


def _line(text: str) -> str:
    line = tidy(text)
    if not is_one_line(line):
        raise ValidationError(gettext("This holds characters that cannot be seen."))
    return line
