"""Forms of one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fleetfolk.organizations.field_values import Value
from fleetfolk.organizations.models import CustomField
from fleetfolk.users.actions.edit_profile import EditProfileInput
from fleetfolk.users.custom_values import asked_of
from fleetfolk.users.models import Theme, User
from fleetfolk.users.web.edit_in_place import OwnField
from fleetfolk.users.web.forms import NameField, TimeZoneField
from fleetfolk.users.web.phones import PhoneField

NICKNAME_LONGEST = 40
ASKED = "own_"
"""What the names of controls begin with that stand for the organization's own fields."""


class ProfileForm(forms.Form):
    """The person's own details. What a request does not carry stays as it is."""

    first_name = NameField(label=_("First name"))
    last_name = NameField(label=_("Last name"))
    nickname = NameField(label=_("Nickname"))

    def __init__(self, data: Any = None, *, person: User) -> None:
        self.present = {
            name: getattr(person, name)
            for name in ("first_name", "last_name", "nickname", "phone", "time_zone", "language")
        }
        super().__init__(data, initial=self.present)
        self.fields["nickname"].help_text = _("How you like to be called.")
        self.fields["nickname"].widget.attrs["maxlength"] = NICKNAME_LONGEST
        self.fields["phone"] = PhoneField(organization=person.organization)
        self.fields["time_zone"] = TimeZoneField(organization=person.organization, present=person.time_zone)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), required=False, choices=[("", _("As the browser")), *settings.LANGUAGES]
        )
        for name, known_as in _KNOWN_AS.items():
            self.fields[name].widget.attrs["autocomplete"] = known_as

    def clean_nickname(self) -> str:
        """One that fits."""
        nickname: str = self.cleaned_data["nickname"]
        if len(nickname) > NICKNAME_LONGEST:
            raise ValidationError(
                _("This is too long: %(longest)s characters are the most."), params={"longest": NICKNAME_LONGEST}
            )
        return nickname

    def clean(self) -> dict[str, Any]:
        """At least half a name stays."""
        cleaned = super().clean() or self.cleaned_data
        halves = ("first_name", "last_name")
        if any(self.has_error(half) for half in halves):
            return cleaned
        if not any(cleaned.get(half) if half in self.data else self.present[half] for half in halves):
            self.add_error("first_name", _("Give a first name, a last name or both."))
        return cleaned

    def to_input(self) -> EditProfileInput:
        """What differs, as the Action takes it."""
        sent = {name: self.cleaned_data[name] for name in self.fields if name in self.data}
        return EditProfileInput(**{name: value for name, value in sent.items() if value != self.present[name]})


_KNOWN_AS = {"first_name": "given-name", "last_name": "family-name", "nickname": "nickname", "phone": "tel"}


class AskedForm(forms.Form):
    """What the organization needs to know and nobody has filled in yet. What is left empty is asked again."""

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self.keys: dict[str, int] = {}
        for one in asked_of(person):
            self.keys[f"{ASKED}{one.pk}"] = one.pk
            self.fields[f"{ASKED}{one.pk}"] = _AskedField(one)

    def clean(self) -> dict[str, Any]:
        """Something at least."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(value is not None for value in cleaned.values()):
            raise ValidationError(_("Fill in one of these at least."))
        return cleaned

    def to_input(self) -> EditProfileInput:
        """What was filled in, as the Action takes it."""
        values = {self.keys[name]: value for name, value in self.cleaned_data.items() if value is not None}
        return EditProfileInput(custom=values)


class _AskedField(OwnField):
    """One that may be left for later."""

    def __init__(self, field: CustomField) -> None:
        super().__init__(field)
        if isinstance(self.widget, forms.Select):
            self.widget.choices = [("", _("Not set")), *self.widget.choices]

    def clean(self, value: Any) -> Value:
        """The value that is kept; None where it is left for later."""
        return super().clean(value) if str(value or "").strip() else None


class ThemeForm(forms.Form):
    """Light, dark, or as the device has it."""

    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)

    def to_input(self) -> EditProfileInput:
        """The theme as the Action takes it."""
        return EditProfileInput(theme=self.cleaned_data["theme"])
